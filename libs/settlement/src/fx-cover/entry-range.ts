import type { CycleId } from '#domain/ids';
import type { EntityManager } from 'typeorm';

/**
 * The numbers between which the entries of some cycles lie. Entries of a cycle lie together and are
 * found by the small index over cycles; bounded by their numbers, a sum over lines reads those
 * days and no others. Both ends are zero where there is no entry.
 */
export async function entryRange(
  tx: EntityManager,
  cycles: readonly CycleId[],
): Promise<readonly [low: string, high: string]> {
  const [row] = await tx.query<{ low: string; high: string }[]>(
    `SELECT coalesce(min(entry_no), 0) AS low, coalesce(max(entry_no), 0) AS high
     FROM journal_entries WHERE cycle_id = ANY($1)`,
    [cycles],
  );
  return [row?.low ?? '0', row?.high ?? '0'];
}
