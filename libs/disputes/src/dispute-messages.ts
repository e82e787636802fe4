import type { DisputeDuty, Dispute } from '#domain/disputes/dispute';
import { money, toWireAmount } from '#domain/money';
import { OPERATION_TIMEOUTS_MS } from '#contracts/partner-wire/index';
import { PartnerCalls, PaymentRepository } from '#payments';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DisputeDesk } from './dispute-desk.js';
import { DisputeRepository, type EvidenceGiven } from './dispute-repository.js';
import { isoOf } from './dispute-row.js';

/**
 * Passes disputes on: what a wallet started to the acquirer, how it ended to the wallet. Never
 * inside a transaction; what nobody acknowledged stays due.
 */
@Injectable()
export class DisputeMessages {
  private readonly underway = new Set<Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly disputes: DisputeRepository,
    private readonly desk: DisputeDesk,
    private readonly payments: PaymentRepository,
    private readonly calls: PartnerCalls,
  ) {}

  /** Sends in the background; a sending that fails is due again. */
  follow(dispute: Dispute): void {
    const sending = this.send(dispute).catch(() => undefined);
    this.underway.add(sending);
    void sending.finally(() => this.underway.delete(sending));
  }

  /** Sends what is owed about this dispute, if anything. */
  async send(dispute: Dispute): Promise<void> {
    const { duty } = dispute;
    if (duty === null) return;
    const evidence = await this.disputes.evidenceOf(this.dataSource.manager, dispute.id);
    const acknowledged =
      duty.kind === 'tellAcquirer'
        ? await this.tellAcquirer(dispute, evidence)
        : await this.tellWallet(dispute, evidence);
    await this.desk.sent(dispute.id, duty satisfies DisputeDuty, acknowledged);
  }

  /** Resolves when no message is on its way. */
  async idle(): Promise<void> {
    while (this.underway.size > 0) await Promise.all(this.underway);
  }

  private async tellAcquirer(dispute: Dispute, given: readonly EvidenceGiven[]): Promise<boolean> {
    const payment = await this.payments.find(this.dataSource.manager, dispute.paymentId);
    if (payment === undefined) return false;
    const { amount, reason } = dispute;
    const operation =
      dispute.kind === 'retrieval' ? 'disputes/initiateRetrieval' : 'disputes/initiateEscalation';
    return this.call(dispute.acquirerId, operation, dispute, {
      disputeRequestId: dispute.id,
      paymentRequestId: payment.acquirerRequestId,
      paymentId: payment.id,
      paymentAmount: toWireAmount(payment.paymentAmount),
      ...(amount === null ? {} : { escalationAmount: toWireAmount(amount) }),
      responseDueTime: isoOf(dispute.answerDueAtMs),
      ...(reason === null ? {} : { disputeReason: reason }),
      ...evidenceBy('wallet', given),
    });
  }

  private tellWallet(dispute: Dispute, given: readonly EvidenceGiven[]): Promise<boolean> {
    const ids = {
      disputeRequestId: dispute.walletRequestId,
      paymentRequestId: dispute.paymentId,
    };
    if (dispute.kind === 'retrieval') {
      const { responseCode } = dispute;
      return this.call(dispute.walletId, 'disputes/responseRetrieval', dispute, {
        ...ids,
        responseCode: responseCode ?? '0003',
        responseTimeout: String(responseCode === null),
        ...evidenceBy('acquirer', given),
      });
    }
    const { acceptedMinor, amount, refundDueAtMs, refundType } = dispute;
    return this.call(dispute.walletId, 'disputes/responseEscalation', dispute, {
      ...ids,
      refundType: refundType ?? 'ACCEPT_REFUND',
      responseTimeout: String(refundType === null),
      ...(acceptedMinor === null || amount === null
        ? {}
        : { refundAmount: toWireAmount(money(amount.currency, acceptedMinor)) }),
      ...(refundDueAtMs === null ? {} : { plannedRefundTime: isoOf(refundDueAtMs) }),
      ...evidenceBy('acquirer', given),
    });
  }

  private async call(
    participantId: string,
    operation: keyof typeof OPERATION_TIMEOUTS_MS,
    dispute: Dispute,
    body: object,
  ): Promise<boolean> {
    const timeoutMs = OPERATION_TIMEOUTS_MS[operation];
    const reply = await this.calls.call(participantId, operation, timeoutMs, dispute.traceId, {
      acquirerId: dispute.acquirerId,
      pspId: dispute.walletId,
      ...body,
    });
    return reply.kind === 'answer' && reply.result.resultStatus === 'S';
  }
}

function evidenceBy(side: EvidenceGiven['by'], given: readonly EvidenceGiven[]): object {
  const own = given.find(({ by }) => by === side);
  return own === undefined ? {} : { evidence: own.evidence };
}
