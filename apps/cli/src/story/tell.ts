import type { PaymentExplanation } from '#contracts/operator/payments';
import type { Paint } from '../verbs/paint.js';
import type { Story } from './play.js';
import { bullets, fold, table } from './table.js';

/** The story for a person: what was scanned, who was chosen, what it cost, where it was booked. */
export function tellStory(story: Story, paint: Paint, width: number): string {
  const { explanation } = story;
  const head = [
    '',
    `${paint('bold', 'Wayfare')} · ${story.title} · Thailand → Japan`,
    paint('dim', 'Real names, simulated wallets: not affiliated with, or run by, any of them.'),
    '',
    ...fold(story.about, width),
  ];
  if (explanation === null) {
    return [...head, '', paint('red', `No payment came to be. ${story.lastWord}`), ''].join('\n');
  }
  return [
    ...head,
    ...codeSection(story, paint),
    ...routeSection(explanation, paint, width),
    ...priceSection(explanation, paint, width),
    ...wireSection(story, paint),
    ...booksSection(explanation, paint),
    ...proofSection(story, paint),
    '',
  ].join('\n');
}

function section(number: number, title: string, gist: string, paint: Paint): string[] {
  return ['', `${paint('bold', `${String(number)}  ${title}`)}  ${gist}`];
}

function codeSection(story: Story, paint: Paint): string[] {
  const { payload, decoding } = story.code;
  const schemes = (decoding['schemes'] as { name?: string }[] | undefined) ?? [];
  const shop = story.explanation?.payment.merchantName ?? '';
  const city = decoding['merchantCity'];
  const scheme = schemes[0]?.name ?? String(decoding['format']);
  const gist = [
    shop + (typeof city === 'string' ? `, ${city}` : ''),
    scheme,
    decoding['pointOfInitiation'] === 'static' ? 'static, the payer types the amount' : '',
  ];
  return [
    ...section(1, 'CODE', gist.filter((part) => part !== '').join(' · '), paint),
    `   ${paint('dim', payload)}`,
  ];
}

function routeSection(explanation: PaymentExplanation, paint: Paint, width: number): string[] {
  const { payment, reasons } = explanation;
  return [
    ...section(2, 'ROUTE', `${payment.wallet ?? '?'} → ${payment.acquirer}`, paint),
    ...bullets(reasons, '   ', width),
  ];
}

function priceSection(explanation: PaymentExplanation, paint: Paint, width: number): string[] {
  const { payment, price, quotes } = explanation;
  if (price === null) return [];
  const quote = quotes[0];
  const legs =
    quote?.legs.map(
      (leg) => `${leg.base}/${leg.counter} ${leg.rate} (${leg.source}, ${leg.asOf})`,
    ) ?? [];
  const gist = `${payment.paymentAmount.text} costs the payer ${payment.payToAmount?.text ?? '?'}`;
  const rates =
    quote === undefined
      ? []
      : table(
          [
            [
              '   rate',
              `1 ${quote.base} = ${quote.price} ${quote.counter}: mid ${quote.mid} + ${String(quote.markupBps / 100)} % (tier ${quote.tier}), locked until ${timeOf(quote.expiresAt)}`,
            ],
            [
              '   path',
              `${quote.stations.join(' → ')}: ${legs.join(', ')}${quote.pinned ? '; shipped figures, pinned to their date' : ''}`,
            ],
          ],
          { width },
        );
  const items = price.items
    .filter((item) => item.amount.value !== '0')
    .map((item) => [
      `   ${item.kind === 'part' ? '  of it ' : ''}${item.name}`,
      `${item.from} → ${item.to}`,
      item.amount.text,
      item.kind === 'memo' ? `${briefRule(item.rule)} (memo)` : briefRule(item.rule),
    ]);
  return [
    ...section(3, 'PRICE', gist, paint),
    ...rates,
    ...table(items, { right: [2], width }),
    paint('dim', `   each rounded half up to 1 minor unit${ROUNDS_OTHERWISE}`),
    `   ${payment.wallet ?? ''} owes the hub ${price.walletOwes.text}; the hub owes ${payment.acquirer} ${price.acquirerReceives.text}`,
  ];
}

function wireSection(story: Story, paint: Paint): string[] {
  const startMs = story.steps[0]?.atMs ?? 0;
  const rows = story.steps.map((step) => [
    `   +${String(step.atMs - startMs)} ms`,
    `${step.from} → ${step.to}`,
    step.operation,
    paint(
      step.resultStatus === 'S' ? 'green' : 'yellow',
      `${step.resultStatus} ${step.resultCode}`,
    ),
    paint('dim', `${step.ms.toFixed(1)} ms`),
  ]);
  return [
    ...section(4, 'WIRE', 'every call and every answer signed with RSA-2048', paint),
    ...table(rows, { right: [4] }),
  ];
}

function booksSection(explanation: PaymentExplanation, paint: Paint): string[] {
  return explanation.entries.flatMap((entry) => {
    const lines = entry.lines.map((line) => [
      `   ${line.account}`,
      line.debit?.text ?? '',
      line.credit?.text ?? '',
    ]);
    const { queue } = entry;
    const hop =
      queue === null
        ? 'waiting for the clearing queue'
        : `batch ${String(queue.batch)} (entries: ${String(queue.entriesInBatch)}) on the ${queue.backend ?? '?'} queue, job ${queue.job ?? '?'}`;
    const took =
      entry.postedAt === null
        ? ''
        : `, posted ${String(Date.parse(entry.postedAt) - Date.parse(entry.stagedAt))} ms after it was staged`;
    const currencies = [
      ...new Set(entry.lines.map((line) => (line.debit ?? line.credit)?.currency)),
    ];
    return [
      ...section(5, 'BOOKS', `${entry.kind} in cycle ${entry.cycle}`, paint),
      `   ${hop}${took}`,
      ...table([['   account', 'debit', 'credit'], ...lines], { right: [1, 2] }),
      `   balanced in ${currencies.join(', ')}`,
    ];
  });
}

function proofSection(story: Story, paint: Paint): string[] {
  const failed = story.checks.filter((check) => !check.ok);
  const gist =
    failed.length === 0
      ? paint('green', `all ${String(story.checks.length)} invariants hold`)
      : paint('red', `${failed.map((check) => check.name).join(', ')} do not hold`);
  return [
    ...section(6, 'PROOF', gist, paint),
    `   payment ${story.explanation?.payment.id ?? ''}, scanned, paid and cleared in ${String(story.paidAndClearedMs)} ms`,
  ];
}

const HALF_UP = ', half up to 1 minor unit';
const ROUNDS_OTHERWISE = ', unless it says otherwise';

/** The rounding most items share is said once, below them. */
function briefRule(rule: string): string {
  return rule.replace(HALF_UP, '').replace('paymentAmount', 'amount');
}

function timeOf(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}
