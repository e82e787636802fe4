import type { AmountView, PaymentExplanation, PaymentView } from '#contracts/operator/payments';
import type { AccountRef, JournalLine } from '#domain/journal';
import { formatMoney, type Money } from '#domain/money';
import type { Payment, PaymentRecord } from '#domain/payments/payment';
import type { PriceItem } from '#domain/pricing/price-items';
import type { RecordedEntry } from '#ledger';
import { isoOf } from './payment-row.js';

export function amountView(amount: Money): AmountView {
  return {
    currency: amount.currency,
    value: amount.minor.toString(),
    text: formatMoney(amount),
  };
}

export function paymentView(payment: Payment): PaymentView {
  const price = payment.payer?.price;
  return {
    id: payment.id,
    mode: payment.mode,
    state: payment.state,
    wallet: payment.payer?.walletId ?? payment.refusedWalletId,
    acquirer: payment.acquirerId,
    acquirerRequestId: payment.acquirerRequestId,
    merchant: payment.merchantId,
    store: payment.storeId,
    merchantName: payment.order.merchantName,
    paymentAmount: amountView(payment.paymentAmount),
    payToAmount: price === undefined ? null : amountView(price.payToAmount),
    settlementAmount: price === undefined ? null : amountView(price.settlementAmount),
    decline: payment.decline,
    cycle: payment.cycleId,
    createdAt: isoOf(payment.createdAtMs),
    expiresAt: isoOf(payment.expiresAtMs),
    completedAt: payment.completedAtMs === null ? null : isoOf(payment.completedAtMs),
    traceId: payment.traceId,
  };
}

export function timelineView(records: readonly PaymentRecord[]): PaymentExplanation['timeline'] {
  return records.map((record) => ({
    at: isoOf(record.atMs),
    event: record.event,
    from: record.from,
    to: record.to,
    detail: record.detail,
  }));
}

export function priceItemView(
  item: PriceItem,
): NonNullable<PaymentExplanation['price']>['items'][number] {
  return {
    name: item.name,
    kind: item.kind,
    partOf: item.partOf ?? null,
    from: item.from,
    to: item.to,
    amount: amountView(item.amount),
    rule: item.rule,
  };
}

export function entryView(entry: RecordedEntry): PaymentExplanation['entries'][number] {
  const { hop } = entry;
  return {
    id: entry.id,
    kind: entry.kind,
    state: entry.state,
    cycle: entry.cycleId,
    stagedAt: isoOf(entry.stagedAtMs),
    postedAt: entry.postedAtMs === null ? null : isoOf(entry.postedAtMs),
    lines: entry.lines.map(lineView),
    queue:
      hop === null
        ? null
        : {
            batch: hop.batchNo,
            backend: hop.queueBackend,
            job: hop.jobId,
            entriesInBatch: hop.entriesInBatch,
            claims: entry.claims,
            claimedAt: isoOf(hop.claimedAtMs),
            enqueuedAt: hop.enqueuedAtMs === null ? null : isoOf(hop.enqueuedAtMs),
            startedAt: hop.startedAtMs === null ? null : isoOf(hop.startedAtMs),
            worker: hop.worker,
          },
  };
}

function lineView(line: JournalLine): PaymentExplanation['entries'][number]['lines'][number] {
  const { currency } = line.account;
  const shown = (minor: bigint): AmountView => amountView({ currency, minor });
  return {
    account: accountText(line.account),
    debit: line.minor > 0n ? shown(line.minor) : null,
    credit: line.minor < 0n ? shown(-line.minor) : null,
  };
}

/** `truemoney walletReceivable THB`, `hub fxPositionUsd USD of JPY`. */
function accountText(account: AccountRef): string {
  const text = `${account.owner} ${account.kind} ${account.currency}`;
  return account.of === undefined ? text : `${text} of ${account.of}`;
}
