import type { BreakOwner, BreakType, Severity, Side } from '#domain/reconciliation/break-types';
import { BREAK_TYPES } from '#domain/reconciliation/break-types';
import {
  evidenceOf,
  fingerprintOf,
  type BreakChanges,
  type BreakState,
  type KnownBreak,
} from '#domain/reconciliation/break-life';
import type { FieldDifference } from '#domain/reconciliation/compare-row';
import type { FoundBreak, RowReference } from '#domain/reconciliation/decide-breaks';
import type { Repair } from '#domain/reconciliation/suggest-repair';
import type { CycleId } from '#domain/ids';
import type { Money } from '#domain/money';
import type { IdSource } from '#platform/id-source';
import type { EntityManager } from 'typeorm';

/** A break as it is stored. */
export interface ReconBreak {
  readonly id: string;
  readonly type: BreakType;
  readonly subjectId: string;
  readonly participantId: string;
  readonly side: Side;
  readonly cycleId: CycleId;
  readonly currency: string;
  readonly state: BreakState;
  readonly owner: BreakOwner;
  readonly ownerRule: string;
  readonly severity: Severity;
  readonly difference: Money | null;
  readonly fields: readonly FieldDifference[];
  readonly evidence: readonly RowReference[];
  readonly repair: Repair;
  readonly openedAtMs: number;
  readonly endedAtMs: number | null;
}

export interface BreakEvent {
  readonly event: string;
  readonly from: BreakState | null;
  readonly to: BreakState;
  readonly atMs: number;
  readonly actor: string;
  readonly reason: string;
}

interface BreakRow {
  id: string;
  type: BreakType;
  subject_id: string;
  participant_id: string;
  side: Side;
  cycle_id: CycleId;
  currency: string;
  state: BreakState;
  owner: BreakOwner;
  owner_rule: string;
  severity: Severity;
  difference_minor: string | null;
  difference_currency: string | null;
  fields: FieldDifference[];
  evidence: RowReference[];
  repair: Repair;
  fingerprint: string;
  opened_at: Date;
  ended_at: Date | null;
}

export interface BreakFilter {
  readonly cycle?: string | undefined;
  readonly participant?: string | undefined;
  readonly owner?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: string | undefined;
  /** Only what nobody has ended. */
  readonly live?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first; one row more than `limit`, where there is one. */
export async function listBreaks(tx: EntityManager, filter: BreakFilter): Promise<ReconBreak[]> {
  const rows = await tx.query<BreakRow[]>(
    `SELECT * FROM recon_breaks
     WHERE ($1::text IS NULL OR cycle_id = $1) AND ($2::text IS NULL OR participant_id = $2)
       AND ($3::text IS NULL OR owner = $3) AND ($4::text IS NULL OR type = $4)
       AND ($5::text IS NULL OR state = $5) AND (NOT $6::boolean OR ended_at IS NULL)
       AND ($7::text IS NULL OR id < $7)
     ORDER BY id DESC LIMIT $8`,
    [
      filter.cycle ?? null,
      filter.participant ?? null,
      filter.owner ?? null,
      filter.type ?? null,
      filter.state ?? null,
      filter.live ?? false,
      filter.cursor ?? null,
      filter.limit + 1,
    ],
  );
  return rows.map(breakOf);
}

export async function findBreak(tx: EntityManager, id: string): Promise<ReconBreak | undefined> {
  const [row] = await tx.query<BreakRow[]>('SELECT * FROM recon_breaks WHERE id = $1', [id]);
  return row === undefined ? undefined : breakOf(row);
}

export async function lockBreak(tx: EntityManager, id: string): Promise<ReconBreak | undefined> {
  const [row] = await tx.query<BreakRow[]>(
    'SELECT * FROM recon_breaks WHERE id = $1 FOR NO KEY UPDATE',
    [id],
  );
  return row === undefined ? undefined : breakOf(row);
}

export async function listBreakEvents(tx: EntityManager, id: string): Promise<BreakEvent[]> {
  interface EventRow {
    event: string;
    from_state: BreakState | null;
    to_state: BreakState;
    at: Date;
    actor: string;
    reason: string;
  }
  const rows = await tx.query<EventRow[]>(
    `SELECT event, from_state, to_state, at, actor, reason FROM recon_break_events
     WHERE break_id = $1 ORDER BY seq`,
    [id],
  );
  return rows.map((row) => ({
    event: row.event,
    from: row.from_state,
    to: row.to_state,
    atMs: row.at.getTime(),
    actor: row.actor,
    reason: row.reason,
  }));
}

/** The known breaks of some subjects, ended ones too, locked in one order. */
export async function lockKnownBreaks(
  tx: EntityManager,
  subjectIds: readonly string[],
): Promise<KnownBreak[]> {
  const rows = await tx.query<BreakRow[]>(
    'SELECT * FROM recon_breaks WHERE subject_id = ANY($1) ORDER BY id FOR NO KEY UPDATE',
    [subjectIds],
  );
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    subjectId: row.subject_id,
    participantId: row.participant_id,
    state: row.state,
    fingerprint: row.fingerprint,
    evidence: evidenceOf(row),
  }));
}

/** Who did something to a break, why, and when. */
export interface BreakCause {
  readonly actor: string;
  readonly reason: string;
  readonly atMs: number;
}

const CONTENT = `side, cycle_id, currency, owner, owner_rule, severity, difference_minor, difference_currency,
  fields, evidence, repair, fingerprint`;
const SET_CONTENT = CONTENT.split(',')
  .map((column) => `${column.trim()} = r.${column.trim()}`)
  .join(', ');

/** Writes what a matching has changed, with its events. */
export async function commitBreaks(
  tx: EntityManager,
  changes: BreakChanges,
  cause: BreakCause,
  ids: IdSource,
): Promise<void> {
  const at = new Date(cause.atMs).toISOString();
  const opened = changes.opened.map((found) => ({
    ...contentOf(found),
    id: ids.next('brk_', cause.atMs),
    state: 'open',
    opened_at: at,
  }));
  const rewritten = [...changes.updated, ...changes.reopened].map(({ id, found }) => ({
    ...contentOf(found),
    id,
  }));
  const reopened = changes.reopened.map(({ id }) => id);
  if (opened.length > 0) {
    await tx.query(
      `INSERT INTO recon_breaks SELECT * FROM json_populate_recordset(NULL::recon_breaks, $1::json)`,
      [JSON.stringify(opened)],
    );
    await record(
      tx,
      'opened',
      'open',
      cause,
      opened.map(({ id }) => id),
    );
  }
  if (reopened.length > 0) {
    await record(tx, 'reopened', 'open', cause, reopened);
    await tx.query(
      `UPDATE recon_breaks SET state = 'open', opened_at = $2, ended_at = NULL WHERE id = ANY($1)`,
      [reopened, at],
    );
  }
  if (rewritten.length > 0) {
    await record(
      tx,
      'changed',
      null,
      cause,
      changes.updated.map(({ id }) => id),
    );
    await tx.query(
      `UPDATE recon_breaks b SET ${SET_CONTENT}
       FROM json_populate_recordset(NULL::recon_breaks, $1::json) r WHERE b.id = r.id`,
      [JSON.stringify(rewritten)],
    );
  }
  if (changes.cleared.length > 0) {
    await moveBreaks(tx, changes.cleared, 'cleared', 'cleared', cause);
  }
}

/** Moves breaks that the caller has locked into another state. */
export async function moveBreaks(
  tx: EntityManager,
  ids: readonly string[],
  event: string,
  to: BreakState,
  cause: BreakCause,
): Promise<void> {
  await record(tx, event, to, cause, ids);
  await tx.query(
    `UPDATE recon_breaks
     SET state = $2, ended_at = CASE WHEN $2 IN ('open', 'acknowledged') THEN NULL
                                     ELSE $3::timestamptz END
     WHERE id = ANY($1)`,
    [ids, to, new Date(cause.atMs).toISOString()],
  );
}

/** Notes an event beside the state a break is in now; `to` null leaves it there. */
async function record(
  tx: EntityManager,
  event: string,
  to: BreakState | null,
  cause: BreakCause,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `INSERT INTO recon_break_events (break_id, event, from_state, to_state, at, actor, reason)
     SELECT b.id, $2, CASE WHEN $2 <> 'opened' THEN b.state END, coalesce($3, b.state), $4, $5, $6
     FROM recon_breaks b WHERE b.id = ANY($1) ORDER BY b.id`,
    [ids, event, to, new Date(cause.atMs).toISOString(), cause.actor, cause.reason],
  );
}

function contentOf(found: FoundBreak): Record<string, unknown> {
  return {
    type: found.type,
    subject_id: found.subjectId,
    participant_id: found.participantId,
    side: found.side,
    cycle_id: found.cycleId,
    currency: found.currency,
    owner: found.owner,
    owner_rule: found.ownerRule,
    severity: BREAK_TYPES[found.type].severity,
    difference_minor: found.difference?.minor.toString() ?? null,
    difference_currency: found.difference?.currency ?? null,
    fields: found.fields,
    evidence: found.evidence,
    repair: found.repair,
    fingerprint: fingerprintOf(found),
  };
}

function breakOf(row: BreakRow): ReconBreak {
  return {
    id: row.id,
    type: row.type,
    subjectId: row.subject_id,
    participantId: row.participant_id,
    side: row.side,
    cycleId: row.cycle_id,
    currency: row.currency,
    state: row.state,
    owner: row.owner,
    ownerRule: row.owner_rule,
    severity: row.severity,
    difference:
      row.difference_minor === null || row.difference_currency === null
        ? null
        : { currency: row.difference_currency, minor: BigInt(row.difference_minor) },
    fields: row.fields,
    evidence: row.evidence,
    repair: row.repair,
    openedAtMs: row.opened_at.getTime(),
    endedAtMs: row.ended_at === null ? null : row.ended_at.getTime(),
  };
}
