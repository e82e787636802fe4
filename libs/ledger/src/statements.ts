import type { CycleId, PaymentId } from '#domain/ids';
import type { AccountRef, EntryKind } from '#domain/journal';
import type { EntityManager } from 'typeorm';
import { accountOf } from './balances.js';

/** What a participant's accounts did between two instants, from the first up to before the second. */
export interface StatementTerms {
  readonly owner: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Minor units; `opening + debits + credits = closing`, credits are negative. */
export interface StatementAccount {
  readonly account: AccountRef;
  readonly opening: bigint;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly closing: bigint;
  /** Lines within the period. */
  readonly lines: number;
}

export interface StatementLine {
  readonly entryNo: bigint;
  readonly lineNo: number;
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly paymentId: PaymentId | null;
  readonly cycleId: CycleId;
  readonly postedAtMs: number;
  readonly account: AccountRef;
  readonly minor: bigint;
}

/** Where a page of lines begins: after this line. */
export interface LinePlace {
  readonly entryNo: bigint;
  readonly lineNo: number;
}

interface AccountRow {
  readonly owner: string;
  readonly kind: AccountRef['kind'];
  readonly currency: string;
  readonly of: string | null;
  readonly opening: string;
  readonly debits: string;
  readonly credits: string;
  readonly lines: string;
}

const SUMMARY = `
  WITH period AS MATERIALIZED (
         SELECT '1970-01-01Z'::timestamptz + $2::bigint * interval '1 ms' AS first,
                '1970-01-01Z'::timestamptz + $3::bigint * interval '1 ms' AS last),
       own AS MATERIALIZED (SELECT * FROM accounts WHERE owner = $1),
       totals AS (
         SELECT account_id, sum(minor) AS minor
         FROM (SELECT account_id, minor FROM account_totals
               UNION ALL SELECT account_id, minor FROM account_folds) t
         GROUP BY account_id),
       since AS (
         SELECT l.account_id, sum(l.minor) AS minor,
                coalesce(sum(l.minor) FILTER (WHERE within AND l.minor > 0), 0) AS debits,
                coalesce(sum(l.minor) FILTER (WHERE within AND l.minor < 0), 0) AS credits,
                count(*) FILTER (WHERE within) AS lines
         FROM period CROSS JOIN LATERAL (
                SELECT entry_no, posted_at < period.last AS within FROM journal_entries
                WHERE posted_at >= period.first) e
         JOIN journal_lines l ON l.entry_no = e.entry_no
         WHERE l.account_id IN (SELECT id FROM own)
         GROUP BY l.account_id)
  SELECT own.owner, own.kind, own.currency, own.of,
         coalesce(t.minor, 0) - coalesce(s.minor, 0) AS opening,
         coalesce(s.debits, 0) AS debits, coalesce(s.credits, 0) AS credits,
         coalesce(s.lines, 0) AS lines
  FROM own LEFT JOIN totals t ON t.account_id = own.id LEFT JOIN since s ON s.account_id = own.id
  ORDER BY own.kind, own.currency, own.of`;

/** Opening, turnover and closing of each of the owner's accounts; empty for an unknown owner. */
export async function summariseStatement(
  tx: EntityManager,
  { owner, fromMs, toMs }: StatementTerms,
): Promise<StatementAccount[]> {
  const rows = await tx.query<AccountRow[]>(SUMMARY, [owner, String(fromMs), String(toMs)]);
  return rows.map((row) => {
    const [opening, debits, credits] = [row.opening, row.debits, row.credits].map(BigInt) as [
      bigint,
      bigint,
      bigint,
    ];
    const closing = opening + debits + credits;
    return { account: accountOf(row), opening, debits, credits, closing, lines: Number(row.lines) };
  });
}

interface LineRow {
  readonly entry_no: string;
  readonly line_no: number;
  readonly id: string;
  readonly entry_kind: EntryKind;
  readonly payment_id: PaymentId | null;
  readonly cycle_id: CycleId;
  readonly posted_at: Date;
  readonly owner: string;
  readonly kind: AccountRef['kind'];
  readonly currency: string;
  readonly of: string | null;
  readonly minor: string;
}

const LINES = `
  SELECT l.entry_no, l.line_no, e.id, e.kind AS entry_kind, e.payment_id, e.cycle_id, e.posted_at,
         a.owner, a.kind, a.currency, a.of, l.minor
  FROM journal_lines l
  JOIN journal_entries e ON e.entry_no = l.entry_no
  JOIN accounts a ON a.id = l.account_id
  WHERE a.owner = $1 AND (l.entry_no, l.line_no) > ($4::bigint, $5::integer)
    AND e.posted_at >= '1970-01-01Z'::timestamptz + $2::bigint * interval '1 ms'
    AND e.posted_at < '1970-01-01Z'::timestamptz + $3::bigint * interval '1 ms'
  ORDER BY l.entry_no, l.line_no LIMIT $6`;

/** The owner's lines of the period by entry number, `limit` of them after `after`. */
export async function listStatementLines(
  tx: EntityManager,
  { owner, fromMs, toMs }: StatementTerms,
  after: LinePlace | null,
  limit: number,
): Promise<StatementLine[]> {
  const from = after ?? (await firstPlace(tx, fromMs));
  const rows = await tx.query<LineRow[]>(LINES, [
    owner,
    String(fromMs),
    String(toMs),
    from.entryNo.toString(),
    from.lineNo,
    limit,
  ]);
  return rows.map((row) => ({
    entryNo: BigInt(row.entry_no),
    lineNo: row.line_no,
    entryId: row.id,
    kind: row.entry_kind,
    paymentId: row.payment_id,
    cycleId: row.cycle_id,
    postedAtMs: row.posted_at.getTime(),
    account: accountOf(row),
    minor: BigInt(row.minor),
  }));
}

/** Just before the period's lowest entry number, so that a page does not begin at the first year. */
async function firstPlace(tx: EntityManager, fromMs: number): Promise<LinePlace> {
  const [row] = await tx.query<{ first: string | null }[]>(
    `SELECT min(entry_no) AS first FROM journal_entries
     WHERE posted_at >= '1970-01-01Z'::timestamptz + $1::bigint * interval '1 ms'`,
    [String(fromMs)],
  );
  return { entryNo: BigInt(row?.first ?? 0), lineNo: 0 };
}
