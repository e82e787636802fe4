import type { DisputeEvidence } from '#contracts/partner-wire/index';
import { decideAnswer, type DisputeAnswer } from '#domain/disputes/answer-dispute';
import type { Dispute, DisputeDuty, DisputeKind } from '#domain/disputes/dispute';
import { decideClock } from '#domain/disputes/dispute-clock';
import { decideStart } from '#domain/disputes/start-dispute';
import { dutyAfterSending } from '#domain/disputes/tell-partners';
import type { DisputeId, PaymentId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import { formatMoney, type Money } from '#domain/money';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import {
  PaymentRepository,
  RefundPayments,
  RefundRepository,
  type RefundOfPayment,
} from '#payments';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DisputeRepository } from './dispute-repository.js';

/** A wallet's wish to dispute one of its own payments. */
export interface StartRequest {
  readonly kind: DisputeKind;
  readonly walletId: string;
  readonly walletRequestId: string;
  readonly paymentId: string;
  readonly reason: string | null;
  readonly amount: Money | null;
  readonly evidence: DisputeEvidence | null;
  readonly traceId: string;
}

/** `fresh` is false for a repeat, whose effects have happened before. */
export interface Taken {
  readonly dispute: Dispute;
  readonly fresh: boolean;
}

/** What the clock did: the dispute as it is now, and a refund the wallet must still be asked for. */
export interface ClockStep {
  readonly dispute: Dispute;
  readonly refund: RefundOfPayment | null;
}

/**
 * Takes disputes and moves them on, one transaction a step. Starting and refunding hold the row of
 * the payment, so that they come one after another with each other and with all its refunds.
 */
@Injectable()
export class DisputeDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly disputes: DisputeRepository,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly refundPayments: RefundPayments,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
  ) {}

  start(request: StartRequest): Promise<Outcome<Taken>> {
    return this.dataSource.transaction(async (tx) => {
      const { walletId, walletRequestId, kind } = request;
      await this.disputes.holdRequest(tx, walletId, walletRequestId);
      const known = await this.disputes.findByRequest(tx, walletId, walletRequestId);
      if (known !== undefined) return repeatOf(known, request);
      const payment = await this.lockPayment(tx, request.paymentId);
      // A wallet sees its own payments only; another's is as unknown as one that never was.
      if (payment?.payer?.walletId !== walletId) return unknownPayment();
      const before = await this.disputes.listOfPayment(tx, payment.id, kind);
      const refunds = await this.refunds.listOfPayment(tx, payment.id);
      const nowMs = this.clock.nowMs();
      const { reason, amount, traceId } = request;
      const id = this.ids.next('dsp_', nowMs);
      const decided = decideStart(
        { payment, before, refunds: refunds.map((refund) => refund.id) },
        { id, kind, walletId, walletRequestId, reason, amount, traceId },
        nowMs,
      );
      if (!decided.ok) return decided;
      const { dispute, record } = decided.value;
      await this.disputes.insert(tx, dispute);
      if (record !== null) await this.disputes.record(tx, record);
      await this.keepEvidence(tx, dispute.id, 'wallet', request.evidence);
      return accepted({ dispute, fresh: true });
    });
  }

  /** An acquirer's answer to a dispute of its own. */
  answer(
    acquirerId: string,
    id: string,
    answer: DisputeAnswer,
    evidence: DisputeEvidence | null,
  ): Promise<Outcome<Taken>> {
    return this.dataSource.transaction(async (tx) => {
      const seen = await this.disputes.lock(tx, id);
      if (seen?.acquirerId !== acquirerId) return unknownDispute();
      const decided = decideAnswer(seen, answer, this.clock.nowMs());
      if (!decided.ok) return decided;
      const { dispute, record } = decided.value;
      if (record === null) return accepted({ dispute, fresh: false });
      await this.disputes.update(tx, dispute);
      await this.disputes.record(tx, record);
      await this.keepEvidence(tx, dispute.id, 'acquirer', evidence);
      return accepted({ dispute, fresh: true });
    });
  }

  /** Lets the clock act on one dispute, if its time has come; undefined when it had nothing to do. */
  tick(id: DisputeId): Promise<ClockStep | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const seen = await this.disputes.find(tx, id);
      if (seen === undefined) return undefined;
      const payment = await this.lockPayment(tx, seen.paymentId);
      invariant(payment !== undefined, `dispute ${id} names payment ${seen.paymentId}`);
      const dispute = await this.disputes.lock(tx, id);
      invariant(dispute !== undefined, `dispute ${id} was found and cannot be gone`);
      const refunds = await this.refunds.listOfPayment(tx, payment.id);
      const decision = decideClock({ dispute, payment, refunds }, this.clock.nowMs());
      if (decision.record === null) return undefined;
      await this.disputes.update(tx, decision.dispute);
      await this.disputes.record(tx, decision.record);
      if (decision.refund === null) return { dispute: decision.dispute, refund: null };
      const { requestId, amount } = decision.refund;
      const taken = await this.refundPayments.acceptWithin(tx, {
        payment,
        key: {
          participantId: payment.acquirerId,
          operation: 'payments/refund',
          requestId,
          fingerprint: {
            refundAmount: `${amount.currency} ${amount.minor.toString()}`,
            paymentId: payment.id,
          },
        },
        amount,
        reason: `Dispute ${dispute.id}`,
        traceId: dispute.traceId,
        owed: true,
      });
      invariant(taken.kind === 'decided', `${requestId} is the hub's own and used once`);
      return { dispute: decision.dispute, refund: taken };
    });
  }

  /** Writes down how the sending of a message ended. */
  async sent(id: DisputeId, duty: DisputeDuty, acknowledged: boolean): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const dispute = await this.disputes.lock(tx, id);
      if (dispute === undefined) return;
      const next = dutyAfterSending(dispute, duty, acknowledged, this.clock.nowMs());
      await this.disputes.setDuty(tx, id, next);
    });
  }

  private async lockPayment(tx: EntityManager, id: string): ReturnType<PaymentRepository['find']> {
    return (await this.payments.lock(tx, [id as PaymentId])).get(id as PaymentId);
  }

  private async keepEvidence(
    tx: EntityManager,
    id: DisputeId,
    by: 'wallet' | 'acquirer',
    evidence: DisputeEvidence | null,
  ): Promise<void> {
    if (evidence === null) return;
    await this.disputes.keepEvidence(tx, id, { by, atMs: this.clock.nowMs(), evidence });
  }
}

/** The stored dispute, unless its content is another. */
function repeatOf(known: Dispute, request: StartRequest): Outcome<Taken> {
  const changed =
    known.kind !== request.kind
      ? 'kind'
      : known.paymentId !== request.paymentId
        ? 'paymentRequestId'
        : textOf(known.amount) !== textOf(request.amount)
          ? 'escalationAmount'
          : undefined;
  return changed === undefined
    ? accepted({ dispute: known, fresh: false })
    : rejected(
        'REPEAT_REQ_INCONSISTENT',
        `${known.walletRequestId} was used before with another ${changed}; use a new id.`,
        changed,
      );
}

function textOf(amount: Money | null): string {
  return amount === null ? '' : formatMoney(amount);
}

function unknownPayment(): Outcome<never> {
  return rejected(
    'ORDER_NOT_EXIST',
    'No payment of yours has this paymentRequestId.',
    'paymentRequestId',
  );
}

function unknownDispute(): Outcome<never> {
  return rejected(
    'ORDER_NOT_EXIST',
    'No dispute for you has this disputeRequestId.',
    'disputeRequestId',
  );
}
