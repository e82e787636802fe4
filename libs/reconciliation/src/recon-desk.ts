import {
  breakApproval,
  type BreakApproval,
  type BreakDetail,
  type BreakQuery,
  type BreakView,
  type ReconciliationView,
} from '#contracts/operator/reconciliation';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import type { CycleId } from '#domain/ids';
import { formatMoney } from '#domain/money';
import { decideBreakAction, type BreakAction } from '#domain/reconciliation/break-life';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import {
  Approvals,
  AuditLog,
  type Actors,
  type Effect,
  type OperatorCaller,
} from '#platform/operators/index';
import { findCalendars } from '#settlement';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actOnBreak, noBreak } from './act-on-break.js';
import { findBreak, listBreakEvents, listBreaks, type ReconBreak } from './break-repository.js';
import { breakDetail, breakView } from './break-views.js';
import { matchCycle, type MatchReport } from './match-cycle.js';
import { viewReconciliation } from './reconciliation-view.js';

/** What nobody does alone: it says that money needs no more looking for. */
const FOUR_EYES = { 'breaks.repair': 'repair', 'breaks.writeOff': 'writeOff' } as const;

/** Breaks for people: read, acted on, written to the audit log. */
@Injectable()
export class ReconDesk implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
  ) {}

  onModuleInit(): void {
    for (const [name, action] of Object.entries(FOUR_EYES)) {
      this.approvals.register<BreakApproval>(name, {
        scope: 'settlement:write',
        schema: breakApproval,
        subject: ({ breakId }) => breakId,
        describe: ({ breakId }) => `${action} the break ${breakId}`,
        check: (tx, payload) => checkStep(tx, payload.breakId, action),
        execute: (tx, payload, actors) => this.approved(tx, payload.breakId, action, actors),
      });
    }
  }

  async list(query: BreakQuery): Promise<Page<BreakView>> {
    const { manager } = this.dataSource;
    const calendars = await findCalendars(manager);
    const nowMs = this.clock.nowMs();
    const rows = await listBreaks(manager, { ...query, cursor: keyOfCursor(query.cursor) });
    const page = pageOf(rows, query.limit, (row) => row.id);
    return { ...page, items: page.items.map((item) => breakView(item, calendars, nowMs)) };
  }

  async show(id: string): Promise<Outcome<BreakDetail>> {
    const { manager } = this.dataSource;
    const item = await findBreak(manager, id);
    if (item === undefined) return noBreak(id);
    const [events, calendars] = [await listBreakEvents(manager, id), await findCalendars(manager)];
    return accepted(breakDetail(item, events, calendars, this.clock.nowMs()));
  }

  async act(
    id: string,
    action: BreakAction,
    reason: string,
    caller: OperatorCaller,
  ): Promise<Outcome<BreakDetail>> {
    const cause = { actor: caller.person, reason, atMs: this.clock.nowMs() };
    const outcome = await this.dataSource.transaction(async (tx) => {
      const step = await actOnBreak(tx, id, action, cause);
      if (!step.ok) return step;
      await this.audit.record(tx, {
        caller,
        scope: 'settlement:write',
        action: `breaks.${action}`,
        subject: id,
        before: { state: step.value.before.state },
        after: { state: step.value.after.state },
        reason,
      });
      return step;
    });
    return outcome.ok ? this.show(id) : outcome;
  }

  /** Matches all of a cycle's files again, and asks for those that have not come. */
  async run(cycleId: string, caller: OperatorCaller): Promise<Outcome<MatchReport>> {
    const atMs = this.clock.nowMs();
    return this.dataSource.transaction(async (tx) => {
      const known = await checkClosed(tx, cycleId);
      if (!known.ok) return known;
      const by = { actor: caller.person, reason: 'asked', atMs };
      const report = await matchCycle(
        tx,
        { cycleId: known.value, participantId: null, cause: 'asked', touched: [], by },
        this.ids,
      );
      await this.audit.record(tx, {
        caller,
        scope: 'settlement:write',
        action: 'reconciliation.run',
        subject: cycleId,
        after: { ...report },
      });
      return accepted(report);
    });
  }

  async overview(cycleId: string): Promise<Outcome<ReconciliationView>> {
    return viewReconciliation(this.dataSource.manager, cycleId);
  }

  private async approved(
    tx: EntityManager,
    id: string,
    action: BreakAction,
    { approvalId, proposer, approver, reason }: Actors,
  ): Promise<Outcome<Effect>> {
    const step = await actOnBreak(tx, id, action, {
      actor: `${proposer} and ${approver}`,
      reason: `${reason} (${approvalId})`,
      atMs: this.clock.nowMs(),
    });
    if (!step.ok) return step;
    return accepted({ before: summaryOf(step.value.before), after: summaryOf(step.value.after) });
  }
}

function summaryOf(item: ReconBreak): Readonly<Record<string, unknown>> {
  const difference = item.difference === null ? null : formatMoney(item.difference);
  return { state: item.state, type: item.type, subject: item.subjectId, difference };
}

async function checkStep(
  tx: EntityManager,
  id: string,
  action: BreakAction,
): Promise<Outcome<unknown>> {
  const item = await findBreak(tx, id);
  return item === undefined ? noBreak(id) : decideBreakAction(item.state, action);
}

/** Before its members are fixed, a cycle's files cannot be whole. */
export async function checkClosed(tx: EntityManager, cycleId: string): Promise<Outcome<CycleId>> {
  const [row] = await tx.query<{ id: CycleId; state: string }[]>(
    `SELECT id, state FROM cycles WHERE id = $1 AND kind <> 'settlement'`,
    [cycleId],
  );
  if (row === undefined) {
    return rejected('NOT_FOUND', `There is no clearing cycle ${cycleId.slice(0, 80)}.`);
  }
  if (row.state === 'open') {
    const detail = `${cycleId} is still open; it can be reconciled when its members are fixed.`;
    return rejected('PRECONDITION_FAILED', detail);
  }
  return accepted(row.id);
}
