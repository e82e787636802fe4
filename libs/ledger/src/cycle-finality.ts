import { CLEARING_TERMS, type ClearingKind, type CycleState } from '#domain/clearing-cycles';
import type { CycleId } from '#domain/ids';
import type { EntityManager } from 'typeorm';

/**
 * Something that must hold before a cycle becomes final, because nothing may change afterwards.
 * It is asked while the cycle's row is held: no cancel can begin and no contra entry be staged
 * meanwhile, so conditions need no order.
 */
export interface FinalCondition {
  readonly name: string;
  /** One sentence of what is still missing, or null when nothing is. */
  readonly unmet: (tx: EntityManager, cycleId: CycleId) => Promise<string | null>;
}

/** The books are netted, so every entry of the cycle must have reached them. */
const entriesPosted: FinalCondition = {
  name: 'entries-posted',
  unmet: async (tx, cycleId) => {
    const [row] = await tx.query<{ n: number; aside: number }[]>(
      `SELECT count(*)::integer AS n, count(fault)::integer AS aside
       FROM staged_entries WHERE cycle_id = $1`,
      [cycleId],
    );
    const { n = 0, aside = 0 } = row ?? {};
    return n === 0
      ? null
      : `${String(n)} entries are not posted yet, ${String(aside)} of them set aside.`;
  },
};

/** What the ledger itself asks for; a feature above it passes its own to `finaliseCycle`. */
export const beforeFinal: readonly FinalCondition[] = [entriesPosted];

/** Settlement of a final cycle is booked under this id, so that the cycle itself stays untouched. */
export function settlementPhaseOf(cycleId: CycleId): CycleId {
  return `${cycleId}_s`;
}

const OPENING_PHASE: CycleId = 'cyc_opening_s';

/**
 * The settlement phase for what belongs to no cycle, such as a deposit: the latest one, or the
 * opening phase while no cycle was ever final.
 */
export async function currentSettlementPhase(tx: EntityManager): Promise<CycleId> {
  const latest = () =>
    tx.query<{ id: CycleId }[]>(
      `SELECT id FROM cycles WHERE kind = 'settlement' AND state = 'open'
       ORDER BY starts_at DESC, id DESC LIMIT 1`,
    );
  const [found] = await latest();
  if (found !== undefined) return found.id;
  await tx.query(
    `INSERT INTO cycles (id, kind, starts_at) VALUES ($1, 'settlement', hub_clock())
     ON CONFLICT DO NOTHING`,
    [OPENING_PHASE],
  );
  return (await latest())[0]?.id ?? OPENING_PHASE;
}

export type FinalResult =
  | { readonly result: 'final' | 'alreadyFinal' | 'unknown' }
  /** `why` is one sentence: what has to happen first. */
  | { readonly result: 'waiting'; readonly why: string };

interface HeldRow {
  readonly kind: ClearingKind | 'settlement';
  readonly state: CycleState;
  readonly members: number | null;
  readonly ends_at: Date | null;
  readonly at: Date;
}

/**
 * Makes a closed cycle final and opens its settlement phase, in one transaction, or says what it
 * waits for. Safe to repeat and by several at once. Give it a transaction of its own.
 *
 * @param also conditions of the features above the ledger
 */
export async function finaliseCycle(
  tx: EntityManager,
  id: CycleId,
  also: readonly FinalCondition[],
): Promise<FinalResult> {
  const [cycle] = await tx.query<HeldRow[]>(
    `SELECT kind, state, members, ends_at, hub_clock() AS at
     FROM cycles WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  if (cycle === undefined || cycle.kind === 'settlement' || cycle.ends_at === null) {
    return { result: 'unknown' };
  }
  if (cycle.state === 'final') return { result: 'alreadyFinal' };
  if (cycle.state === 'open') return { result: 'waiting', why: 'It is still open.' };
  const fromMs = cycle.ends_at.getTime() + CLEARING_TERMS[cycle.kind].finalAfterMs;
  if (cycle.at.getTime() < fromMs) {
    return {
      result: 'waiting',
      why: `Payments can be cancelled until ${new Date(fromMs).toISOString()}.`,
    };
  }
  if (cycle.members === null) return { result: 'waiting', why: 'Its members have no numbers yet.' };
  for (const condition of [...also, ...beforeFinal]) {
    const why = await condition.unmet(tx, id);
    if (why !== null) return { result: 'waiting', why };
  }
  await tx.query(
    `UPDATE cycles SET state = 'final', final_at = hub_clock(), final_lines =
       (SELECT coalesce(sum(lines), 0) FROM account_balances WHERE cycle_id = $1)
     WHERE id = $1`,
    [id],
  );
  await tx.query(
    `INSERT INTO cycles (id, kind, starts_at)
     SELECT $2, 'settlement', final_at FROM cycles WHERE id = $1`,
    [id, settlementPhaseOf(id)],
  );
  return { result: 'final' };
}

/** Closed cycles whose time to become final has come, oldest first. */
export async function listCyclesToFinalise(tx: EntityManager): Promise<CycleId[]> {
  const rows = await tx.query<{ id: CycleId }[]>(
    `SELECT id FROM cycles c
     JOIN unnest($1::text[], $2::bigint[]) AS t(kind, delay_ms) ON t.kind = c.kind
     WHERE state = 'closed' AND ends_at + t.delay_ms * interval '1 ms' <= hub_clock()
     ORDER BY ends_at, id`,
    [
      Object.keys(CLEARING_TERMS),
      Object.values(CLEARING_TERMS).map((terms) => String(terms.finalAfterMs)),
    ],
  );
  return rows.map((row) => row.id);
}
