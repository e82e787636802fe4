import type { Paint } from '../../verbs/paint.js';
import { fold, table } from '../table.js';
import type { CycleStory, DefaultView, ThreeDaysStory } from './gather.js';

/** The three days for a person: what happened, what it came to, and where each number is from. */
export function tellThreeDays(story: ThreeDaysStory, paint: Paint, width: number): string {
  return [
    '',
    `${paint('bold', 'Wayfare')} · three days of clearing and settlement · Thailand → Japan`,
    paint('dim', 'Real names, simulated wallets: not affiliated with, or run by, any of them.'),
    '',
    ...fold(
      'Three clearing days with refunds, a late acquirer, a holiday and a default. The clock was moved by hand; cut-offs, netting, settlement and covers were done by the hub itself.',
      width,
    ),
    ...diary(story, paint, width),
    ...story.cycles.flatMap((cycle) => cycleSection(cycle, paint, width)),
    ...story.defaults.flatMap((loss) => defaultSection(loss, paint)),
    ...fxSection(story, paint),
    ...proofSection(story, paint, width),
    '',
  ].join('\n');
}

function diary({ happenings }: ThreeDaysStory, paint: Paint, width: number): string[] {
  const days = [...new Set(happenings.map(({ day }) => day))];
  return days.flatMap((day) => [
    '',
    paint('bold', `${weekday(day)} ${day}`),
    ...table(
      happenings
        .filter((happening) => happening.day === day)
        .map(({ time, what }) => [`   ${time}`, what]),
      { width },
    ),
  ]);
}

function cycleSection(
  { cycle, models, obligations, proofHash }: CycleStory,
  paint: Paint,
  width: number,
): string[] {
  const nets = models.map(({ currency, gross, bilateral, multilateral }) => [
    `   ${currency}`,
    `${gross.minor} in ${String(gross.transfers)}`,
    `${bilateral.minor} in ${String(bilateral.transfers)}`,
    `${multilateral.minor} in ${String(multilateral.transfers)}`,
  ]);
  const owed = obligations.map((obligation) => [
    `   ${obligation.participant}`,
    obligation.direction === 'paysHub' ? 'pays' : 'receives',
    obligation.amount.text,
    obligation.state,
    obligation.carriedIn.value === '0'
      ? obligation.reason
      : `${obligation.own.text} of this cycle and ${obligation.carriedIn.text} carried in. ${obligation.reason}`,
  ]);
  const members = `${String(cycle.members ?? 0)} members`;
  return [
    '',
    `${paint('bold', `Cycle ${cycle.id}`)}  ${members}, closed ${instant(cycle.closedAt)}, final ${instant(cycle.finalAt)} (UTC+8)`,
    ...table(
      [['   minor units, payments', 'gross', 'bilateral net', 'multilateral net'], ...nets],
      { right: [1, 2, 3] },
    ),
    ...table(owed, { right: [2], width }),
    paint('dim', `   proof ${proofHash}`),
  ];
}

function defaultSection(loss: DefaultView, paint: Paint): string[] {
  return loss.layers.flatMap((layer) => [
    '',
    `${paint('bold', `Default of ${loss.participant}`)}  declared by ${loss.declaredBy}: ${layer.loss.text} unpaid`,
    ...table(
      [
        ['   its prefund', layer.prefund.text, 'what it had deposited goes first'],
        ['   its receivables', layer.receivables.text, 'what it was still owed is set off'],
        ['   hub capital', layer.hubCapital.text, 'then the hub bears, up to what it set aside'],
        ...layer.survivors.map(({ participant, amount }) => [
          `   ${participant}`,
          amount.text,
          'the rest by survivors, in proportion to what they owe',
        ]),
        ['   left unborne', layer.residual.text, ''],
      ],
      { right: [1] },
    ),
  ]);
}

/** What each account of the result holds, for those who do not know the books. */
const RESULT_OF: Readonly<Record<string, string>> = {
  fxMargin: 'mark-ups on the mid that payers paid',
  schemeFeeWallet: 'scheme fees of wallets',
  schemeFeeAcquirer: 'scheme fees of acquirers',
  interchangeFxDifference: 'interchange, credited at another quote than charged',
  rounding: 'what rounding left over',
  refundFxDifference: "refunds at their payments' own rates",
  fxRealised: 'positions, sold or covered at other than mid',
  fxUnrealised: 'positions still open, at the mid of the day',
};

function fxSection({ fx }: ThreeDaysStory, paint: Paint): string[] {
  return fx.flatMap((day) => [
    '',
    `${paint('bold', `Currency result of ${day.day}`)}  ${day.resultUsd.text}, ${day.tied ? 'every line equals the ledger' : paint('red', 'does not equal the ledger')}`,
    ...table(
      day.positions.map((position) => [
        `   ${position.currency}`,
        `opened ${position.opening.text}`,
        `bought ${position.bought.text}`,
        `sold ${position.sold.text}`,
        `open ${position.closing.text}`,
        `realised ${position.realised.text}`,
        `unrealised ${position.unrealised.text}`,
      ]),
    ),
    ...table(
      [
        ...day.lines.map(({ account, amount, usd }) => [
          `   ${RESULT_OF[account] ?? account}`,
          amount.text,
          amount.currency === 'USD' ? '' : `≈ ${usd?.text ?? 'no mid that day'}`,
        ]),
        ['   in dollars', day.resultUsd.text, 'their sum'],
      ],
      { right: [1] },
    ),
    ...(day.refunds.count === 0
      ? []
      : [
          `   ${String(day.refunds.count)} refunds at their payments' own rates cost or brought ${day.refunds.total.text}`,
        ]),
  ]);
}

function proofSection(story: ThreeDaysStory, paint: Paint, width: number): string[] {
  const failed = story.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const gist =
    failed.length === 0
      ? paint('green', `all ${String(story.checks.length)} invariants hold`)
      : paint('red', `${failed.join(', ')} do not hold`);
  const head = story.ledgerHead;
  const first = story.cycles[0]?.cycle.id ?? '';
  return [
    '',
    `${paint('bold', 'PROOF')}  ${gist}`,
    ...(head === null ? [] : [`   ledger sealed to block ${String(head.block)}, ${head.hash}`]),
    ...fold(
      `Look yourself: its database stays until the next rehearsal. Put WAYFARE_DATA_DIR=${story.folder} before any of these:`,
      width,
    ).map((line) => `   ${line}`),
    `     npm run -s wayfare -- settle prove ${first}`,
    '     npm run -s wayfare -- verify',
    '     npm run -s wayfare -- ledger check',
    `     npm run -s wayfare -- files recompute ${story.folder}/files`,
    `     npm run -s wayfare -- fx pnl --day ${story.fx[0]?.day ?? ''}`,
  ];
}

function weekday(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'long',
    timeZone: 'UTC',
  });
}

function instant(iso: string | null): string {
  if (iso === null) return 'not yet';
  const local = new Date(Date.parse(iso) + 8 * 3_600_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
}
