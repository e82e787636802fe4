import { currencyOf } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { FUNCTIONAL_CURRENCY } from '#domain/rates/rate-book';
import { pairsOf, type Pair } from '../totals.js';
import type { World } from '../world.js';
import { ValueDates } from './settlement/value-dates.js';

/**
 * What every replication of one world is answered with: mids as dollars, who belongs to which
 * flow, value dates. Worked out once a world, since runs have hundreds of replications.
 */
export interface Ground {
  readonly world: World;
  readonly pairs: readonly Pair[];
  /** The period's days and one more on either side, see `Totals`. */
  readonly clearingDays: number;
  /** Days since 1970-01-01. */
  readonly firstClearingDay: number;
  /** `usd[clearingDay * currencies + currency]`: dollars of one minor unit at the day's mid. */
  readonly usd: Float64Array;
  readonly usdCurrency: number;
  /** By pair: index of the flow its payments belong to, −1 where none is simulated. */
  readonly flowOf: Int32Array;
  /** By pair, indexes of currencies. */
  readonly shopCurrency: Int32Array;
  readonly walletCurrency: Int32Array;
  readonly settlementCurrency: Int32Array;
  readonly valueDates: ValueDates;
}

const known = new WeakMap<World, Ground>();

export function groundOf(world: World): Ground {
  const before = known.get(world);
  if (before !== undefined) return before;
  const ground = layGround(world);
  known.set(world, ground);
  return ground;
}

function layGround(world: World): Ground {
  const pairs = pairsOf(world);
  const { wallets, acquirers, destinations } = world;
  const clearingDays = world.days + 2;
  const byPair = (of: (pair: Pair) => number): Int32Array => Int32Array.from(pairs, of);
  const usdCurrency = world.currencies.indexOf(FUNCTIONAL_CURRENCY);
  invariant(usdCurrency >= 0, `${FUNCTIONAL_CURRENCY} is among the currencies of a world`);
  return {
    world,
    pairs,
    clearingDays,
    firstClearingDay: world.firstDay - 1,
    usd: dollars(world, clearingDays, usdCurrency),
    usdCurrency,
    flowOf: byPair(({ wallet, acquirer }) => {
      const [origin, destination] = [wallets[wallet]?.origin, acquirers[acquirer]?.destination];
      return world.flows.findIndex(
        (flow) => flow.origin === origin && flow.destination === destination,
      );
    }),
    shopCurrency: byPair(
      ({ acquirer }) => destinations[acquirers[acquirer]?.destination ?? -1]?.currency ?? -1,
    ),
    walletCurrency: byPair(({ wallet }) => wallets[wallet]?.currency ?? -1),
    settlementCurrency: byPair(({ acquirer }) => acquirers[acquirer]?.currency ?? -1),
    valueDates: new ValueDates(world, world.firstDay - 1, clearingDays),
  };
}

/**
 * The days around the period, on which destinations far from UTC+8 begin and end theirs, have the
 * mids of the nearest day of it.
 */
function dollars(world: World, clearingDays: number, usdCurrency: number): Float64Array {
  const { currencies, days, fx } = world;
  const usd = new Float64Array(clearingDays * currencies.length);
  for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
    const day = Math.min(Math.max(clearingDay - 1, 0), days - 1);
    const mids = fx.mids[day];
    currencies.forEach((code, currency) => {
      const own = currency === usdCurrency;
      const mid = mids?.[currency * currencies.length + usdCurrency];
      invariant(own || mid !== undefined, `a world has a mid of ${code} in dollars on every day`);
      const rate = own || mid === undefined ? 1 : Number(mid.numerator) / Number(mid.denominator);
      usd[clearingDay * currencies.length + currency] = rate / minorUnits(code);
    });
  }
  return usd;
}

/** Minor units in a major one; exact, a power of ten. */
export function minorUnits(currency: string): number {
  return Number(10n ** BigInt(currencyOf(currency).exponent));
}
