import type { PaymentExplanation } from '#contracts/operator/payments';
import type { Paint } from '../verbs/paint.js';
import { bullets, fold, table } from './table.js';

/** A payment's explanation for a person at a terminal, section by section. */
export function explanationText(
  explanation: PaymentExplanation,
  paint: Paint,
  width: number,
): string {
  const { payment, summary, reasons, timeline, nextDuty } = explanation;
  const lines = [
    `${paint('bold', payment.id)}  ${stateText(payment.state, paint)}`,
    ...fold(summary, width),
    '',
    paint('bold', 'Timeline'),
    ...table(
      timeline.map((record) => [
        `  ${record.at}`,
        record.event,
        record.from === null ? record.to : `${record.from} → ${record.to}`,
        record.detail,
      ]),
      { width },
    ),
  ];
  if (nextDuty !== null) {
    lines.push(
      `  next: ${nextDuty.kind}, attempt ${String(nextDuty.attempt)}, due ${nextDuty.dueAt}`,
    );
  }
  if (reasons.length > 0) {
    lines.push('', paint('bold', 'Why this way'), ...bullets(reasons, '  ', width));
  }
  lines.push(...rateLines(explanation, paint), ...priceLines(explanation, paint, width));
  lines.push(...refundLines(explanation, paint, width));
  lines.push(...entryLines(explanation, paint));
  return `${lines.join('\n')}\n`;
}

function stateText(state: string, paint: Paint): string {
  if (state === 'succeeded') return paint('green', state);
  return paint(state === 'declined' ? 'red' : 'yellow', state);
}

function rateLines({ quotes }: PaymentExplanation, paint: Paint): string[] {
  if (quotes.length === 0) return [];
  return [
    '',
    paint('bold', 'Rates'),
    ...quotes.flatMap((quote) => [
      `  ${quote.id}  1 ${quote.base} = ${quote.price} ${quote.counter}  (mid ${quote.mid}, +${String(quote.markupBps)} bps, tier ${quote.tier}, ${quote.issuedAt} to ${quote.expiresAt})`,
      ...quote.legs.map(
        (leg) =>
          `      ${leg.base}/${leg.counter} ${leg.rate}, ${leg.source}, ${leg.asOf}${leg.pinned ? ', pinned' : ''}`,
      ),
    ]),
  ];
}

function priceLines({ price, payment }: PaymentExplanation, paint: Paint, width: number): string[] {
  if (price === null) return [];
  return [
    '',
    paint('bold', 'Price'),
    ...table(
      price.items.map((item) => [
        `  ${item.kind === 'part' ? '  of which ' : ''}${item.name}`,
        `${item.from} → ${item.to}`,
        item.amount.text,
        item.kind === 'memo' ? `${item.rule} (memo)` : item.rule,
      ]),
      { right: [2], width },
    ),
    `  ${payment.wallet ?? '?'} owes the hub ${price.walletOwes.text}; the hub owes ${payment.acquirer} ${price.acquirerReceives.text}`,
  ];
}

function refundLines({ refunds }: PaymentExplanation, paint: Paint, width: number): string[] {
  return refunds.flatMap((refund) => {
    const legs =
      refund.refundFromAmount === null
        ? []
        : [
            `  the user gets ${refund.refundFromAmount.text}, the acquirer gives ${refund.settlementAmount?.text ?? '?'}; interchange of ${refund.interchange?.text ?? '?'} goes back`,
            `  the wallet owes ${refund.walletCredit?.text ?? '?'} less, the hub owes the acquirer ${refund.acquirerDebit?.text ?? '?'} less`,
          ];
    const { nextAttempt } = refund;
    return [
      '',
      `${paint('bold', 'Refund')}  ${refund.id} ${refund.refundAmount.text}, ${refund.state}${refund.cycle === null ? '' : `, cycle ${refund.cycle}`}${refund.reason === null ? '' : ` (${refund.reason})`}`,
      ...legs,
      ...(refund.decline === null
        ? []
        : [`  ${refund.decline.code}: ${refund.decline.detail} (${refund.decline.by})`]),
      ...table(
        refund.timeline.map((record) => [`  ${record.at}`, record.event, record.detail]),
        { width },
      ),
      ...(nextAttempt === null
        ? []
        : [`  next: the wallet is asked again at ${nextAttempt.dueAt}`]),
    ];
  });
}

function entryLines({ entries }: PaymentExplanation, paint: Paint): string[] {
  return entries.flatMap((entry) => {
    const { queue } = entry;
    return [
      '',
      `${paint('bold', 'Ledger')}  ${entry.id} ${entry.kind}, ${entry.state}, cycle ${entry.cycle}`,
      `  staged ${entry.stagedAt}${entry.postedAt === null ? '' : `, posted ${entry.postedAt}`}`,
      ...(queue === null
        ? []
        : [
            `  queue: batch ${String(queue.batch)} (${String(queue.entriesInBatch)} entries), ${queue.backend ?? '?'} job ${queue.job ?? '?'}, worker ${queue.worker ?? '?'}, leased ${String(queue.claims)} time(s)`,
          ]),
      ...table(
        [
          ['  account', 'debit', 'credit'],
          ...entry.lines.map((line) => [
            `  ${line.account}`,
            line.debit?.text ?? '',
            line.credit?.text ?? '',
          ]),
        ],
        { right: [1, 2] },
      ),
    ];
  });
}
