import type {
  ApprovalActions,
  ApprovalQuery,
  ApprovalRequest,
  ApprovalState,
  ApprovalView,
  OperatorScope,
} from '#contracts/operator/operators';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import { decideApproval, decideOpen, type Proposal } from '#domain/approvals/decide-approval';
import { invariant } from '#domain/invariant';
import { accepted, rejected, type Outcome, type Rejection } from '#domain/rejection';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { CLOCK, type Clock } from '../clock.js';
import { ID_SOURCE, type IdSource } from '../id-source.js';
import { AuditLog } from './audit-log.js';
import type { OperatorCaller } from './caller.js';
import { OperatorKeys } from './operator-keys.js';

/** Whose four eyes they are. */
export interface Actors {
  readonly approvalId: string;
  readonly proposer: string;
  readonly approver: string;
  readonly reason: string;
}

/** What was changed, for the audit log; plain JSON without secrets. */
export interface Effect {
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** An action that one person proposes and another lets happen. */
export interface ApprovableAction<P> {
  /** What the proposer's key must have. */
  readonly scope: OperatorScope;
  /** Of the payload, which is plain JSON that the schema maps to itself. */
  readonly schema: z.ZodType<P>;
  /** The id of what it is done to. */
  readonly subject: (payload: P) => string;
  /** One sentence for the approver, with everything that matters in it. */
  readonly describe: (payload: P) => string;
  /** Refuses early what could not be executed anyway; reads only. */
  readonly check?: (tx: EntityManager, payload: P) => Promise<Outcome<unknown>>;
  /**
   * Does it, in the transaction that approves: it happens with its approval and audit entry, or
   * not at all. What it was proposed on may have changed since: it checks again, and a rejection
   * undoes everything and leaves the proposal pending. Partners are not called from here.
   */
  readonly execute: (tx: EntityManager, payload: P, actors: Actors) => Promise<Outcome<Effect>>;
}

interface ApprovalRow {
  readonly id: string;
  readonly action: string;
  readonly subject: string;
  readonly summary: string;
  readonly payload: Record<string, unknown>;
  readonly reason: string;
  readonly state: Proposal['state'];
  readonly proposed_by: string;
  readonly proposed_key: string | null;
  readonly proposed_at: Date;
  readonly expires_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly decision_reason: string | null;
}

/** A proposal nobody approved by then was not urgent, and the world it was made for is gone. */
const EXPIRES_AFTER_MS = 72 * 3_600_000;

/** Undoes the transaction it is thrown in, and is a value again outside of it. */
class Undone extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.detail);
  }
}

/**
 * Four eyes: actions that features register, proposals of them, and their execution exactly once,
 * in the transaction of the approval.
 */
@Injectable()
export class Approvals {
  private readonly actions = new Map<string, ApprovableAction<unknown>>();

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(OperatorKeys) private readonly keys: OperatorKeys,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
  ) {}

  /** Called by a feature's module as it starts. @param name e.g. `caps.change` */
  register<P>(name: string, action: ApprovableAction<P>): void {
    invariant(!this.actions.has(name), `the action ${name} is registered twice`);
    // The schema stands between the stored payload and the action, so P is what it gets.
    this.actions.set(name, action as ApprovableAction<unknown>);
  }

  listActions(): ApprovalActions['actions'] {
    return [...this.actions]
      .map(([action, { scope }]) => ({ action, scope }))
      .sort((a, b) => (a.action < b.action ? -1 : 1));
  }

  /** Proposes; nothing happens until another person approves. */
  async propose(
    proposer: OperatorCaller,
    request: ApprovalRequest,
  ): Promise<Outcome<ApprovalView>> {
    const action = this.actions.get(request.action);
    if (action === undefined) return this.unknownAction(request.action);
    if (!proposer.scopes.has(action.scope)) {
      const detail = `The key ${proposer.name} has no ${action.scope}, which ${request.action} needs.`;
      return rejected('ACCESS_DENIED', detail);
    }
    const payload = readPayload(action, request.payload);
    if (!payload.ok) return payload;
    return this.dataSource.transaction(async (tx) => {
      const checked = await action.check?.(tx, payload.value);
      if (checked?.ok === false) return checked;
      const nowMs = this.clock.nowMs();
      const [row] = await tx.query<ApprovalRow[]>(
        `INSERT INTO approvals (id, action, subject, summary, payload, reason, proposed_by,
           proposed_key, proposed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *`,
        [
          this.ids.next('apv_', nowMs),
          request.action,
          action.subject(payload.value),
          action.describe(payload.value),
          JSON.stringify(payload.value),
          request.reason,
          proposer.person,
          proposer.keyId,
          new Date(nowMs),
          new Date(nowMs + EXPIRES_AFTER_MS),
        ],
      );
      invariant(row !== undefined, 'an insert returns its row');
      await this.audit.record(tx, {
        caller: proposer,
        scope: action.scope,
        action: 'approvals.propose',
        subject: row.id,
        after: { action: row.action, subject: row.subject, summary: row.summary },
        reason: request.reason,
      });
      return accepted(viewOf(row, nowMs));
    });
  }

  /** Approves and executes, in one transaction and at most once. */
  async approve(
    approver: OperatorCaller,
    id: string,
    reason?: string,
  ): Promise<Outcome<ApprovalView>> {
    return this.decide(id, async (tx, row) => {
      const nowMs = this.clock.nowMs();
      const proposal = await this.proposalOf(tx, row);
      const signatory = await this.keys.signatory(tx, approver.person, approver.keyId);
      const decided = decideApproval(proposal, signatory, nowMs);
      if (!decided.ok) return decided;
      const action = this.actions.get(row.action);
      if (action === undefined) return this.unknownAction(row.action);
      const payload = readPayload(action, row.payload);
      if (!payload.ok) return payload;
      const effect = await action.execute(tx, payload.value, {
        approvalId: row.id,
        proposer: row.proposed_by,
        approver: approver.person,
        reason: row.reason,
      });
      if (!effect.ok) return effect;
      await this.audit.record(tx, {
        caller: approver,
        scope: 'approvals:write',
        action: row.action,
        subject: row.subject,
        ...effect.value,
        reason: `${row.id}, proposed by ${row.proposed_by}: ${row.reason}`,
      });
      return this.end(tx, row, 'executed', approver, reason);
    });
  }

  /** Ends a proposal without doing it; the proposer may, and whoever may approve. */
  async reject(
    caller: OperatorCaller,
    id: string,
    reason?: string,
  ): Promise<Outcome<ApprovalView>> {
    return this.decide(id, async (tx, row) => {
      const open = decideOpen(await this.proposalOf(tx, row), this.clock.nowMs());
      if (!open.ok) return open;
      await this.audit.record(tx, {
        caller,
        scope: 'approvals:write',
        action: 'approvals.reject',
        subject: row.id,
        before: { action: row.action, subject: row.subject, proposedBy: row.proposed_by },
        ...(reason === undefined ? {} : { reason }),
      });
      return this.end(tx, row, 'rejected', caller, reason);
    });
  }

  async find(tx: EntityManager, id: string): Promise<ApprovalView | undefined> {
    const rows = await tx.query<ApprovalRow[]>('SELECT * FROM approvals WHERE id = $1', [id]);
    return rows.map((row) => viewOf(row, this.clock.nowMs()))[0];
  }

  /** Newest first. */
  async listPage(tx: EntityManager, query: ApprovalQuery): Promise<Page<ApprovalView>> {
    const nowMs = this.clock.nowMs();
    const rows = await tx.query<ApprovalRow[]>(
      `SELECT * FROM approvals
       WHERE ($1::text IS NULL OR id < $1) AND ($2::text IS NULL OR action = $2)
         AND ($3::text IS NULL
              OR $3 = CASE WHEN state = 'pending' AND expires_at <= $4 THEN 'expired' ELSE state END)
       ORDER BY id DESC LIMIT $5`,
      [
        keyOfCursor(query.cursor) ?? null,
        query.action ?? null,
        query.state ?? null,
        new Date(nowMs),
        query.limit + 1,
      ],
    );
    const views = rows.map((row) => viewOf(row, nowMs));
    return pageOf(views, query.limit, (approval) => approval.id);
  }

  /** Locks the proposal first, so that of two who decide at once the second sees it decided. */
  private async decide(
    id: string,
    work: (tx: EntityManager, row: ApprovalRow) => Promise<Outcome<ApprovalView>>,
  ): Promise<Outcome<ApprovalView>> {
    try {
      return await this.dataSource.transaction(async (tx) => {
        const [row] = await tx.query<ApprovalRow[]>(
          'SELECT * FROM approvals WHERE id = $1 FOR UPDATE',
          [id],
        );
        if (row === undefined) {
          return rejected('NOT_FOUND', `There is no proposal ${id.slice(0, 80)}.`);
        }
        const outcome = await work(tx, row);
        if (!outcome.ok) throw new Undone(outcome.rejection);
        return outcome;
      });
    } catch (error) {
      if (error instanceof Undone) return { ok: false, rejection: error.rejection };
      throw error;
    }
  }

  private async proposalOf(tx: EntityManager, row: ApprovalRow): Promise<Proposal> {
    return {
      id: row.id,
      state: row.state,
      proposer: await this.keys.signatory(tx, row.proposed_by, row.proposed_key),
      proposerKeyRevoked: await this.keys.isRevoked(tx, row.proposed_key),
      expiresAtMs: row.expires_at.getTime(),
    };
  }

  private async end(
    tx: EntityManager,
    row: ApprovalRow,
    state: 'executed' | 'rejected',
    caller: OperatorCaller,
    reason: string | undefined,
  ): Promise<Outcome<ApprovalView>> {
    const nowMs = this.clock.nowMs();
    const decided = {
      state,
      decided_by: caller.person,
      decided_at: new Date(nowMs),
      decision_reason: reason ?? null,
    };
    await tx.query(
      `UPDATE approvals SET state = $2, decided_by = $3, decided_key = $4, decided_at = $5,
         decision_reason = $6
       WHERE id = $1`,
      [
        row.id,
        state,
        decided.decided_by,
        caller.keyId,
        decided.decided_at,
        decided.decision_reason,
      ],
    );
    return accepted(viewOf({ ...row, ...decided }, nowMs));
  }

  private unknownAction(name: string): Outcome<never> {
    const known = this.listActions().map(({ action }) => action);
    const detail = `There is no action ${name.slice(0, 80)}; there are ${known.join(', ')}.`;
    return rejected('PARAM_ILLEGAL', detail, 'action');
  }
}

function readPayload<P>(action: ApprovableAction<P>, payload: unknown): Outcome<P> {
  const parsed = action.schema.safeParse(payload);
  if (parsed.success) return accepted(parsed.data);
  const [issue] = parsed.error.issues;
  const field = ['payload', ...(issue?.path ?? [])].map(String).join('.');
  return rejected('PARAM_ILLEGAL', `${field}: ${issue?.message ?? 'not valid'}`, field);
}

function viewOf(row: ApprovalRow, nowMs: number): ApprovalView {
  const expired = row.state === 'pending' && nowMs >= row.expires_at.getTime();
  const state: ApprovalState = expired ? 'expired' : row.state;
  return {
    id: row.id,
    action: row.action,
    subject: row.subject,
    summary: row.summary,
    payload: row.payload,
    state,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    reason: row.reason,
    expiresAt: row.expires_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionReason: row.decision_reason,
  };
}
