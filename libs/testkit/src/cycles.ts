import type { DataSource, EntityManager } from 'typeorm';

/**
 * Moves the clock that cut-offs go by, for every connection of the database.
 *
 * @param by an interval such as `25 hours`, added to what was shifted before
 */
export async function shiftClock(db: DataSource | EntityManager, by: string): Promise<void> {
  await db.query(`UPDATE clock_shift SET shift = shift + $1::interval`, [by]);
}
