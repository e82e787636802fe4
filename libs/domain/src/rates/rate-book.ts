import type { CurrencyCode } from '../currency.js';
import type { MidRate, Ratio, RatePath } from '../fx.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { dayNumber } from './calendar-day.js';
import { invertRatio, multiplyRatios, ONE } from './ratio.js';

/**
 * Currencies others are published against, in the order they are tried: the ECB quotes
 * everything per euro, most other series per US dollar.
 */
export const REFERENCE_CURRENCIES: readonly CurrencyCode[] = ['EUR', 'USD'];

/** Functional currency of the hub's books (docs/clearing.md). */
export const FUNCTIONAL_CURRENCY: CurrencyCode = 'USD';

/** The usable mids of a moment: one per published pair, the newest. */
export interface RateBook {
  readonly rates: readonly MidRate[];
  /** Neighbours of a currency, each with the published rate between the two. */
  readonly neighbours: ReadonlyMap<CurrencyCode, readonly Neighbour[]>;
}

interface Neighbour {
  readonly currency: CurrencyCode;
  readonly rate: MidRate;
}

/** Newest figure of each pair; of two on the same day the one named first in `rates` stays. */
export function rateBook(rates: readonly MidRate[]): RateBook {
  const newest = new Map<string, MidRate>();
  for (const rate of rates) {
    const pair = `${rate.base}/${rate.counter}`;
    const known = newest.get(pair);
    if (known === undefined || rate.asOf > known.asOf) newest.set(pair, rate);
  }
  const neighbours = new Map<CurrencyCode, Neighbour[]>();
  const link = (from: CurrencyCode, currency: CurrencyCode, rate: MidRate): void => {
    const list = neighbours.get(from) ?? [];
    list.push({ currency, rate });
    neighbours.set(from, list);
  };
  for (const rate of newest.values()) {
    link(rate.base, rate.counter, rate);
    link(rate.counter, rate.base, rate);
  }
  for (const [from, list] of neighbours) list.sort((a, b) => compareNeighbours(from, a, b));
  return { rates: [...newest.values()], neighbours };
}

/** References first, then alphabetical; of a pair published both ways the direct one wins. */
function compareNeighbours(from: CurrencyCode, a: Neighbour, b: Neighbour): number {
  if (a.currency === b.currency) return a.rate.base === from ? -1 : 1;
  const rank = (n: Neighbour): number => {
    const index = REFERENCE_CURRENCIES.indexOf(n.currency);
    return index === -1 ? REFERENCE_CURRENCIES.length : index;
  };
  return rank(a) - rank(b) || (a.currency < b.currency ? -1 : 1);
}

/**
 * Finds the rate of any pair: itself, published, published the other way round, else the fewest
 * legs through other currencies, the references before the rest. The same book and pair always
 * give the same path. Rejected with RATE_MISSING, naming the currency no rate is known for.
 */
export function pathFor(
  book: RateBook,
  base: CurrencyCode,
  counter: CurrencyCode,
): Outcome<RatePath> {
  if (base === counter) return accepted({ base, counter, ratio: ONE, legs: [] });
  for (const currency of [base, counter]) {
    if (!book.neighbours.has(currency)) {
      return rejected(
        'RATE_MISSING',
        `No exchange rate is known for ${currency}; import a rate series that has it.`,
      );
    }
  }
  const legs = shortestLegs(book, base, counter);
  if (legs === undefined) {
    return rejected('RATE_MISSING', `No published rates lead from ${base} to ${counter}.`);
  }
  let at = base;
  let ratio: Ratio = ONE;
  for (const leg of legs) {
    const forward = leg.base === at;
    ratio = multiplyRatios(ratio, forward ? leg.ratio : invertRatio(leg.ratio));
    at = forward ? leg.counter : leg.base;
  }
  return accepted({ base, counter, ratio, legs });
}

/** Breadth first; neighbours are sorted, so the first path found is the preferred one. */
function shortestLegs(
  book: RateBook,
  base: CurrencyCode,
  counter: CurrencyCode,
): readonly MidRate[] | undefined {
  const legsTo = new Map<CurrencyCode, readonly MidRate[]>([[base, []]]);
  for (const [from, legs] of legsTo) {
    if (from === counter) return legs;
    for (const { currency, rate } of book.neighbours.get(from) ?? []) {
      if (!legsTo.has(currency)) legsTo.set(currency, [...legs, rate]);
    }
  }
  return undefined;
}

/** The currencies a path passes, ends included: `['JPY', 'EUR', 'THB']`. */
export function stationsOf(
  base: CurrencyCode,
  legs: readonly Pick<MidRate, 'base' | 'counter'>[],
): CurrencyCode[] {
  const stations = [base];
  let at = base;
  for (const leg of legs) {
    at = leg.base === at ? leg.counter : leg.base;
    stations.push(at);
  }
  return stations;
}

/**
 * The first leg that is too old to quote with, or undefined. Shipped figures are pinned to their
 * date and legal pegs do not age; everything else does.
 *
 * @param today ISO date in UTC
 * @param maxAgeDays calendar days a figure stays usable; an unreadable date counts as too old
 */
export function staleLeg(
  legs: readonly MidRate[],
  today: string,
  maxAgeDays: number,
): MidRate | undefined {
  const now = dayNumber(today);
  return legs.find((leg) => {
    if (leg.pinned === true || leg.quality === 'rule') return false;
    const day = dayNumber(leg.asOf);
    return now === undefined || day === undefined || now - day > maxAgeDays;
  });
}

/** Mids per major unit in the functional currency, as the books of a payment need them. */
export interface UsdMids {
  readonly payment: Ratio;
  readonly payer: Ratio;
  readonly settlement: Ratio;
}

/** The three mids to US dollars of a payment's currencies, or what is missing. */
export function usdMids(
  book: RateBook,
  currencies: {
    readonly payment: CurrencyCode;
    readonly payer: CurrencyCode;
    readonly settlement: CurrencyCode;
  },
): Outcome<UsdMids> {
  const payment = pathFor(book, currencies.payment, FUNCTIONAL_CURRENCY);
  if (!payment.ok) return payment;
  const payer = pathFor(book, currencies.payer, FUNCTIONAL_CURRENCY);
  if (!payer.ok) return payer;
  const settlement = pathFor(book, currencies.settlement, FUNCTIONAL_CURRENCY);
  if (!settlement.ok) return settlement;
  return accepted({
    payment: payment.value.ratio,
    payer: payer.value.ratio,
    settlement: settlement.value.ratio,
  });
}
