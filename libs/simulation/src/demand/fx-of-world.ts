import type { CurrencyCode } from '#domain/currency';
import type { MidRate, Ratio } from '#domain/fx';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';
import { pathFor, rateBook } from '#domain/rates/rate-book';
import { multiplyRatios, parseRatio, ratio } from '#domain/rates/ratio';
import type { FxTable } from '../world.js';
import type { WorldCast } from './cast-of-world.js';
import { sameDayOf } from './civil-year.js';
import { daysOfShock } from './shocks-on-demand.js';
import type { WorldInput } from './world-input.js';

/** A rate is used until the next one is published, over weekends and holidays, but no longer. */
const OLDEST_RATE_DAYS = 7;
const EURO: CurrencyCode = 'EUR';

/** The mids the live hub would have on each day of the period, for the pairs that payments need. */
export function fxOf(input: WorldInput, cast: WorldCast, flows: number): FxTable {
  const pairs = pairsNeeded(cast);
  const shocked = rateShocks(input, cast.currencies);
  const known = new Map<string, readonly (Ratio | undefined)[]>();
  const mids = Array.from({ length: input.days }, (_, offset) => {
    const row = rowOf(input, offset);
    if (row === undefined) return [];
    const moves = cast.currencies.map((currency) => shocked.get(currency)?.[offset] ?? null);
    const key = `${String(row)} ${moves.map((move) => move?.numerator ?? 0n).join(' ')}`;
    const table = known.get(key) ?? tableOf(input, cast.currencies, pairs, row, moves);
    known.set(key, table);
    return table;
  });
  const { markupBps, rateLockMinutes } = input.scenario.fx;
  return {
    mids,
    markupBps: Array.from({ length: flows }, () => Math.round(markupBps.value)),
    lockMs: Math.round(rateLockMinutes.value * 60_000),
  };
}

/** Shop to payer, shop to acquirer, and everything to the books' dollar. */
function pairsNeeded(cast: WorldCast): readonly (readonly [number, number])[] {
  const pairs = new Map<string, readonly [number, number]>();
  const add = (from: number, to: number): void => {
    pairs.set(`${String(from)} ${String(to)}`, [from, to]);
  };
  const books = cast.currencies.indexOf('USD');
  for (const [index] of cast.currencies.entries()) {
    add(index, index);
    add(index, books);
  }
  for (const { currency } of cast.destinations) {
    for (const wallet of cast.wallets) add(currency, wallet.currency);
  }
  for (const { currency, destination } of cast.acquirers) {
    const shop = cast.destinations[destination]?.currency;
    if (shop !== undefined) add(shop, currency);
  }
  return [...pairs.values()];
}

/** Index of the newest row of rates on or before the day whose rates a day of the period has. */
function rowOf(input: WorldInput, offset: number): number | undefined {
  const { fx } = input.scenario;
  const day = input.firstDay + offset;
  let asked = day;
  if (fx.path === 'fixed')
    asked = (fx.on === null ? undefined : dayNumber(fx.on)) ?? input.firstDay;
  else if (fx.year !== null) asked = sameDayOf(fx.year, day);
  const row = newestRow(input.figures.rates.days, asked);
  if (row !== undefined) return row;
  const { days } = input.figures.rates;
  const span = `${isoDate(days[0] ?? 0)} to ${isoDate(days.at(-1) ?? 0)}`;
  const pointer = fx.path === 'fixed' ? '/fx/on' : fx.year === null ? '/period' : '/fx/year';
  // One fault for a year, not one for each of its days.
  const year = fx.year === null ? 'the period' : String(fx.year);
  const missing = fx.path === 'fixed' ? isoDate(asked) : `some days of ${year}`;
  input.notes.fault(
    pointer,
    `There are no exchange rates for ${missing}; rates are known from ${span}: name another year in /fx/year or a day in /fx/on with the path fixed.`,
  );
  return undefined;
}

export function newestRow(days: readonly number[], day: number): number | undefined {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] ?? 0) <= day) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  return row >= 0 && day - (days[row] ?? 0) <= OLDEST_RATE_DAYS ? row : undefined;
}

function tableOf(
  input: WorldInput,
  currencies: readonly CurrencyCode[],
  pairs: readonly (readonly [number, number])[],
  row: number,
  moves: readonly (Ratio | null)[],
): readonly (Ratio | undefined)[] {
  const rates: MidRate[] = [];
  const asOf = isoDate(input.figures.rates.days[row] ?? 0);
  const ofEuro = moves[currencies.indexOf(EURO)] ?? null;
  for (const [index, counter] of currencies.entries()) {
    if (counter === EURO) continue;
    const published = publishedRate(input, counter, row);
    if (published === undefined) {
      input.notes.fault('/corridors', `There is no exchange rate for ${counter} on ${asOf}.`);
      return [];
    }
    // What a currency is worth divides how many of it a euro buys.
    const move = moves[index] ?? null;
    let perEuro = published;
    if (move !== null) perEuro = multiplyRatios(perEuro, ratio(move.denominator, move.numerator));
    if (ofEuro !== null) perEuro = multiplyRatios(perEuro, ofEuro);
    rates.push({
      base: EURO,
      counter,
      ratio: perEuro,
      asOf,
      source: 'data/demand/rates.jsonl',
      quality: 'measured',
    });
  }
  const book = rateBook(rates);
  const table = Array.from<Ratio | undefined>({ length: currencies.length * currencies.length });
  for (const [from, to] of pairs) {
    const path = pathFor(book, currencies[from] ?? '', currencies[to] ?? '');
    if (path.ok) table[from * currencies.length + to] = path.value.ratio;
    else input.notes.fault('/corridors', path.rejection.detail);
  }
  return table;
}

function publishedRate(input: WorldInput, currency: CurrencyCode, row: number): Ratio | undefined {
  const text = input.figures.rates.perEuro.get(currency)?.[row];
  return typeof text === 'string' ? parseRatio(text) : undefined;
}

/** By currency and day, what a shock multiplies its worth by. */
function rateShocks(
  input: WorldInput,
  currencies: readonly CurrencyCode[],
): ReadonlyMap<CurrencyCode, readonly (Ratio | null)[]> {
  const moves = new Map<CurrencyCode, (Ratio | null)[]>();
  for (const [at, shock] of input.scenario.shocks.entries()) {
    if (shock.kind !== 'rate') continue;
    const pointer = `/shocks/${String(at)}`;
    if (!currencies.includes(shock.currency)) {
      const known = currencies.join(', ');
      input.notes.fault(
        `${pointer}/currency`,
        `${shock.currency} is not in this scenario; it has ${known}.`,
      );
      continue;
    }
    if (shock.percent.value <= -100) {
      input.notes.fault(`${pointer}/percent`, 'A currency cannot lose all it is worth.');
      continue;
    }
    const span = daysOfShock(input, shock, pointer);
    if (span === null) continue;
    const days =
      moves.get(shock.currency) ?? Array.from<Ratio | null>({ length: input.days }).fill(null);
    // A millionth is finer than any rate that is published.
    const move = ratio(BigInt(Math.round((100 + shock.percent.value) * 10_000)), 1_000_000n);
    for (let day = span.first; day <= span.last; day++) {
      const before = days[day] ?? null;
      days[day] = before === null ? move : multiplyRatios(before, move);
    }
    moves.set(shock.currency, days);
  }
  return moves;
}

/**
 * Minor units of a currency for one yen, the mean of a year's published days: what the price
 * levels of destinations refer to. Undefined where a rate is missing.
 */
export function minorPerYen(
  input: WorldInput,
  currency: CurrencyCode,
  year: number,
  exponent: number,
): number | undefined {
  const { days, perEuro } = input.figures.rates;
  const [first, last] = [
    dayNumber(`${String(year)}-01-01`) ?? 0,
    dayNumber(`${String(year)}-12-31`) ?? 0,
  ];
  let [sum, count] = [0, 0];
  for (const [row, day] of days.entries()) {
    if (day < first || day > last) continue;
    const yen = Number(perEuro.get('JPY')?.[row] ?? NaN);
    const own = currency === EURO ? 1 : Number(perEuro.get(currency)?.[row] ?? NaN);
    if (!(yen > 0) || !(own > 0)) continue;
    sum += own / yen;
    count += 1;
  }
  let scale = 1;
  for (let place = 0; place < exponent; place++) scale *= 10;
  return count === 0 ? undefined : (sum / count) * scale;
}
