import type { ClearingKind } from '#domain/clearing-cycles';
import type { CycleId, EntryId, PaymentId } from '#domain/ids';
import {
  decideAdvance,
  type AdvanceCommand,
  type AdvanceDecision,
} from '#domain/payments/decide-advance';
import type { Payment } from '#domain/payments/payment';
import { contraEntry, entryForPayment } from '#domain/pricing/payment-entry';
import type { RouteTarget } from '#domain/routing/place';
import { NetworkDirectory } from '#corridors';
import {
  AccountBook,
  assignCycle,
  gatherCycles,
  OutboxBell,
  stageEntries,
  type CycleAssignment,
  type HeldCycle,
  type StagedEntry,
} from '#ledger';
import { Batcher } from '#platform/batcher';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { cancelWindowOpen } from '#domain/payments/cancel-window';
import { recordDecisions, type DecidedNow } from './decision-log.js';
import { PaymentRepository, type PaymentChange } from './payment-repository.js';
import { traceCommit, type StagedFor } from './payment-spans.js';
import { QuoteDesk } from './quote-desk.js';
import { ReservationContext, type PayerWish } from './reservation-context.js';
import { CROWD_LINGER_MS, PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';

export interface AdvanceRequest {
  readonly paymentId: PaymentId;
  readonly command: AdvanceCommand;
}

/** Undefined when there is no such payment. */
export type AdvanceResult = AdvanceDecision | undefined;

/** Moves payments on in batches, by partners' answers, the clock and wishes to cancel. */
@Injectable()
export class AdvancePayments {
  private readonly batcher: Batcher<AdvanceRequest, AdvanceResult>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly network: NetworkDirectory,
    private readonly quotes: QuoteDesk,
    private readonly accounts: AccountBook,
    private readonly bell: OutboxBell,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {
    this.batcher = new Batcher((requests) => this.run(requests), {
      maxSize: settings.batchSize,
      crowdLingerMs: CROWD_LINGER_MS,
    });
  }

  advance(paymentId: PaymentId, command: AdvanceCommand): Promise<AdvanceResult> {
    return this.batcher.submit({ paymentId, command });
  }

  /** The same as part of a transaction of the caller's, whose other effects it shares its fate with. */
  async advanceWithin(
    tx: EntityManager,
    paymentId: PaymentId,
    command: AdvanceCommand,
  ): Promise<AdvanceResult> {
    const startMs = Date.now();
    const { results, staged } = await this.decideAll(tx, [{ paymentId, command }]);
    traceCommit(staged, 1, startMs);
    return results[0];
  }

  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async run(requests: readonly AdvanceRequest[]): Promise<AdvanceResult[]> {
    const startMs = Date.now();
    const { results, staged, confirmQuotes } = await this.dataSource.transaction((tx) =>
      this.decideAll(tx, requests),
    );
    confirmQuotes();
    traceCommit(staged, requests.length, startMs);
    if (staged.length > 0) this.bell.ring();
    return results;
  }

  private async decideAll(
    tx: EntityManager,
    requests: readonly AdvanceRequest[],
  ): Promise<{ results: AdvanceResult[]; staged: StagedFor[]; confirmQuotes: () => void }> {
    const ids = new Set(requests.map((request) => request.paymentId));
    const locked = await this.payments.lock(tx, [...ids]);
    const found = new Map(locked);
    const nowMs = this.clock.nowMs();
    const wishes = requests.map((request) => wishOf(found.get(request.paymentId), request.command));
    const kinds = clearingKindsOf(requests, found);
    // In this order: the lock of cycle membership comes last but for the cycles' own rows, which
    // a closer too takes after it.
    const [reservations, assignment, cycles] = await Promise.all([
      ReservationContext.gather(tx, {
        network: this.network.current(),
        quotes: this.quotes,
        nowMs,
        wishes: wishes.filter((wish) => wish !== undefined),
        also: [...found.values()].flatMap(exposureKeyOfPayment),
      }),
      kinds.size > 0 ? assignCycle(tx, kinds) : undefined,
      gatherCycles(tx, cyclesToCancelIn(requests, found)),
    ]);
    const decisions: AdvanceDecision[] = [];
    const decided: DecidedNow[] = [];
    const results = requests.map((request, index): AdvanceResult => {
      const payment = found.get(request.paymentId);
      if (payment === undefined) return undefined;
      const decision = this.decideOne(payment, request.command, {
        wish: wishes[index],
        reservations,
        assignment,
        cycles,
        nowMs,
      });
      reservations.apply(decision.change);
      decided.push({
        nowMs,
        clearingMs: clockOf(payment, request.command, assignment, cycles),
        command: { kind: 'advance', ...request },
      });
      if (decision.record !== null) {
        found.set(payment.id, decision.payment);
        decisions.push(decision);
      }
      return decision;
    });
    const entries = decisions.flatMap((decision) => this.entriesOf(decision, nowMs));
    const confirmQuotes = await this.commit(tx, {
      changes: [...locked].flatMap(([id, before]) => {
        const after = found.get(id);
        return after === undefined || after === before ? [] : [{ before, after }];
      }),
      decisions,
      decided,
      entries,
      reservations,
    });
    const staged = entries.map((entry) => ({ subject: entry.paymentId ?? '', entry }));
    return { results, staged, confirmQuotes };
  }

  private decideOne(
    payment: Payment,
    command: AdvanceCommand,
    batch: {
      readonly wish: PayerWish | undefined;
      readonly reservations: ReservationContext;
      readonly assignment: CycleAssignment | undefined;
      readonly cycles: ReadonlyMap<CycleId, HeldCycle>;
      readonly nowMs: number;
    },
  ): AdvanceDecision {
    const { assignment } = batch;
    const kind = completionKindOf(payment, command);
    const cycleId = kind === undefined ? undefined : assignment?.cycleIds.get(kind);
    return decideAdvance(
      {
        payment,
        reserve: batch.wish === undefined ? undefined : batch.reservations.contextFor(batch.wish),
        completion:
          assignment === undefined || cycleId === undefined
            ? undefined
            : { cycleId, completedAtMs: assignment.completedAtMs },
        cancelWindowOpen:
          payment.cycleId === null || cancelWindowOpen(batch.cycles.get(payment.cycleId) ?? null),
        policy: this.settings.dutyPolicy,
      },
      command,
      batch.nowMs,
    );
  }

  private async commit(
    tx: EntityManager,
    parts: {
      readonly changes: readonly PaymentChange[];
      readonly decisions: readonly AdvanceDecision[];
      readonly decided: readonly DecidedNow[];
      readonly entries: readonly StagedEntry[];
      readonly reservations: ReservationContext;
    },
  ): Promise<() => void> {
    // Also what changed nothing: whoever applies it again must find that it changes nothing.
    const recorded = this.settings.decisionLog ? recordDecisions(tx, parts.decided) : undefined;
    if (parts.decisions.length === 0) {
      await recorded;
      return () => undefined;
    }
    const records = parts.decisions.flatMap(({ record }) => record ?? []);
    const [confirmQuotes] = await Promise.all([
      this.quotes.store(tx),
      this.payments.update(tx, parts.changes),
      this.payments.record(tx, records),
      parts.reservations.commit(tx),
      stageEntries(tx, this.accounts, parts.entries),
      recorded,
    ]);
    return confirmQuotes;
  }

  private entriesOf(decision: AdvanceDecision, nowMs: number): StagedEntry[] {
    const { payment, entry } = decision;
    if (entry === null || payment.payer === null || payment.cycleId === null) return [];
    const id: EntryId = this.ids.next('ent_', nowMs);
    const cleared = entryForPayment(
      payment.payer.price,
      { walletId: payment.payer.walletId, acquirerId: payment.acquirerId },
      { id, paymentId: payment.id, cycleId: payment.cycleId },
    );
    const booked = entry === 'cleared' ? cleared : contraEntry(cleared, id);
    return [{ ...booked, traceId: payment.traceId }];
  }
}

function wishOf(payment: Payment | undefined, command: AdvanceCommand): PayerWish | undefined {
  if (payment === undefined || command.kind !== 'identifyPayer') return undefined;
  const target: RouteTarget = {
    kind: 'acquirer',
    acquirerId: payment.acquirerId,
    ...(payment.merchantId === null ? {} : { merchantId: payment.merchantId }),
    ...(payment.storeId === null ? {} : { storeId: payment.storeId }),
  };
  return {
    walletId: command.walletId,
    customerId: command.customerId,
    paymentCurrency: payment.paymentAmount.currency,
    settlementCurrency: payment.settlementCurrency,
    route: {
      walletId: command.walletId,
      mode: payment.mode,
      target,
      currency: payment.paymentAmount.currency,
    },
  };
}

/**
 * The kind of cycle that a command may bring a payment into: undefined unless it may finish the
 * payment with money moved.
 */
function completionKindOf(
  payment: Payment | undefined,
  command: AdvanceCommand,
): ClearingKind | undefined {
  return command.kind === 'walletPaid' || command.kind === 'acquirerAccepted'
    ? payment?.payer?.clearing
    : undefined;
}

/** The clock of cut-offs as this decision saw it; null where it did not look. */
function clockOf(
  payment: Payment,
  command: AdvanceCommand,
  assignment: CycleAssignment | undefined,
  cycles: ReadonlyMap<CycleId, HeldCycle>,
): number | null {
  if (completionKindOf(payment, command) !== undefined) return assignment?.completedAtMs ?? null;
  if (command.kind !== 'cancel' || payment.cycleId === null) return null;
  return cycles.get(payment.cycleId)?.atMs ?? null;
}

function clearingKindsOf(
  requests: readonly AdvanceRequest[],
  found: ReadonlyMap<PaymentId, Payment>,
): ReadonlySet<ClearingKind> {
  const kinds = requests.map(({ paymentId, command }) =>
    completionKindOf(found.get(paymentId), command),
  );
  return new Set(kinds.filter((kind) => kind !== undefined));
}

function cyclesToCancelIn(
  requests: readonly AdvanceRequest[],
  found: ReadonlyMap<PaymentId, Payment>,
): CycleId[] {
  const ids = requests
    .filter(({ command }) => command.kind === 'cancel')
    .flatMap(({ paymentId }) => found.get(paymentId)?.cycleId ?? []);
  return [...new Set(ids)];
}

function exposureKeyOfPayment(
  payment: Payment,
): { readonly participantId: string; readonly currency: string }[] {
  if (payment.payer === null) return [];
  const { walletId, price } = payment.payer;
  return [{ participantId: walletId, currency: price.payToAmount.currency }];
}
