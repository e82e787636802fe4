import type { InvariantCheck } from '#platform/invariant-check';
import type { DataSource } from 'typeorm';

/** The fault was looked at and is taken back. */
class TakenBack extends Error {}

/**
 * Plants a fault past all triggers and foreign keys, as only a superuser can, looks with the checks
 * from inside the transaction, and takes it back: one healthy database serves every fault of a file.
 *
 * @param plant one statement or more; nothing looks at the database as it is
 * @returns the checks that ring while the fault stands, each with the rows it names, in order
 * @throws when a check that rings does not say what is wrong
 */
export async function alarmsOf(
  dataSource: DataSource,
  checks: readonly InvariantCheck[],
  plant = '',
): Promise<Map<string, string[]>> {
  const ringing = new Map<string, string[]>();
  const look = dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL session_replication_role = 'replica'; ${plant}`);
    for (const { name, sql } of checks) {
      const rows = await tx.query<{ offender: string | null; detail: string | null }[]>(
        `SELECT offender, detail FROM (${sql}) AS broken ORDER BY offender`,
      );
      const offenders = rows.map(({ offender, detail }) => {
        if (offender !== null && detail !== null && detail !== '') return offender;
        throw new Error(`${name} rings and does not say for what: ${JSON.stringify(rows)}`);
      });
      if (offenders.length > 0) ringing.set(name, offenders);
    }
    throw new TakenBack();
  });
  await look.catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
  return ringing;
}
