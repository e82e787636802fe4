import { isoDate } from '#domain/rates/calendar-day';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import { waitsOf } from '../waits.js';
import type { World } from '../world.js';
import { groundOf, type Ground } from './ground.js';

/**
 * Totals tell of the same payments several times: by day and hour, by outcome, category and area,
 * and their money columns follow from one another. Whoever writes a kernel asks here whether its
 * columns agree; each disagreement is a sentence.
 *
 * @param tolerance of an amount, for kernels whose expected values are no integers
 */
export function totalsFaults(world: World, totals: Totals, tolerance = 0): string[] {
  const ground = groundOf(world);
  return [
    ...priceFaults(ground, totals, tolerance),
    ...hourFaults(ground, totals, tolerance),
    ...countFaults(ground, totals, tolerance),
    ...waitFaults(totals),
  ];
}

function differs(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) > tolerance * Math.max(Math.abs(a), Math.abs(b), 1);
}

function where(ground: Ground, clearingDay: number, pair: number): string {
  const { wallet = -1, acquirer = -1 } = ground.pairs[pair] ?? {};
  const [payer, shop] = [ground.world.wallets[wallet], ground.world.acquirers[acquirer]];
  const day = isoDate(ground.firstClearingDay + clearingDay);
  return `${day} ${payer?.wallet.id ?? ''} at ${shop?.acquirer.id ?? ''}`;
}

/** What each side owes in the end is its amount with its fees; nobody refunds more than was paid. */
function* priceFaults(ground: Ground, totals: Totals, tolerance: number): Generator<string> {
  const { pairs, clearingDays } = ground;
  for (let cell = 0; cell < clearingDays * pairs.length; cell++) {
    const money = (column: number): number =>
      totals.money[cell * MONEY_COLUMNS.length + column] ?? 0;
    const owes =
      money(MONEY.payToMinor) -
      money(MONEY.interchangeCreditedMinor) +
      money(MONEY.schemeFeeWalletMinor);
    const receives =
      money(MONEY.settlementMinor) -
      money(MONEY.interchangeChargedMinor) -
      money(MONEY.schemeFeeAcquirerMinor);
    const place = where(ground, Math.floor(cell / pairs.length), cell % pairs.length);
    if (differs(owes, money(MONEY.walletOwesMinor), tolerance)) {
      yield `${place}: the wallet's parts come to ${String(owes)}, not ${String(money(MONEY.walletOwesMinor))}`;
    }
    if (differs(receives, money(MONEY.acquirerReceivesMinor), tolerance)) {
      yield `${place}: the acquirer's parts come to ${String(receives)}, not ${String(money(MONEY.acquirerReceivesMinor))}`;
    }
    const [refunded, paid] = [totals.refundedMinor[cell] ?? 0, money(MONEY.paymentMinor)];
    if (refunded > paid && differs(refunded, paid, tolerance)) {
      yield `${place}: ${String(refunded)} is refunded of ${String(paid)} paid`;
    }
  }
}

function* hourFaults(ground: Ground, totals: Totals, tolerance: number): Generator<string> {
  const { pairs, clearingDays } = ground;
  const sides = [
    ['owes', totals.owes, MONEY.walletOwesMinor],
    ['receives', totals.receives, MONEY.acquirerReceivesMinor],
  ] as const;
  for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
    for (let pair = 0; pair < pairs.length; pair++) {
      const cell = clearingDay * pairs.length + pair;
      for (const [name, hourly, column] of sides) {
        let byHour = 0;
        for (let hour = 0; hour < 24; hour++) {
          byHour += hourly[(clearingDay * 24 + hour) * pairs.length + pair] ?? 0;
        }
        const byDay = totals.money[cell * MONEY_COLUMNS.length + column] ?? 0;
        if (!differs(byHour, byDay, tolerance)) continue;
        yield `${where(ground, clearingDay, pair)}: ${name} ${String(byHour)} by hour, ${String(byDay)} by day`;
      }
    }
  }
}

/** Payments and amounts by outcome, category and area are those of the money columns. */
function* countFaults(ground: Ground, totals: Totals, tolerance: number): Generator<string> {
  const { world } = ground;
  const byMoney = moneyByFlow(ground, totals);
  const areas = new Map<number, { count: number; minor: number }>();
  for (const [flow, { origin, destination }] of world.flows.entries()) {
    const name = `${world.origins[origin] ?? ''} to ${world.destinations[destination]?.market ?? ''}`;
    const { count = 0, minor = 0 } = byMoney[flow] ?? {};
    const paid = flow * OUTCOMES.length + OUTCOME.paid;
    const slice = (column: Float64Array): number =>
      sumOf(column, flow * world.categories.length, (flow + 1) * world.categories.length);
    const told = [
      ['payments by outcome', totals.outcomes[paid] ?? 0, count],
      ['value by outcome', totals.outcomeMinor[paid] ?? 0, minor],
      ['payments by category', slice(totals.categoryCount), count],
      ['value by category', slice(totals.categoryMinor), minor],
    ] as const;
    for (const [what, found, expected] of told) {
      if (differs(found, expected, tolerance)) {
        yield `${name}: ${what} are ${String(found)}, by money ${String(expected)}`;
      }
    }
    const before = areas.get(destination) ?? { count: 0, minor: 0 };
    areas.set(destination, { count: before.count + count, minor: before.minor + minor });
  }
  for (const [destination, { count, minor }] of areas) {
    const name = world.destinations[destination]?.market ?? '';
    const over = (column: Float64Array): number =>
      column.reduce(
        (sum, value, area) => (world.areas[area]?.destination === destination ? sum + value : sum),
        0,
      );
    const [byCount, byMinor] = [over(totals.areaCount), over(totals.areaMinor)];
    if (differs(byCount, count, tolerance) || differs(byMinor, minor, tolerance)) {
      yield `${name}: areas have ${String(byCount)} payments of ${String(byMinor)}, by money ${String(count)} of ${String(minor)}`;
    }
  }
}

/** Where moments are known at all, whatever came to a wallet waited once. */
function* waitFaults({ waits, outcomes }: Totals): Generator<string> {
  const ended = (...names: readonly (keyof typeof OUTCOME)[]): number => {
    let count = 0;
    for (let flow = 0; flow < outcomes.length; flow += OUTCOMES.length) {
      for (const name of names) count += outcomes[flow + OUTCOME[name]] ?? 0;
    }
    return count;
  };
  const [answered, cancelled] = [waitsOf(waits, 'answered'), waitsOf(waits, 'cancelled')];
  if (answered + cancelled === 0) return;
  const byOutcome = [ended('paid', 'insufficientFunds', 'riskRefused'), ended('timedOut')] as const;
  if (answered !== byOutcome[0] || cancelled !== byOutcome[1]) {
    yield `${String(answered)} waits were answered and ${String(cancelled)} cancelled, by outcome ${String(byOutcome[0])} and ${String(byOutcome[1])}`;
  }
}

function moneyByFlow(ground: Ground, totals: Totals): { count: number; minor: number }[] {
  const flows = ground.world.flows.map(() => ({ count: 0, minor: 0 }));
  for (let cell = 0; cell < ground.clearingDays * ground.pairs.length; cell++) {
    const flow = flows[ground.flowOf[cell % ground.pairs.length] ?? -1];
    if (flow === undefined) continue;
    flow.count += totals.money[cell * MONEY_COLUMNS.length + MONEY.payments] ?? 0;
    flow.minor += totals.money[cell * MONEY_COLUMNS.length + MONEY.paymentMinor] ?? 0;
  }
  return flows;
}

function sumOf(column: Float64Array, from: number, until: number): number {
  let sum = 0;
  for (let at = from; at < until; at++) sum += column[at] ?? 0;
  return sum;
}
