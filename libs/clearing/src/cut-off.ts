import type { CycleId } from '#domain/ids';
import {
  closeCycle,
  finaliseCycle,
  listCyclesToFinalise,
  listDueCycles,
  type FinalCondition,
} from '#ledger';
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import { listUnnumberedCycles, numberMembers } from './cycle-members.js';

/** A cancel that the wallet has not confirmed would change a cycle that is final. */
const cancelsDone: FinalCondition = {
  name: 'cancels-done',
  unmet: async (tx, cycleId) => {
    const [row] = await tx.query<{ n: number; first: string | null }[]>(
      `SELECT count(*)::integer AS n, min(id) AS first
       FROM payments WHERE cycle_id = $1 AND state = 'cancelling'`,
      [cycleId],
    );
    const { n = 0, first = null } = row ?? {};
    return first === null
      ? null
      : `${String(n)} cancels in it are not confirmed by their wallets yet, ${first} the first.`;
  },
};

/** Cancels without which a cycle would be final by now, or sooner. */
export async function countHoldingCancels(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(
    `SELECT count(*)::integer AS n FROM payments WHERE cycle_id = ANY($1) AND state = 'cancelling'`,
    [await listCyclesToFinalise(tx)],
  );
  return row?.n ?? 0;
}

/** What clearing asks for before a cycle is final, beside the ledger's own conditions. */
export const clearingConditions: readonly FinalCondition[] = [cancelsDone];

export interface Closing {
  readonly closed: readonly CycleId[];
  /** Some payment took too long to be waited for: try again, with more patience. */
  readonly gaveWay: boolean;
}

/** Closes what has ended. Late, several at once, again and again: the first one closes. */
export async function closeDueCycles(dataSource: DataSource, patienceMs: number): Promise<Closing> {
  const closed: CycleId[] = [];
  for (const id of await listDueCycles(dataSource.manager)) {
    try {
      const result = await dataSource.transaction((tx) => closeCycle(tx, id, patienceMs));
      if (result === 'closed') closed.push(id);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return { closed, gaveWay: true };
    }
  }
  return { closed, gaveWay: false };
}

export interface Numbering {
  readonly id: CycleId;
  readonly members: number;
}

/** Numbers what was closed, by this process or by one that died before it could. */
export async function numberClosedCycles(dataSource: DataSource): Promise<Numbering[]> {
  const numbered: Numbering[] = [];
  for (const id of await listUnnumberedCycles(dataSource.manager)) {
    const members = await dataSource.transaction((tx) => numberMembers(tx, id));
    if (members !== null) numbered.push({ id, members });
  }
  return numbered;
}

export interface Finalising {
  readonly final: readonly CycleId[];
  /** With one sentence of what each waits for. */
  readonly waiting: ReadonlyMap<CycleId, string>;
}

/** Makes final what can be, and tells what the others wait for. */
export async function finaliseDueCycles(dataSource: DataSource): Promise<Finalising> {
  const final: CycleId[] = [];
  const waiting = new Map<CycleId, string>();
  for (const id of await listCyclesToFinalise(dataSource.manager)) {
    const result = await dataSource.transaction((tx) => finaliseCycle(tx, id, clearingConditions));
    if (result.result === 'final') final.push(id);
    if (result.result === 'waiting') waiting.set(id, result.why);
  }
  return { final, waiting };
}

function isLockTimeout(error: unknown): boolean {
  return (
    error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '55P03'
  );
}
