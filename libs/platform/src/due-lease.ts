import type { EntityManager } from 'typeorm';

/** Rows that something is owed on, by the time in their column `duty_due_at`. */
export interface DueRows {
  readonly table: string;
  /** What the index of the due ones says beside the time. */
  readonly where?: string;
}

export interface LeaseTerms {
  readonly limit: number;
  readonly nowMs: number;
  readonly leaseMs: number;
}

/**
 * Takes over what is due. Taking a row moves its due time forward by the lease, so that a process
 * that dies loses nothing and two never do the same thing at once.
 *
 * @returns ids of the rows that are the caller's until then
 */
export async function leaseDue<Id extends string>(
  tx: EntityManager,
  { table, where }: DueRows,
  { limit, nowMs, leaseMs }: LeaseTerms,
): Promise<Id[]> {
  const [rows] = await tx.query<[{ id: Id }[], number]>(
    `UPDATE ${table} SET duty_due_at = $3
     WHERE id IN (SELECT id FROM ${table} WHERE ${where === undefined ? '' : `${where} AND `}duty_due_at <= $1
                  ORDER BY duty_due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING id`,
    [new Date(nowMs).toISOString(), limit, new Date(nowMs + leaseMs).toISOString()],
  );
  return rows.map(({ id }) => id);
}
