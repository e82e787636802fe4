import { currencyOf, findCurrency, type CurrencyCode } from '#domain/currency';
import { dayNumber } from '#domain/rates/calendar-day';
import type { AcceptanceEdge, Acquirer, CorridorAgreement, Wallet } from '#domain/network';
import type { JoiningWallet } from '../scenario.js';
import type { Area, Category, Destination, WorldAcquirer, WorldWallet } from '../world.js';
import { civilOf, firstOfYear } from './civil-year.js';
import type { WorldInput } from './world-input.js';

/** A wallet of the world with where it can pay, and what joining it states. */
export interface CastWallet extends WorldWallet {
  /** By index of the destination: the first day its users can pay there; absent where never. */
  readonly payableFrom: ReadonlyMap<number, number>;
  readonly joining: JoiningWallet | null;
}

/** Everybody and every place of a world, each named by its index from here on. */
export interface WorldCast {
  readonly currencies: readonly CurrencyCode[];
  readonly origins: readonly string[];
  readonly destinations: readonly Destination[];
  readonly areas: readonly Area[];
  readonly categories: readonly Category[];
  readonly wallets: readonly CastWallet[];
  readonly acquirers: readonly WorldAcquirer[];
  readonly links: Uint8Array;
}

/** The hub's books are kept in it, so it always has an index. */
const BOOKS: CurrencyCode = 'USD';

export function castOf(input: WorldInput): WorldCast {
  const { scenario, figures } = input;
  const currencies: CurrencyCode[] = [];
  const indexOf = (code: CurrencyCode): number => {
    const known = currencies.indexOf(code);
    return known === -1 ? currencies.push(code) - 1 : known;
  };
  const destinations = destinationsOf(input, indexOf);
  const marketIndex = new Map(destinations.map(({ market }, index) => [market, index]));
  const areas = figures.areas.flatMap((area): Area[] => {
    const destination = marketIndex.get(area.destination);
    return destination === undefined ? [] : [{ id: area.id, name: area.name, destination }];
  });
  const wallets = walletsOf(input, marketIndex, indexOf);
  const acquirers = acquirersOf(input, destinations, indexOf);
  indexOf(BOOKS);
  return {
    currencies,
    origins: scenario.corridors.origins,
    destinations,
    areas,
    categories: figures.categories.map(({ id, mcc, spend }) => ({ id, mcc, spend })),
    wallets,
    acquirers,
    links: linksOf(wallets, acquirers),
  };
}

function destinationsOf(
  { scenario, figures, notes }: WorldInput,
  indexOf: (code: CurrencyCode) => number,
): Destination[] {
  return scenario.corridors.destinations.flatMap((market, at): Destination[] => {
    const known = figures.destinations.find((place) => place.market === market);
    if (known === undefined) {
      const markets = figures.destinations.map((place) => place.market).sort();
      const advice = `there are figures for ${markets.join(', ')}`;
      notes.fault(
        `/corridors/destinations/${String(at)}`,
        `Nothing is known of travellers in ${market}; ${advice}.`,
      );
      return [];
    }
    const { name, utcOffsetMinutes, priceStepMinor } = known;
    const currency = indexOf(known.currency);
    return [{ market, name, currency, utcOffsetMinutes, priceStepMinor }];
  });
}

/**
 * An acceptance link is dated by the source that saw it, not by its beginning, so it holds from
 * 1 January of that year. Links of later years than the period do not exist yet.
 */
function payableFrom(
  input: WorldInput,
  wallet: Wallet,
  marketIndex: ReadonlyMap<string, number>,
): Map<number, number> {
  const places = new Map<number, number>();
  for (const edge of input.network.edges) {
    const destination = marketIndex.get(edge.market);
    if (edge.walletId !== wallet.id || destination === undefined) continue;
    const from = firstDayOfLink(edge);
    if (from >= input.firstDay + input.days) continue;
    places.set(destination, Math.min(from, places.get(destination) ?? from));
  }
  return places;
}

function firstDayOfLink(edge: AcceptanceEdge): number {
  return firstOfYear(Number(edge.asOf.slice(0, 4)));
}

function walletsOf(
  input: WorldInput,
  marketIndex: ReadonlyMap<string, number>,
  indexOf: (code: CurrencyCode) => number,
): CastWallet[] {
  const { scenario, network } = input;
  const until = input.firstDay + input.days;
  const leaves = leavingDays(input);
  const wallets: CastWallet[] = [];
  for (const wallet of network.wallets) {
    const origin = scenario.corridors.origins.indexOf(wallet.homeMarket);
    const places = payableFrom(input, wallet, marketIndex);
    if (origin === -1 || places.size === 0) continue;
    const fromDay = Math.max(input.firstDay, Math.min(...places.values()));
    const untilDay = Math.min(until, leaves.get(wallet.id) ?? until);
    const currency = indexOf(wallet.currency);
    const base = { wallet, origin, currency, fromDay, untilDay };
    wallets.push({ ...base, payableFrom: places, joining: null });
  }
  for (const [at, joining] of scenario.wallets.joining.entries()) {
    const made = joiningWallet(input, joining, `/wallets/joining/${String(at)}`);
    if (made === undefined) continue;
    const { wallet, origin, fromDay } = made;
    const untilDay = Math.min(until, leaves.get(joining.id) ?? until);
    const places = new Map<number, number>();
    for (const market of joining.destinations) {
      const destination = marketIndex.get(market);
      if (destination !== undefined) places.set(destination, fromDay);
    }
    const currency = indexOf(wallet.currency);
    wallets.push({ wallet, origin, currency, fromDay, untilDay, payableFrom: places, joining });
  }
  checkLeaving(input, wallets);
  return wallets;
}

function leavingDays({ scenario }: WorldInput): ReadonlyMap<string, number> {
  return new Map(scenario.wallets.leaving.map(({ wallet, on }) => [wallet, dayNumber(on) ?? 0]));
}

function checkLeaving({ scenario, notes }: WorldInput, wallets: readonly CastWallet[]): void {
  for (const [at, { wallet }] of scenario.wallets.leaving.entries()) {
    if (wallets.some((known) => known.wallet.id === wallet)) continue;
    const ids = wallets.map((known) => known.wallet.id).join(', ');
    notes.fault(
      `/wallets/leaving/${String(at)}/wallet`,
      `${wallet} is no wallet of this scenario; it has ${ids === '' ? 'none' : ids}.`,
    );
  }
}

/**
 * A wallet that is not in the network yet: it gets the limits of its country's most generous
 * wallet, or those of the whole network brought to its currency by no rate at all where its
 * country has none, which a remark says.
 */
function joiningWallet(
  { scenario, network, notes, firstDay, days }: WorldInput,
  joining: JoiningWallet,
  pointer: string,
): { wallet: Wallet; origin: number; fromDay: number } | undefined {
  const origin = scenario.corridors.origins.indexOf(joining.origin);
  const joins = dayNumber(joining.joins);
  if (origin === -1) {
    notes.fault(`${pointer}/origin`, `${joining.origin} is not among /corridors/origins.`);
  }
  if (joins === undefined || joins >= firstDay + days) {
    notes.fault(`${pointer}/joins`, `${joining.joins} is not before the end of the period.`);
  }
  if (findCurrency(joining.currency) === undefined) {
    notes.fault(`${pointer}/currency`, `${joining.currency} is no currency of ISO 4217.`);
  }
  if (
    network.wallets.some(({ id, homeMarket }) => id === joining.id && homeMarket !== joining.origin)
  ) {
    notes.fault(`${pointer}/id`, `${joining.id} is a wallet of another market.`);
  }
  if (origin === -1 || joins === undefined || findCurrency(joining.currency) === undefined) {
    return undefined;
  }
  const fromDay = Math.max(firstDay, joins);
  const example =
    network.wallets.find(({ id }) => id === joining.id) ?? neighbourOf(joining, network.wallets);
  const { id, name, currency } = joining;
  if (example !== undefined) {
    return { wallet: { ...example, id, name, homeMarket: joining.origin }, origin, fromDay };
  }
  const open = { currency, minor: 10n ** BigInt(12 + currencyOf(currency).exponent) };
  notes.remark(`${name} joins without limits of its own: no wallet with ${currency} is known.`);
  const wallet: Wallet = {
    id,
    version: 1,
    name,
    kind: 'ewallet',
    homeMarket: joining.origin,
    currency,
    network: 'joining',
    perPaymentLimit: open,
    perDayLimit: open,
    netDebitCap: open,
    prefund: { currency, minor: 0n },
    codeIssuer: '000000',
    status: 'active',
  };
  return { wallet, origin, fromDay };
}

/** The wallet of the same currency with the highest limit of one payment. */
function neighbourOf(joining: JoiningWallet, wallets: readonly Wallet[]): Wallet | undefined {
  return wallets
    .filter(({ currency }) => currency === joining.currency)
    .sort((a, b) =>
      a.perPaymentLimit.minor === b.perPaymentLimit.minor
        ? a.id < b.id
          ? -1
          : 1
        : a.perPaymentLimit.minor > b.perPaymentLimit.minor
          ? -1
          : 1,
    )[0];
}

function acquirersOf(
  { network, notes }: WorldInput,
  destinations: readonly Destination[],
  indexOf: (code: CurrencyCode) => number,
): WorldAcquirer[] {
  return destinations.flatMap(({ market }, destination) => {
    const own = acquirersIn(network.acquirers, market);
    if (own.length === 0) {
      notes.fault('/corridors/destinations', `There is no acquirer in ${market}.`);
    }
    return own.map((acquirer) => ({
      acquirer,
      destination,
      currency: indexOf(acquirer.settlementCurrency),
    }));
  });
}

/** Acquirers of a market, preferred first. */
function acquirersIn(acquirers: readonly Acquirer[], market: string): Acquirer[] {
  return acquirers
    .filter((acquirer) => acquirer.market === market)
    .sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
}

/** As the hub routes: a wallet that can pay in a market is served by each of its acquirers. */
function linksOf(wallets: readonly CastWallet[], acquirers: readonly WorldAcquirer[]): Uint8Array {
  const links = new Uint8Array(wallets.length * acquirers.length);
  for (const [w, wallet] of wallets.entries()) {
    for (const [a, { destination }] of acquirers.entries()) {
      if (wallet.payableFrom.has(destination)) links[w * acquirers.length + a] = 1;
    }
  }
  return links;
}

/**
 * The agreement between two markets with the fees of the scenario. Markets without one get that of
 * another home market in the same place, since all shipped terms depend on the place alone.
 */
export function corridorOf(
  input: WorldInput,
  home: string,
  homeCurrency: CurrencyCode,
  destination: Destination,
): CorridorAgreement | undefined {
  const { fees } = input.scenario;
  const there = input.network.corridors.filter(
    ({ acceptanceMarket }) => acceptanceMarket === destination.market,
  );
  const agreed = there.find(({ homeMarket }) => homeMarket === home) ?? there[0];
  if (agreed === undefined) {
    input.notes.fault(
      '/corridors/destinations',
      `The network has no agreement for payments in ${destination.market}.`,
    );
    return undefined;
  }
  const bps = (value: number): number => Math.round(value);
  return {
    ...agreed,
    id: `cor_${home}_${destination.market}`,
    homeMarket: home,
    interchangeBps: bps(fees.interchangeBps.value),
    schemeFeeAcquirerBps: bps(fees.schemeFeeAcquirerBps.value),
    schemeFeeWalletBps: bps(fees.schemeFeeWalletBps.value),
    calendars: [...new Set([homeCurrency, agreed.maxPayment.currency])],
  };
}

/** Year of the period's middle, where things that grow are taken as they are on average. */
export function middleOf(input: WorldInput): number {
  return input.firstDay + input.days / 2;
}

/** Years between a date and the period's middle. */
export function yearsSince(input: WorldInput, isoDay: string): number | undefined {
  const from = dayNumber(isoDay);
  return from === undefined ? undefined : (middleOf(input) - from) / 365.25;
}

export function yearOfDay(day: number): number {
  return civilOf(day).year;
}
