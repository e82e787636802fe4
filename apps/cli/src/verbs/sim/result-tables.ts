import { figureWords, type SimulationRun } from '#scenarios';
import { formatMoney, money } from '#domain/money';
import { fold, table } from '../../story/table.js';
import type { ResultLook } from './result-text.js';

type Answers = SimulationRun['answers'];

/** More rows than that are for files; the rest is summed up in one. */
const MOST_ROWS = 8;

export function corridorLines({ corridors }: Answers, look: ResultLook): string[] {
  const paid = corridors.filter(({ intended }) => intended > 0);
  const rows = [...paid]
    .sort((a, b) => b.usd - a.usd)
    .map((one) => [
      `${one.origin} → ${one.destination}`,
      figureWords(Math.round(one.payments), 'count'),
      moneyWords(one.currency, one.paymentMinor),
      figureWords(one.usd, 'usd'),
      figureWords(one.spendingSharePercent, 'percent'),
      figureWords(one.gapPercent, 'percent'),
      figureWords(one.allInCostBps, 'bps'),
    ]);
  const head = [
    '',
    'payments',
    'value',
    'in dollars',
    'of spending',
    'not accepted',
    'all-in cost',
  ];
  return shortTable(head, rows, 'corridors', look);
}

/** What a shop pays its bank for cash is not known, so no sum is told of it. */
export function costLines({ costs: { merchant, payer } }: Answers): string[] {
  const bps = (value: number): string => figureWords(value, 'bps');
  return table(
    [
      ['', 'by wallet', 'by card', 'in cash'],
      ['merchants pay', bps(merchant.walletBps), bps(merchant.cardBps), '–'],
      ['payers pay', bps(payer.walletBps), bps(payer.cardBps), bps(payer.cashBps)],
      [
        'together',
        bps(merchant.walletBps + payer.walletBps),
        bps(merchant.cardBps + payer.cardBps),
        '–',
      ],
    ],
    { right: [1, 2, 3] },
  );
}

export function walletLines({ wallets }: Answers, look: ResultLook): string[] {
  const rows = [...wallets]
    .filter(({ payments }) => payments > 0)
    .sort((a, b) => b.usd - a.usd)
    .map((one) => [
      `${one.name} (${one.origin})`,
      figureWords(Math.round(one.payments), 'count'),
      figureWords(one.usd, 'usd'),
      figureWords(one.revenueUsd, 'usd'),
      moneyWords(one.currency, one.exposure.peakMinor),
      figureWords(one.exposure.peakPercent, 'percent'),
    ]);
  const head = ['', 'payments', 'value', 'earns', 'owes at most', 'of its limit'];
  return shortTable(head, rows, 'wallets', look);
}

export function settlementLines({ settlement }: Answers, look: ResultLook): string[] {
  const { currencies, cyclesPerDay, netting, obligations } = settlement;
  const saved = (net: number, gross: number): string =>
    figureWords(gross === 0 ? 0 : ((gross - net) / gross) * 100, 'percent');
  const rows = currencies.map((one) => [
    one.currency,
    moneyWords(one.currency, one.grossMinor),
    saved(one.bilateralMinor, one.grossMinor),
    saved(one.multilateralMinor, one.grossMinor),
    moneyWords(one.currency, one.liquidityPeakMinor),
    one.liquidityPeakOn ?? '',
    figureWords(one.hubOffsetPercent, 'percent'),
  ]);
  if (rows.length === 0) return [];
  const head = ['', 'gross', 'bilateral', 'multilateral', 'most in a day', 'on', 'hub offsets'];
  const cycles = cyclesPerDay === 1 ? 'One cycle' : `${String(cyclesPerDay)} cycles`;
  const held = obligations.held === 0 ? '' : `, ${String(obligations.held)} held`;
  return [
    ...shortTable(head, rows, 'currencies', look),
    ...fold(
      `${cycles} a day, ${netting} netting; percentages are what netting saves of gross. ` +
        `${figureWords(obligations.due, 'count')} obligations due, ` +
        `${figureWords(obligations.carried, 'count')} carried below the minimum${held}.`,
      look.width - 2,
    ).map((line) => look.paint('dim', line)),
    ...obligations.heldBecause.flatMap((reason) => fold(`Held: ${reason}`, look.width - 2)),
  ];
}

export function defaultLines({ defaults, wallets }: Answers, look: ResultLook): string[] {
  return defaults.flatMap((one) => {
    const words = (minor: number): string => moneyWords(one.currency, minor);
    const isWallet = wallets.some(({ wallet }) => wallet === one.participant);
    const waiting = isWallet ? 'refunds that its payers wait for' : 'which its merchants wait for';
    const layers = [
      [words(one.prefundMinor), 'its prefund'],
      [words(one.receivablesMinor), 'set off against what the hub owes it'],
      [words(one.hubCapitalMinor), 'the hub’s capital set aside'],
      ...one.survivors.map(({ participant, minor }) => [words(minor), participant]),
      [words(one.residualMinor), 'the hub beyond that'],
    ];
    return [
      ...fold(
        `${one.participant} pays nothing from ${one.on}: ${words(one.lossMinor)} stay unpaid.`,
        look.width - 2,
      ),
      ...(one.lossMinor === 0
        ? []
        : table(
            layers.map(([a = '', b = '']) => [`  ${a}`, b]),
            { right: [0] },
          )),
      ...(one.hubStillOwesMinor === 0
        ? []
        : fold(
            `The hub still owes it ${words(one.hubStillOwesMinor)}, ${waiting}.`,
            look.width - 2,
          )),
    ];
  });
}

/** Large amounts in millions and billions of the currency, small ones to the minor unit. */
export function moneyWords(currency: string, minor: number): string {
  const whole = Math.round(minor);
  const exact = formatMoney(money(currency, BigInt(whole)));
  const major = Number(exact.slice(currency.length + 1).replaceAll(',', ''));
  return Math.abs(major) < 1_000_000 ? exact : `${currency} ${figureWords(major, 'count')}`;
}

function shortTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  what: string,
  { width, paint }: ResultLook,
): string[] {
  if (rows.length === 0) return [];
  const kept = rows.slice(0, MOST_ROWS);
  const fits = columnsThatFit([head, ...kept], width - 2);
  const cut = [head.map((cell) => paint('dim', cell)), ...kept].map((row) => row.slice(0, fits));
  const more = rows.length - kept.length;
  return [
    ...table(cut, { right: head.map((_, index) => index).slice(1) }),
    ...(more > 0 ? [paint('dim', `and ${String(more)} more ${what}: see --json or --out`)] : []),
  ];
}

/** How many columns keep within a width: the last ones are the least, and go first. */
export function columnsThatFit(rows: readonly (readonly string[])[], width: number): number {
  let used = -2;
  const count = rows[0]?.length ?? 0;
  for (let column = 0; column < count; column++) {
    used += 2 + Math.max(...rows.map((row) => [...(row[column] ?? '')].length));
    if (used > width) return Math.max(column, 1);
  }
  return count;
}
