import type { AuditEntryView, AuditQuery, OperatorScope } from '#contracts/operator/operators';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentTrace } from '../telemetry/context.js';
import type { Caller } from './caller.js';

/** One act. `before` and `after` hold what changed, as plain JSON, and never a secret. */
export interface AuditRecord {
  readonly caller: Caller;
  readonly scope: OperatorScope | null;
  /** What was done: `operators.issue`, `caps.change`. */
  readonly action: string;
  /** To what: an id. */
  readonly subject: string;
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly reason?: string;
}

interface AuditRow {
  readonly seq: string;
  readonly at: Date;
  readonly outcome: 'done' | 'denied';
  readonly person: string | null;
  readonly key_name: string | null;
  readonly participant_id: string | null;
  readonly scope: string | null;
  readonly action: string;
  readonly subject: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly reason: string | null;
  readonly request_id: string | null;
}

const LONGEST_WORD = 200;
const LONGEST_REASON = 1_000;

/** Who did what, when and why: append-only, and written by the transaction of the effect itself. */
@Injectable()
export class AuditLog {
  /** Writes down an act in the transaction that does it, so that neither is there alone. */
  record(tx: EntityManager, act: AuditRecord): Promise<void> {
    return insert(tx, 'done', act);
  }

  /** Writes down what was refused; see `DeniedAttempts` for how many of them. */
  recordDenied(tx: EntityManager, attempt: AuditRecord): Promise<void> {
    return insert(tx, 'denied', attempt);
  }

  /** Newest first. */
  async listPage(tx: EntityManager, query: AuditQuery): Promise<Page<AuditEntryView>> {
    const before = keyOfCursor(query.cursor);
    const rows = await tx.query<AuditRow[]>(
      `SELECT seq, at, outcome, person, key_name, participant_id, scope, action, subject, before,
         after, reason, request_id
       FROM audit_log
       WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR person = $2)
         AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR subject = $4)
         AND ($5::text IS NULL OR outcome = $5)
       ORDER BY seq DESC LIMIT $6`,
      [
        before !== undefined && /^\d{1,18}$/.test(before) ? before : null,
        query.person ?? null,
        query.action ?? null,
        query.subject ?? null,
        query.outcome ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(rows.map(viewOf), query.limit, (entry) => entry.seq);
  }
}

async function insert(
  tx: EntityManager,
  outcome: 'done' | 'denied',
  act: AuditRecord,
): Promise<void> {
  const { caller } = act;
  const trace = currentTrace();
  const known = caller.kind === 'open' ? undefined : caller;
  await tx.query(
    `INSERT INTO audit_log (outcome, person, key_id, key_name, participant_id, scope, action,
       subject, before, after, reason, request_id, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      outcome,
      known?.person ?? null,
      known?.keyId ?? null,
      known?.name ?? null,
      known?.kind === 'participant' ? known.participantId : null,
      act.scope,
      act.action.slice(0, LONGEST_WORD),
      act.subject.slice(0, LONGEST_WORD),
      jsonOf(act.before),
      jsonOf(act.after),
      act.reason?.slice(0, LONGEST_REASON) ?? null,
      trace?.requestId ?? null,
      trace?.traceId ?? null,
    ],
  );
}

function jsonOf(record: AuditRecord['before']): string | null {
  if (record === undefined || record === null) return null;
  return JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function viewOf(row: AuditRow): AuditEntryView {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    outcome: row.outcome,
    person: row.person,
    keyName: row.key_name,
    participant: row.participant_id,
    scope: row.scope,
    action: row.action,
    subject: row.subject,
    before: row.before,
    after: row.after,
    reason: row.reason,
    requestId: row.request_id,
  };
}
