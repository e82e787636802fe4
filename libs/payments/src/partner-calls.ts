import type { Decline, Payment } from '#domain/payments/payment';
import type { AdvanceCommand, AdvanceDecision } from '#domain/payments/decide-advance';
import type { DutyKind } from '#domain/payments/duty';
import { toWireAmount } from '#domain/money';
import { NetworkDirectory } from '#corridors';
import {
  inquiryPushPaymentResponse,
  readWire,
  walletInquiryResponse,
  walletPayResponse,
} from '#contracts/partner-wire/index';
import { Connections } from '#platform/connections/index';
import { PartnerHttp, type PartnerReply } from '#platform/partner-http/index';
import { CLOCK, systemClock, type Clock } from '#platform/clock';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { Inject, Injectable } from '@nestjs/common';
import { AdvancePayments, type AdvanceResult } from './advance-payments.js';
import { isoOf } from './payment-row.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import {
  acquirerResultOf,
  acquirerView,
  sameAmount,
  walletAmounts,
  wireOrderOf,
  wireQuoteOf,
} from './wire-answers.js';

/** An inquiry or a notification is awaited 5 s, everything else 8 s (docs/sources.md A1.6). */
const SHORT_TIMEOUT_MS = 5_000;

/** What a duty or an instruction amounts to at a partner. */
export type PartnerErrand = Exclude<DutyKind, 'expireOrder'> | 'chargeWallet';

/**
 * Calls partners on behalf of payments and feeds their answers back as commands. Never inside a
 * transaction; a process that dies in here leaves the payment's duty for another to take up.
 */
@Injectable()
export class PartnerCalls {
  private readonly underway = new Set<Promise<unknown>>();

  constructor(
    private readonly advances: AdvancePayments,
    private readonly network: NetworkDirectory,
    private readonly connections: Connections,
    private readonly http: PartnerHttp,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  /**
   * Performs one errand, then whatever the decision asks for next, in the background.
   *
   * @param acquirerWaitsUntilMs how long the acquirer's own call will carry the result; without
   *   it, or past it, a result is owed to the acquirer by a notification
   */
  async perform(
    payment: Payment,
    errand: PartnerErrand,
    attempt: number,
    acquirerWaitsUntilMs = 0,
  ): Promise<AdvanceResult> {
    const answer = await this.ask(payment, errand, attempt);
    const final = answer.kind === 'walletPaid' || answer.kind === 'walletRefused';
    const command =
      final && systemClock.nowMs() < acquirerWaitsUntilMs
        ? { ...answer, acquirerWaits: true }
        : answer;
    const result = await this.advances.advance(payment.id, command);
    if (result !== undefined) this.follow(result);
    return result;
  }

  /** Starts the instruction of a decision without waiting for it; its duty outlives a crash. */
  follow(decision: Pick<AdvanceDecision, 'payment' | 'instruction'>): void {
    const { payment, instruction } = decision;
    if (instruction === null) return;
    const attempt = instruction.kind === 'notifyAcquirer' ? 1 : 0;
    const errand = this.perform(payment, instruction.kind, attempt).catch((fault: unknown) => {
      this.logger.error({ err: fault, paymentId: payment.id }, `${instruction.kind} faulted`);
    });
    this.underway.add(errand);
    void errand.finally(() => this.underway.delete(errand));
  }

  /** Resolves when no background errand is under way. */
  async idle(): Promise<void> {
    while (this.underway.size > 0) await Promise.all(this.underway);
  }

  private ask(payment: Payment, errand: PartnerErrand, attempt: number): Promise<AdvanceCommand> {
    switch (errand) {
      case 'chargeWallet':
        return this.chargeWallet(payment);
      case 'inquireWallet':
        return this.inquireWallet(payment, attempt);
      case 'cancelAtWallet':
        return this.cancelAtWallet(payment, attempt);
      case 'pushToAcquirer':
        return this.pushToAcquirer(payment);
      case 'inquirePush':
        return this.inquirePush(payment, attempt);
      case 'notifyAcquirer':
        return this.notifyAcquirer(payment, attempt);
    }
  }

  private async chargeWallet(payment: Payment): Promise<AdvanceCommand> {
    const { payer } = payment;
    const reply = await this.callWallet(payment, 'payments/pay', this.settings.partnerTimeoutMs, {
      order: wireOrderOf(payment),
      ...walletAmounts(payment),
      paymentMethod: {
        paymentMethodType: 'CONNECT_WALLET',
        paymentMethodId: payment.codeValue,
        customerId: payer?.customerId,
      },
      paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
      paymentExpiryTime: isoOf(payment.expiresAtMs),
      paymentNotifyUrl: `${this.settings.publicUrl()}/aps/api/v1/payments/notifyPayment`,
    });
    if (reply.kind === 'unknown') return walletUnknown(reply, 0);
    if (reply.result.resultStatus === 'F') return walletRefused(reply.result);
    if (reply.result.resultStatus === 'U') return walletUnknown(reply, 0);
    return this.paidAsAsked(payment, reply, 0);
  }

  private async inquireWallet(payment: Payment, attempt: number): Promise<AdvanceCommand> {
    const reply = await this.callWallet(payment, 'payments/inquiryPayment', SHORT_TIMEOUT_MS, {});
    if (reply.kind === 'unknown' || reply.result.resultStatus !== 'S') {
      return walletUnknown(reply, attempt);
    }
    const body = readWire(walletInquiryResponse, reply.body);
    const result = body.ok ? body.value.paymentResult : undefined;
    if (result === undefined || result.resultStatus === 'U') return walletUnknown(reply, attempt);
    return result.resultStatus === 'F'
      ? walletRefused(result)
      : this.paidAsAsked(payment, reply, attempt);
  }

  /** A success counts only for the amounts that were asked; anything else is not known yet. */
  private paidAsAsked(
    payment: Payment,
    reply: Extract<PartnerReply, { kind: 'answer' }>,
    attempt: number,
  ): AdvanceCommand {
    const body = readWire(walletPayResponse, reply.body);
    if (!body.ok) {
      return { kind: 'walletUnknown', attempt, reason: `Unreadable: ${body.rejection.detail}` };
    }
    const owed = payment.payer?.price.payToAmount;
    const agrees =
      sameAmount(body.value.paymentAmount, payment.paymentAmount) &&
      (owed === undefined || sameAmount(body.value.payToAmount, owed));
    return agrees
      ? { kind: 'walletPaid', walletPaymentId: body.value.paymentId ?? null }
      : { kind: 'walletUnknown', attempt, reason: 'The wallet confirmed other amounts.' };
  }

  private async cancelAtWallet(payment: Payment, attempt: number): Promise<AdvanceCommand> {
    const reply = await this.callWallet(
      payment,
      'payments/cancelPayment',
      this.settings.partnerTimeoutMs,
      {},
    );
    if (reply.kind === 'answer') {
      if (reply.result.resultStatus === 'S') return { kind: 'cancelConfirmed' };
      // Asked twice, unknown to the wallet, and no debit can still be on its way to it.
      const settled =
        this.clock.nowMs() >= payment.createdAtMs + this.settings.dutyPolicy.takeoverMs;
      if (reply.result.resultCode === 'ORDER_NOT_EXIST' && attempt > 0 && settled) {
        return { kind: 'cancelConfirmed' };
      }
    }
    return { kind: 'cancelUnknown', attempt, reason: reasonOf(reply) };
  }

  private async pushToAcquirer(payment: Payment): Promise<AdvanceCommand> {
    const { payer } = payment;
    const reply = await this.callAcquirer(
      payment,
      'payments/pushPayment',
      this.settings.partnerTimeoutMs,
      {
        ...this.viewForAcquirer(payment),
        paymentRequestId: payment.acquirerRequestId,
        paymentTime: isoOf(payment.createdAtMs),
        ...(payer === null
          ? {}
          : {
              settlementAmount: toWireAmount(payer.price.settlementAmount),
              settlementQuote: wireQuoteOf(payer.settlementQuote),
            }),
        ...(payment.codeValue === null ? {} : { codeValue: payment.codeValue }),
        order: wireOrderOf(payment),
      },
    );
    return pushOutcome(reply, reply.kind === 'answer' ? reply.result : undefined, 0);
  }

  private async inquirePush(payment: Payment, attempt: number): Promise<AdvanceCommand> {
    const reply = await this.callAcquirer(
      payment,
      'payments/inquiryPushPayment',
      SHORT_TIMEOUT_MS,
      {
        acquirerId: payment.acquirerId,
        pspId: payment.payer?.walletId,
        paymentId: payment.id,
        paymentRequestId: payment.acquirerRequestId,
      },
    );
    if (reply.kind === 'unknown' || reply.result.resultStatus !== 'S') {
      return { kind: 'acquirerUnknown', attempt, reason: reasonOf(reply) };
    }
    const body = readWire(inquiryPushPaymentResponse, reply.body);
    return pushOutcome(reply, body.ok ? body.value.paymentResult : undefined, attempt);
  }

  private async notifyAcquirer(payment: Payment, attempt: number): Promise<AdvanceCommand> {
    const reply = await this.callAcquirer(payment, 'payments/notifyPayment', SHORT_TIMEOUT_MS, {
      paymentResult: acquirerResultOf(payment),
      paymentRequestId: payment.acquirerRequestId,
      ...this.viewForAcquirer(payment),
    });
    return reply.kind === 'answer' && reply.result.resultStatus === 'S'
      ? { kind: 'acquirerNotified' }
      : { kind: 'notificationFailed', attempt, reason: reasonOf(reply) };
  }

  private viewForAcquirer(payment: Payment): object {
    const walletId = payment.payer?.walletId;
    const name =
      walletId === undefined ? undefined : this.network.current().wallets.get(walletId)?.name;
    return acquirerView(payment, name);
  }

  private callWallet(
    payment: Payment,
    operation: string,
    timeoutMs: number,
    body: object,
  ): Promise<PartnerReply> {
    const walletId = payment.payer?.walletId ?? '';
    const content = {
      acquirerId: payment.acquirerId,
      pspId: walletId,
      paymentRequestId: payment.id,
      ...body,
    };
    return this.call(walletId, operation, timeoutMs, payment.traceId, content, payment.id);
  }

  private callAcquirer(
    payment: Payment,
    operation: string,
    timeoutMs: number,
    body: object,
  ): Promise<PartnerReply> {
    const { acquirerId, traceId, id } = payment;
    return this.call(acquirerId, operation, timeoutMs, traceId, body, id);
  }

  /**
   * Any call to a participant; one that never connected is an unknown result, not a fault.
   *
   * @param subject the payment or refund it is about, for traces
   */
  async call(
    participantId: string,
    operation: string,
    timeoutMs: number,
    traceId: string,
    body: object,
    subject?: string,
  ): Promise<PartnerReply> {
    const endpoint = this.connections.find(participantId);
    if (endpoint === undefined) {
      return {
        kind: 'unknown',
        reason: 'connection',
        detail: `${participantId} has not connected to this hub`,
        elapsedMs: 0,
      };
    }
    const about = subject === undefined ? {} : { subject };
    return this.http.call({ endpoint, operation, body, timeoutMs, traceId, ...about });
  }
}

function walletRefused(result: { resultCode: string; resultMessage: string }): AdvanceCommand {
  const decline: Decline = {
    code: result.resultCode,
    detail: result.resultMessage === '' ? 'The wallet refused.' : result.resultMessage,
    by: 'wallet',
  };
  return { kind: 'walletRefused', decline };
}

function walletUnknown(reply: PartnerReply, attempt: number): AdvanceCommand {
  return { kind: 'walletUnknown', attempt, reason: reasonOf(reply) };
}

function pushOutcome(
  reply: PartnerReply,
  result: { resultStatus: string; resultCode: string; resultMessage: string } | undefined,
  attempt: number,
): AdvanceCommand {
  if (result?.resultStatus === 'S') {
    const id = reply.kind === 'answer' ? reply.body['acquirerPaymentId'] : undefined;
    return { kind: 'acquirerAccepted', acquirerPaymentId: typeof id === 'string' ? id : null };
  }
  if (result?.resultStatus === 'F') {
    return {
      kind: 'acquirerRefused',
      decline: { code: result.resultCode, detail: result.resultMessage, by: 'acquirer' },
    };
  }
  return { kind: 'acquirerUnknown', attempt, reason: reasonOf(reply) };
}

function reasonOf(reply: PartnerReply): string {
  return reply.kind === 'unknown'
    ? `No believable answer: ${reply.detail}.`
    : `${reply.result.resultStatus} ${reply.result.resultCode}: ${reply.result.resultMessage}`;
}
