import type { CycleId } from '#domain/ids';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

/** What can fall into a cycle. */
export type MemberKind = 'payment' | 'refund';

/** Where members come from: each table has `id`, `cycle_id`, `completed_at`, `state` and its participants. */
const SOURCES: readonly { readonly kind: MemberKind; readonly table: string }[] = [
  { kind: 'payment', table: 'payments' },
  { kind: 'refund', table: 'refunds' },
];

const MEMBERS = SOURCES.map(
  ({ kind, table }) =>
    `SELECT '${kind}' AS kind, id COLLATE "C" AS id, completed_at, wallet_id, acquirer_id
     FROM ${table} WHERE cycle_id = $1`,
).join(' UNION ALL ');

/** Held by whoever numbers, so that a second one finds the work done. */
const NUMBERING_LOCK = '7521, 6';

/**
 * Numbers the members of a closed cycle 1 to n, by completion and then by id. All or nothing, once,
 * however often and by however many it is tried: whoever is killed leaves nothing behind. A payment
 * that is cancelled before the cycle is final keeps its number and appears in no file.
 *
 * @returns how many members it has, or null when there is nothing to number or somebody is at it
 */
export async function numberMembers(tx: EntityManager, cycleId: CycleId): Promise<number | null> {
  const [turn] = await tx.query<{ mine: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(${NUMBERING_LOCK}) AS mine`,
  );
  if (turn?.mine !== true) return null;
  // A statement of its own: whoever had the lock before may have done it.
  const [cycle] = await tx.query<{ closed: boolean }[]>(
    `SELECT state = 'closed' AND members IS NULL AS closed FROM cycles WHERE id = $1`,
    [cycleId],
  );
  if (cycle?.closed !== true) return null;
  const [added] = await tx.query<{ n: number }[]>(
    `WITH added AS (
       INSERT INTO cycle_members (cycle_id, no, kind, subject_id, wallet_id, acquirer_id)
       SELECT $1, row_number() OVER (ORDER BY completed_at, id), kind, id, wallet_id, acquirer_id
       FROM (${MEMBERS}) m
       RETURNING 1)
     SELECT count(*)::integer AS n FROM added`,
    [cycleId],
  );
  await tx.query('UPDATE cycles SET members = $2 WHERE id = $1', [cycleId, added?.n ?? 0]);
  return added?.n ?? 0;
}

/** Closed cycles whose members have no numbers, oldest first. */
export async function listUnnumberedCycles(tx: EntityManager): Promise<CycleId[]> {
  const rows = await tx.query<{ id: CycleId }[]>(
    `SELECT id FROM cycles WHERE state = 'closed' AND members IS NULL ORDER BY ends_at, id`,
  );
  return rows.map((row) => row.id);
}

export interface CycleMember {
  readonly no: number;
  readonly kind: MemberKind;
  readonly id: string;
  /** UTC milliseconds, of the clock that cut-offs go by. */
  readonly completedAtMs: number;
  readonly state: string;
}

/** Members of a numbered cycle from the number after `afterNo` on. */
export async function listMembers(
  tx: EntityManager,
  cycleId: CycleId,
  afterNo: number,
  limit: number,
): Promise<CycleMember[]> {
  const rows = await tx.query<
    { no: number; kind: MemberKind; subject_id: string; completed_at: Date; state: string }[]
  >(
    `SELECT m.no, m.kind, m.subject_id, s.completed_at, s.state
     FROM (SELECT * FROM cycle_members WHERE cycle_id = $1 AND no > $2 ORDER BY no LIMIT $3) m
     JOIN LATERAL (${SOURCES.map(
       ({ kind, table }) =>
         `SELECT completed_at, state FROM ${table} WHERE id = m.subject_id AND m.kind = '${kind}'`,
     ).join(' UNION ALL ')}) s ON true
     ORDER BY m.no`,
    [cycleId, afterNo, limit],
  );
  return rows.map((row) => ({
    no: row.no,
    kind: row.kind,
    id: row.subject_id,
    completedAtMs: row.completed_at.getTime(),
    state: row.state,
  }));
}

/** Whose members of a cycle: those a wallet paid for, or those an acquirer was paid for. */
export interface MembersOf {
  readonly cycleId: CycleId;
  readonly participantId: string;
  readonly role: 'wallet' | 'acquirer';
}

export interface MemberPage {
  readonly members: readonly Pick<CycleMember, 'no' | 'kind' | 'id'>[];
  readonly ids: Readonly<Record<MemberKind, readonly string[]>>;
}

const ofParticipant = (column: 'wallet_id' | 'acquirer_id'): string =>
  prepared(
    `SELECT no, kind, subject_id AS id FROM cycle_members
     WHERE cycle_id = $1 AND ${column} = $2 AND no > $3 ORDER BY no LIMIT $4`,
  );

const OF_PARTICIPANT = {
  wallet: ofParticipant('wallet_id'),
  acquirer: ofParticipant('acquirer_id'),
} as const;

/**
 * A participant's members of a numbered cycle, in the order of their numbers, some at a time: what
 * they cost is in proportion to them, however large the cycle and however long the past.
 */
export async function* readMembersOf(
  tx: EntityManager,
  { cycleId, participantId, role }: MembersOf,
  atOnce: number,
): AsyncGenerator<MemberPage> {
  for (let afterNo = 0; ;) {
    const members = await tx.query<{ no: number; kind: MemberKind; id: string }[]>(
      OF_PARTICIPANT[role],
      [cycleId, participantId, afterNo, atOnce],
    );
    const last = members.at(-1);
    if (last === undefined) return;
    const idsOf = (kind: MemberKind): string[] =>
      members.filter((member) => member.kind === kind).map(({ id }) => id);
    yield { members, ids: { payment: idsOf('payment'), refund: idsOf('refund') } };
    if (members.length < atOnce) return;
    afterNo = last.no;
  }
}
