import type { AccountRef } from '#domain/journal';
import type { EntityManager } from 'typeorm';

/** Minor units; a debit balance is positive. `lines` is how many journal lines made it. */
export interface AccountBalance {
  readonly account: AccountRef;
  readonly minor: bigint;
  readonly lines: number;
}

/**
 * A state of the books. A block is the only one that can never turn out otherwise: an entry posted
 * in the moment of an instant may commit after it was asked about.
 */
export type BalancePoint =
  | { readonly kind: 'now' }
  /** Everything posted up to this instant, itself included; UTC milliseconds. */
  | { readonly kind: 'instant'; readonly atMs: number }
  /** Everything with this entry number or a lower one. */
  | { readonly kind: 'entry'; readonly entryNo: bigint }
  /** Everything sealed in this block or an earlier one. */
  | { readonly kind: 'block'; readonly blockNo: bigint };

interface BalanceRow {
  readonly owner: string;
  readonly kind: AccountRef['kind'];
  readonly currency: string;
  readonly of: string | null;
  readonly minor: string;
  readonly lines: string;
}

/** Which entries came after the point; `$2` is what names it. */
const LATER = {
  now: `false AND $2::text IS NULL`,
  instant: `e.posted_at > '1970-01-01Z'::timestamptz + ($2::text)::bigint * interval '1 ms'`,
  entry: `e.entry_no > ($2::text)::bigint`,
  block: `NOT e.entry_no <@ coalesce((SELECT range_agg(entries) FROM journal_blocks
                                      WHERE no <= ($2::text)::bigint), '{}'::int8multirange)`,
} as const satisfies Record<BalancePoint['kind'], string>;

/**
 * Balances as they were: today's running totals less what came later. The nearer the past, the
 * less is read.
 *
 * @param owner a participant or `HUB`; null for all
 * @returns accounts that had a line by then, by owner, kind and currency
 */
export async function readBalances(
  tx: EntityManager,
  point: BalancePoint,
  owner: string | null = null,
): Promise<AccountBalance[]> {
  const rows = await tx.query<BalanceRow[]>(
    `WITH totals AS (
       SELECT account_id, sum(minor) AS minor, sum(lines) AS lines
       FROM (SELECT account_id, minor, lines FROM account_totals
             UNION ALL SELECT account_id, minor, lines FROM account_folds) t
       GROUP BY account_id),
     later AS (
       SELECT l.account_id, sum(l.minor) AS minor, count(*) AS lines
       FROM journal_entries e JOIN journal_lines l ON l.entry_no = e.entry_no
       WHERE ${LATER[point.kind]} GROUP BY l.account_id)
     SELECT a.owner, a.kind, a.currency, a.of, t.minor - coalesce(l.minor, 0) AS minor,
            t.lines - coalesce(l.lines, 0) AS lines
     FROM totals t JOIN accounts a ON a.id = t.account_id LEFT JOIN later l ON l.account_id = a.id
     WHERE ($1::text IS NULL OR a.owner = $1) AND t.lines > coalesce(l.lines, 0)
     ORDER BY a.owner, a.kind, a.currency, a.of`,
    [owner, nameOf(point)],
  );
  return rows.map((row) => ({
    account: accountOf(row),
    minor: BigInt(row.minor),
    lines: Number(row.lines),
  }));
}

function nameOf(point: BalancePoint): string | null {
  switch (point.kind) {
    case 'now':
      return null;
    case 'instant':
      return String(point.atMs);
    case 'entry':
      return point.entryNo.toString();
    case 'block':
      return point.blockNo.toString();
  }
}

export function accountOf(row: Pick<BalanceRow, 'owner' | 'kind' | 'currency' | 'of'>): AccountRef {
  const { owner, kind, currency, of } = row;
  return { owner, kind, currency, ...(of === null ? {} : { of }) };
}
