import type { ClearingKind, CycleState } from '#domain/clearing-cycles';
import type { CycleId } from '#domain/ids';
import type { EntityManager } from 'typeorm';

export type CycleKind = ClearingKind | 'settlement';

/** A cycle as it stands. Instants are UTC milliseconds; null where it has not come to that. */
export interface RecordedCycle {
  readonly id: CycleId;
  readonly kind: CycleKind;
  readonly state: CycleState;
  readonly startsAtMs: number;
  /** Null for a settlement phase: it has no end by the clock. */
  readonly endsAtMs: number | null;
  readonly closedAtMs: number | null;
  readonly finalAtMs: number | null;
  /** Payments and refunds in it; null until they are numbered. */
  readonly members: number | null;
}

interface CycleRow {
  readonly id: CycleId;
  readonly kind: CycleKind;
  readonly state: CycleState;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  readonly closed_at: Date | null;
  readonly final_at: Date | null;
  readonly members: number | null;
}

const COLUMNS = 'id, kind, state, starts_at, ends_at, closed_at, final_at, members';

export interface CycleFilter {
  readonly kind?: CycleKind | undefined;
  readonly state?: CycleState | undefined;
  /** Id of the last cycle of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Cycles that have begun, newest first; settlement phases only when that kind is asked for. */
export async function listCycles(tx: EntityManager, filter: CycleFilter): Promise<RecordedCycle[]> {
  const rows = await tx.query<CycleRow[]>(
    `SELECT ${COLUMNS} FROM cycles
     WHERE starts_at <= (SELECT hub_clock())
       AND CASE WHEN $1::text IS NULL THEN kind <> 'settlement' ELSE kind = $1 END
       AND ($2::text IS NULL OR state = $2)
       AND ($3::text IS NULL
            OR (starts_at, id) < (SELECT c.starts_at, c.id FROM cycles c WHERE c.id = $3))
     ORDER BY starts_at DESC, id DESC LIMIT $4`,
    [filter.kind ?? null, filter.state ?? null, filter.after ?? null, filter.limit],
  );
  return rows.map(cycleOfRow);
}

export async function findCycle(tx: EntityManager, id: string): Promise<RecordedCycle | undefined> {
  const rows = await tx.query<CycleRow[]>(`SELECT ${COLUMNS} FROM cycles WHERE id = $1`, [id]);
  return rows.map(cycleOfRow)[0];
}

function cycleOfRow(row: CycleRow): RecordedCycle {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    startsAtMs: row.starts_at.getTime(),
    endsAtMs: row.ends_at?.getTime() ?? null,
    closedAtMs: row.closed_at?.getTime() ?? null,
    finalAtMs: row.final_at?.getTime() ?? null,
    members: row.members,
  };
}
