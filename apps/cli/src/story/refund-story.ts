import { formatMoney, type Money } from '#domain/money';
import type { PaymentExplanation } from '#contracts/operator/payments';
import { HubApi } from '../system/hub-api.js';
import type { Step } from '../system/sandbox-control.js';
import type { System } from '../system/system.js';
import type { Paint } from '../verbs/paint.js';
import { CAST, FLOWS } from './flows.js';
import { fold, table } from './table.js';

/** Clearing takes milliseconds; a machine under load gets this long before the story goes on. */
const CLEARED_WITHIN_MS = 15_000;

/** What the noodle shop gives back of the payment, in major units: part of it, then more. */
const PIECES = [
  { amount: '300', reason: 'One bowl was cold' },
  { amount: '500', reason: 'The other one never came' },
] as const;

/** A payment and two refunds of it; `--json` prints it as it is. */
export interface RefundStory {
  readonly simulated: true;
  readonly cast: typeof CAST;
  readonly steps: readonly Step[];
  readonly explanation: PaymentExplanation | null;
  /** What the last partner said. */
  readonly lastWord: string;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

/** Pays, refunds part of it twice, and gathers both legs and the books. */
export async function playRefundStory({ sandbox, hubUrl, dataDir }: System): Promise<RefundStory> {
  const hub = new HubApi(hubUrl, dataDir);
  const [flow] = FLOWS;
  const played = await flow?.play(sandbox, hub, CAST);
  const paymentId = played?.paymentId;
  const traceIds = [...(played?.traceIds ?? [])];
  let lastWord = `${played?.result.resultCode ?? '?'}: ${played?.result.resultMessage ?? ''}`;
  if (paymentId !== undefined) {
    await hub.explainWhenCleared(paymentId, CLEARED_WITHIN_MS);
    for (const piece of PIECES) {
      const refunded = await sandbox.refund(CAST.acquirerId, { paymentId, ...piece });
      traceIds.push(refunded.traceId);
      lastWord = `${refunded.result.resultCode}: ${refunded.result.resultMessage}`;
    }
  }
  const explanation =
    paymentId === undefined ? null : await hub.explainWhenCleared(paymentId, CLEARED_WITHIN_MS);
  const steps = await Promise.all(traceIds.map((id) => sandbox.steps(id)));
  const { checks } = await hub.verifyInvariants();
  return {
    simulated: true,
    cast: CAST,
    steps: steps.flat().sort((a, b) => a.atMs - b.atMs),
    explanation,
    lastWord,
    checks: checks.map(({ name, ok }) => ({ name, ok })),
  };
}

/** Whether both refunds were made, everything is posted, and everything still adds up. */
export function refundsEndedWell({ explanation, checks }: RefundStory): boolean {
  return (
    explanation?.refunds.length === PIECES.length &&
    explanation.refunds.every(({ state }) => state === 'succeeded') &&
    explanation.entries.every((entry) => entry.state === 'posted') &&
    checks.every((check) => check.ok)
  );
}

/** The story for a person: what went back on each leg, what is left, and where it is booked. */
export function tellRefundStory(story: RefundStory, paint: Paint, width: number): string {
  const { explanation } = story;
  const head = [
    '',
    `${paint('bold', 'Wayfare')} · refunds · Thailand → Japan`,
    paint('dim', 'Real names, simulated wallets: not affiliated with, or run by, any of them.'),
    '',
    ...fold(
      'The shop gives part of a payment back, twice. Each refund is priced at the payment’s own rates; interchange goes back, scheme fees are kept.',
      width,
    ),
  ];
  if (explanation === null) {
    return [...head, '', paint('red', `No payment came to be. ${story.lastWord}`), ''].join('\n');
  }
  const { payment } = explanation;
  const section = (number: number, title: string, gist: string): string[] => [
    '',
    `${paint('bold', `${String(number)}  ${title}`)}  ${gist}`,
  ];
  const failed = story.checks.filter((check) => !check.ok);
  return [
    ...head,
    ...section(
      1,
      'PAYMENT',
      `${payment.paymentAmount.text} at ${payment.merchantName} cost the payer ${payment.payToAmount?.text ?? '?'}`,
    ),
    `   ${payment.id}`,
    ...section(2, 'REFUNDS', 'each is round(all refunded so far) less what went back before'),
    ...table(refundRows(explanation), { right: [1, 2, 3, 4, 5] }),
    ...section(3, 'LEFT', 'what is still owed for this payment, by the books'),
    ...table(leftRows(explanation), { right: [1] }),
    ...section(4, 'WIRE', 'the refunds alone; every call and every answer signed'),
    ...table(
      story.steps
        .filter(({ operation }) => operation === 'payments/refund')
        .map((step) => [
          `   ${step.from} → ${step.to}`,
          step.operation,
          paint(step.resultStatus === 'S' ? 'green' : 'yellow', step.resultCode),
          paint('dim', `${step.ms.toFixed(1)} ms`),
        ]),
      { right: [3] },
    ),
    ...section(
      5,
      'PROOF',
      failed.length === 0
        ? paint('green', `all ${String(story.checks.length)} invariants hold`)
        : paint('red', `${failed.map(({ name }) => name).join(', ')} do not hold`),
    ),
    `   npm run -s wayfare -- why ${payment.id}`,
    '',
  ].join('\n');
}

function refundRows({ refunds }: PaymentExplanation): string[][] {
  return [
    ['   refund', 'of', 'user gets', 'shop gives', 'wallet owes less', 'hub owes less'],
    ...refunds.map((refund) => [
      `   ${refund.reason ?? refund.id}, ${refund.state}`,
      refund.refundAmount.text,
      refund.refundFromAmount?.text ?? '',
      refund.settlementAmount?.text ?? '',
      refund.walletCredit?.text ?? '',
      refund.acquirerDebit?.text ?? '',
    ]),
  ];
}

/** The participants' accounts, summed over all entries of the payment. */
function leftRows({ entries }: PaymentExplanation): string[][] {
  const sums = new Map<string, { left: Money; texts: string[] }>();
  for (const line of entries.flatMap((entry) => entry.lines)) {
    const amount = line.debit ?? line.credit;
    if (amount === null || !/walletReceivable|acquirerPayable/.test(line.account)) continue;
    // The wallet owes by debits, the acquirer is owed by credits.
    const owes = line.account.includes('walletReceivable');
    const more = owes === (line.debit !== null);
    const { left, texts } = sums.get(line.account) ?? {
      left: { currency: amount.currency, minor: 0n },
      texts: [],
    };
    const minor = left.minor + BigInt(amount.value) * (more ? 1n : -1n);
    sums.set(line.account, {
      left: { ...left, minor },
      texts: [...texts, `${more ? '+' : '−'} ${amount.text}`],
    });
  }
  return [...sums].map(([account, { left, texts }]) => {
    const [owner = ''] = account.split(' ');
    const who = account.includes('walletReceivable')
      ? `${owner} owes the hub`
      : `the hub owes ${owner}`;
    return [`   ${who}`, formatMoney(left), `= ${texts.join(' ').replace(/^\+ /, '')}`];
  });
}
