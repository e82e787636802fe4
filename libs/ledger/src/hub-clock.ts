import type { EntityManager } from 'typeorm';

/**
 * The clock that cut-offs go by: the database's, so that no process's clock can move a payment into
 * another cycle. UTC milliseconds.
 */
export async function readHubClock(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ at: Date }[]>('SELECT hub_clock() AS at');
  return row?.at.getTime() ?? Number.NaN;
}

/**
 * Sets that clock for every process on the database; it runs on from there. For rehearsals of
 * several days and for tests, on a database of their own: never where payments are real.
 *
 * @param atMs null sets it right again
 */
export async function setHubClock(tx: EntityManager, atMs: number | null): Promise<void> {
  await tx.query(
    `UPDATE clock_shift SET shift =
       CASE WHEN $1::float8 IS NULL THEN '0' ELSE to_timestamp($1 / 1000) - clock_timestamp() END`,
    [atMs],
  );
}
