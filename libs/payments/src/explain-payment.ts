import type { PaymentExplanation } from '#contracts/operator/payments';
import { formatMoney } from '#domain/money';
import { PAYMENT_STATES } from '#domain/payments/state-machine';
import type { Payment } from '#domain/payments/payment';
import { viewOfQuote } from '#fx';
import { listEntriesOfPayment } from '#ledger';
import { NetworkDirectory } from '#corridors';
import { CLOCK, type Clock } from '#platform/clock';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isoOf } from './payment-row.js';
import { PaymentRepository } from './payment-repository.js';
import { RefundRepository } from './refund-repository.js';
import { refundExplanationView } from './refund-views.js';
import {
  amountView,
  entryView,
  paymentView,
  priceItemView,
  timelineView,
} from './payment-views.js';

/**
 * Tells everything that is known of a payment in one document: what happened when, which rule and
 * record decided, the rates with their path, what everybody pays and why, the ledger lines and
 * their way through the queue.
 */
@Injectable()
export class ExplainPayment {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly network: NetworkDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async explain(tx: EntityManager, id: string): Promise<PaymentExplanation | undefined> {
    const payment = await this.payments.find(tx, id);
    if (payment === undefined) return undefined;
    const timeline = await this.payments.timeline(tx, id);
    const entries = await listEntriesOfPayment(tx, payment.id);
    const refunds = await this.refunds.listOfPayment(tx, payment.id);
    const answers = await this.refunds.timeline(
      tx,
      refunds.map((refund) => refund.id),
    );
    const { payer, duty } = payment;
    return {
      payment: paymentView(payment),
      summary: this.summaryOf(payment),
      reasons: [...(payer?.reasons ?? [])],
      timeline: timelineView(timeline),
      nextDuty:
        duty === null
          ? null
          : { kind: duty.kind, attempt: duty.attempt, dueAt: isoOf(duty.dueAtMs) },
      quotes:
        payer === null
          ? []
          : [payer.payerQuote, payer.settlementQuote].map((quote) =>
              viewOfQuote(quote, this.clock.nowMs()),
            ),
      price:
        payer === null
          ? null
          : {
              items: payer.price.items.map(priceItemView),
              walletOwes: amountView(payer.price.walletOwes),
              acquirerReceives: amountView(payer.price.acquirerReceives),
              hubIncomeUsd: amountView(payer.price.hubIncomeUsd),
            },
      refunds: refunds.map((refund) => refundExplanationView(refund, answers)),
      entries: entries.map(entryView),
    };
  }

  private summaryOf(payment: Payment): string {
    const { wallets, acquirers } = this.network.current();
    const walletId = payment.payer?.walletId ?? payment.refusedWalletId;
    const wallet = walletId === null ? 'nobody yet' : (wallets.get(walletId)?.name ?? walletId);
    const acquirer = acquirers.get(payment.acquirerId)?.name ?? payment.acquirerId;
    const price = payment.payer?.price;
    const cost = price === undefined ? '' : `, ${formatMoney(price.payToAmount)} to the payer,`;
    const { refundedMinor } = payment;
    const back =
      refundedMinor === 0n
        ? ''
        : ` ${formatMoney({ ...payment.paymentAmount, minor: refundedMinor })} of it is refunded, or being refunded.`;
    const end =
      payment.decline === null
        ? PAYMENT_STATES[payment.state]
        : `${PAYMENT_STATES[payment.state]} ${payment.decline.code}: ${payment.decline.detail}`;
    return `${formatMoney(payment.paymentAmount)}${cost} at ${payment.order.merchantName} by ${wallet} through ${acquirer}. ${end}${back}`;
  }
}
