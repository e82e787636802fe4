import { CLEARING_TERMS, type ClearingKind, type CycleState } from '#domain/clearing-cycles';
import type { CycleId } from '#domain/ids';
import type { EntityManager } from 'typeorm';
import { entriesSealed, recordCycleHead, sealLeftovers } from './chain-seal.js';

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
export const beforeFinal: readonly FinalCondition[] = [entriesPosted, entriesSealed];

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

interface CycleRow {
  readonly kind: ClearingKind | 'settlement';
  readonly state: CycleState;
  readonly members: number | null;
  readonly ends_at: Date | null;
  readonly at: Date;
}

const CYCLE = `
  SELECT kind, state, members, ends_at, hub_clock() AS at FROM cycles WHERE id = $1`;

/** What stands between a cycle and its finality by its own row; null when nothing does. */
function ownReason(cycle: CycleRow, kind: ClearingKind, endsAt: Date): string | null {
  if (cycle.state === 'open') {
    return cycle.at < endsAt ? 'It has not ended.' : 'It has ended and is about to be closed.';
  }
  const finalFromMs = endsAt.getTime() + CLEARING_TERMS[kind].finalAfterMs;
  if (cycle.at.getTime() < finalFromMs) {
    return `Payments in it can be cancelled; final from ${new Date(finalFromMs).toISOString()}.`;
  }
  return cycle.members === null ? 'Its members have no numbers yet.' : null;
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
  const [cycle] = await tx.query<CycleRow[]>(`${CYCLE} FOR NO KEY UPDATE`, [id]);
  if (cycle === undefined || cycle.kind === 'settlement' || cycle.ends_at === null) {
    return { result: 'unknown' };
  }
  if (cycle.state === 'final') return { result: 'alreadyFinal' };
  const reason = ownReason(cycle, cycle.kind, cycle.ends_at);
  if (reason !== null) return { result: 'waiting', why: reason };
  await sealLeftovers(tx, id);
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
  await recordCycleHead(tx, id);
  return { result: 'final' };
}

/** Everything a cycle waits for before it can be final, for people; nothing is held or changed. */
export async function listReasonsToWait(
  tx: EntityManager,
  id: CycleId,
  also: readonly FinalCondition[],
): Promise<string[]> {
  const [cycle] = await tx.query<CycleRow[]>(CYCLE, [id]);
  if (cycle === undefined || cycle.kind === 'settlement' || cycle.ends_at === null) return [];
  if (cycle.state === 'final') return [];
  const reasons = [ownReason(cycle, cycle.kind, cycle.ends_at)];
  if (cycle.state === 'closed') {
    for (const condition of [...also, ...beforeFinal]) reasons.push(await condition.unmet(tx, id));
  }
  return reasons.filter((reason) => reason !== null);
}

/** How long after its end each kind can be final, as a table for SQL. */
const DELAYS = `(VALUES ${Object.entries(CLEARING_TERMS)
  .map(([kind, { finalAfterMs }]) => `('${kind}', ${String(finalAfterMs)} * interval '1 ms')`)
  .join(', ')}) AS delays (kind, delay)`;

/** Closed cycles whose time to become final has come, oldest first. */
export async function listCyclesToFinalise(tx: EntityManager): Promise<CycleId[]> {
  const rows = await tx.query<{ id: CycleId }[]>(
    `SELECT id FROM cycles c JOIN ${DELAYS} USING (kind)
     WHERE state = 'closed' AND ends_at + delay <= (SELECT hub_clock()) ORDER BY ends_at, id`,
  );
  return rows.map((row) => row.id);
}

/** How late the oldest cycle is at each of its steps, in seconds of the hub's clock; 0 when none is. */
export async function measureOverdue(
  tx: EntityManager,
): Promise<{ readonly close: number; readonly number: number; readonly final: number }> {
  const [row] = await tx.query<{ close: number; number: number; final: number }[]>(
    `SELECT coalesce(max(late) FILTER (WHERE state = 'open'), 0)::float8 AS close,
            coalesce(max(late) FILTER (WHERE state = 'closed' AND members IS NULL), 0)::float8
              AS number,
            coalesce(max(late - extract(epoch FROM delay)) FILTER (WHERE state = 'closed'), 0)::float8
              AS final
     FROM (SELECT state, members, delay, extract(epoch FROM (SELECT hub_clock()) - ends_at) AS late
           FROM cycles JOIN ${DELAYS} USING (kind) WHERE state <> 'final') c
     WHERE late > 0`,
  );
  const { close = 0, number = 0, final = 0 } = row ?? {};
  return { close, number, final: Math.max(0, final) };
}
