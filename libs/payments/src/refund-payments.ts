import type { RefundId } from '#domain/ids';
import type { Money } from '#domain/money';
import type { Payment } from '#domain/payments/payment';
import { usdMids } from '#domain/rates/rate-book';
import {
  decideRefundAnswer,
  type RefundAnswer,
  type RefundAnswerDecision,
} from '#domain/refunds/advance-refund';
import {
  decideRefund,
  standing,
  type RefundCap,
  type RefundCommand,
} from '#domain/refunds/decide-refund';
import { positionsOf } from '#domain/refunds/price-refund';
import { entryForRefund, type RefundBooking } from '#domain/refunds/refund-entry';
import { stands, type Refund } from '#domain/refunds/refund';
import { REFUND_GAPS_MS } from '#domain/refunds/refund-timetable';
import type { Rejection } from '#domain/rejection';
import { invariant } from '#domain/invariant';
import { NetworkDirectory } from '#corridors';
import { RateDesk } from '#fx';
import {
  AccountBook,
  assignCycle,
  commitExposures,
  cycleOf,
  exposureKeyOf,
  gatherExposures,
  openMissingExposures,
  OutboxBell,
  readStandingBalance,
  stageEntries,
  type CycleAssignment,
  type Exposure,
  type ExposureKey,
} from '#ledger';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { recordDecisions } from './decision-log.js';
import { PaymentRepository } from './payment-repository.js';
import { RefundRepository } from './refund-repository.js';
import { claimRequests, conflictOf, requestKeyOf, type RequestKey } from './request-keys.js';
import { traceCommit, traceOpening, type StagedFor } from './payment-spans.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';

/** An acquirer's wish to refund one of its own payments. */
export interface RefundRequest {
  readonly payment: Payment;
  readonly key: RequestKey;
  readonly amount: Money;
  readonly reason: string | null;
  readonly traceId: string;
  /** True when a dispute has ended in it: then neither window nor cap refuses it. */
  readonly owed?: boolean;
}

/** A refund with its payment, which its answers name too. */
export interface RefundOfPayment {
  readonly refund: Refund;
  readonly payment: Payment;
}

export type AcceptResult =
  | { readonly kind: 'conflict'; readonly rejection: Rejection }
  | ({ readonly kind: 'decided' | 'repeat' } & RefundOfPayment);

/**
 * Takes refunds and moves them on. Every step of a payment's refunds holds the payment's row, so
 * two that come at once are decided one after the other, and the second sees what the first took.
 */
@Injectable()
export class RefundPayments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly network: NetworkDirectory,
    private readonly rates: RateDesk,
    private readonly accounts: AccountBook,
    private readonly bell: OutboxBell,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  accept(request: RefundRequest): Promise<AcceptResult> {
    return this.dataSource.transaction((tx) => this.acceptWithin(tx, request));
  }

  /** Undefined when there is no such refund. */
  async advance(id: RefundId, answer: RefundAnswer): Promise<RefundOfPayment | undefined> {
    const startMs = Date.now();
    const { result, staged } = await this.dataSource.transaction((tx) =>
      this.decideAnswer(tx, id, answer),
    );
    if (staged !== null) {
      traceCommit([staged], 1, startMs);
      this.bell.ring();
    }
    return result;
  }

  /** The same within the caller's transaction, for whoever decides by what it has locked. */
  async acceptWithin(tx: EntityManager, request: RefundRequest): Promise<AcceptResult> {
    const { key } = request;
    const { id: paymentId } = request.payment;
    // A twin of this request waits here until it is known what became of the first.
    const winners = await claimRequests(tx, [{ ...key, paymentId }]);
    const winner = winners.get(requestKeyOf(key));
    const conflict = winner === undefined ? undefined : conflictOf(winner, key);
    if (conflict !== undefined) return { kind: 'conflict', rejection: conflict };
    const known = await this.refunds.findByRequest(tx, key.participantId, key.requestId);
    if (known !== undefined) return { kind: 'repeat', refund: known, payment: request.payment };
    const payment = (await this.payments.lock(tx, [paymentId])).get(paymentId);
    invariant(payment !== undefined, `payment ${paymentId} was found and cannot be gone`);
    const before = (await this.refunds.listOfPayment(tx, paymentId)).filter(stands);
    const exposureKey = acquirerKeyOf(payment);
    const exposure = await lockOrOpen(tx, exposureKey);
    const cap = await this.capOf(tx, payment, exposure);
    const nowMs = this.clock.nowMs();
    const command: RefundCommand = {
      id: this.ids.next('ref_', nowMs),
      acquirerRequestId: key.requestId,
      amount: request.amount,
      reason: request.reason,
      traceId: request.traceId,
      owed: request.owed ?? false,
    };
    const { takeoverMs } = this.settings.dutyPolicy;
    const { refund, record } = decideRefund({ payment, before, cap, takeoverMs }, command, nowMs);
    if (this.settings.decisionLog) {
      const decided = { kind: 'refund', paymentId, command, acquirerOwes: cap.owes } as const;
      await recordDecisions(tx, [{ nowMs, clearingMs: null, command: decided }]);
    }
    await this.refunds.insert(tx, refund);
    await this.refunds.record(tx, record);
    await commitExposures(tx, [{ ...exposureKey, reserved: refund.heldMinor, outstanding: 0n }]);
    if (stands(refund)) await this.refunds.countRefunded(tx, payment.id, refund.amount.minor);
    // Before the commit, which may be the caller's: a span of what was undone has no children.
    traceOpening(refund.id, refund, Date.now());
    return { kind: 'decided', refund, payment };
  }

  private async capOf(tx: EntityManager, payment: Payment, exposure: Exposure): Promise<RefundCap> {
    const { acquirerId, settlementCurrency: currency } = payment;
    const booked = await readStandingBalance(tx, {
      owner: acquirerId,
      kind: 'acquirerPayable',
      currency,
    });
    return {
      acquirerName: this.network.current().acquirers.get(acquirerId)?.name ?? acquirerId,
      limit: exposure.cap + exposure.prefund,
      used: exposure.reserved + exposure.outstanding,
      owes: booked + (await this.refunds.sumUnderWay(tx, acquirerId, currency)),
    };
  }

  private async decideAnswer(
    tx: EntityManager,
    id: RefundId,
    answer: RefundAnswer,
  ): Promise<{ result: RefundOfPayment | undefined; staged: StagedFor | null }> {
    const seen = await this.refunds.find(tx, id);
    if (seen === undefined) return { result: undefined, staged: null };
    const payment = (await this.payments.lock(tx, [seen.paymentId])).get(seen.paymentId);
    invariant(payment !== undefined, `refund ${id} names payment ${seen.paymentId}`);
    const all = await this.refunds.listOfPayment(tx, payment.id);
    const refund = all.find((one) => one.id === id) ?? seen;
    const { payer } = payment;
    if (payer === null) return { result: { refund, payment }, staged: null };
    const walletKey = {
      participantId: payer.walletId,
      currency: payer.price.payToAmount.currency,
    };
    const acquirerKey = acquirerKeyOf(payment);
    const final = answer.kind !== 'walletUnknown' && refund.state === 'processing';
    const exposures = final ? await gatherExposures(tx, [walletKey, acquirerKey]) : new Map();
    const assignment =
      final && answer.kind === 'walletRefunded'
        ? await assignCycle(tx, new Set([payer.clearing]))
        : undefined;
    const nowMs = this.clock.nowMs();
    const decision = decideRefundAnswer(
      {
        refund,
        completion: assignment === undefined ? undefined : completionOf(assignment, payer.clearing),
        booking: this.bookingOf(payment, all),
        walletOutstanding:
          (exposures as Map<string, Exposure>).get(exposureKeyOf(walletKey))?.outstanding ?? 0n,
        gapsMs: REFUND_GAPS_MS,
      },
      answer,
      nowMs,
    );
    if (this.settings.decisionLog) {
      const decided = { kind: 'refundAnswer', refundId: id, answer } as const;
      const clearingMs = assignment?.completedAtMs ?? null;
      await recordDecisions(tx, [{ nowMs, clearingMs, command: decided }]);
    }
    const staged = await this.commitAnswer(tx, payment, decision, { walletKey, acquirerKey });
    return { result: { refund: decision.refund, payment }, staged };
  }

  private async commitAnswer(
    tx: EntityManager,
    payment: Payment,
    decision: RefundAnswerDecision,
    keys: { readonly walletKey: ExposureKey; readonly acquirerKey: ExposureKey },
  ): Promise<StagedFor | null> {
    const { refund, record } = decision;
    if (record === null) return null;
    await this.refunds.update(tx, refund);
    await this.refunds.record(tx, record);
    await this.refunds.countRefunded(tx, payment.id, decision.refunded);
    await commitExposures(tx, [
      { ...keys.walletKey, reserved: 0n, outstanding: decision.walletOutstanding },
      {
        ...keys.acquirerKey,
        reserved: decision.acquirerReserved,
        outstanding: decision.acquirerOutstanding,
      },
    ]);
    const { price, booking, cycleId, walletId } = refund;
    if (refund.state !== 'succeeded') return null;
    invariant(
      price !== null && booking !== null && cycleId !== null && walletId !== null,
      `refund ${refund.id} succeeded with its terms`,
    );
    const entry = entryForRefund(
      price,
      booking,
      { walletId, acquirerId: refund.acquirerId },
      {
        id: this.ids.next('ent_', this.clock.nowMs()),
        refundId: refund.id,
        paymentId: refund.paymentId,
        cycleId,
      },
    );
    const staged = { ...entry, traceId: refund.traceId };
    await stageEntries(tx, this.accounts, [staged]);
    return { subject: refund.id, entry: staged };
  }

  /** The day's mids; without them the payment's own, so that no missing rate holds up a refund. */
  private bookingOf(payment: Payment, all: readonly Refund[]): RefundBooking | undefined {
    const { payer } = payment;
    if (payer === null) return undefined;
    const today = usdMids(this.rates.current().book, {
      payment: payment.paymentAmount.currency,
      payer: payer.price.payToAmount.currency,
      settlement: payer.price.settlementAmount.currency,
    });
    const { payer: payerMid, settlement } = today.ok ? today.value : payer.fees.usd;
    const booked = standing(all.filter(({ state }) => state === 'succeeded')).map(positionsOf);
    return {
      usd: { payer: payerMid, settlement },
      ofToday: today.ok,
      positionsBefore: {
        payer: booked.reduce((sum, positions) => sum + positions.payer, 0n),
        settlement: booked.reduce((sum, positions) => sum + positions.settlement, 0n),
      },
    };
  }
}

function completionOf(
  assignment: CycleAssignment,
  kind: NonNullable<Payment['payer']>['clearing'],
): { readonly cycleId: ReturnType<typeof cycleOf>; readonly completedAtMs: number } {
  return { cycleId: cycleOf(assignment, kind), completedAtMs: assignment.completedAtMs };
}

function acquirerKeyOf(payment: Payment): ExposureKey {
  return { participantId: payment.acquirerId, currency: payment.settlementCurrency };
}

/** Locks the acquirer's account; one in a currency without agreed terms has a cap of nothing. */
async function lockOrOpen(tx: EntityManager, key: ExposureKey): Promise<Exposure> {
  const found = (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
  if (found !== undefined) return found;
  await openMissingExposures(tx, [{ ...key, cap: 0n, prefund: 0n }]);
  const opened = (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
  invariant(opened !== undefined, `the exposure of ${key.participantId} was opened`);
  return opened;
}
