import type { CurrencyCode } from '#domain/currency';
import { currencyOf } from '#domain/currency';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import { rangeText } from '#domain/calendars/settlement-calendar';
import { dayNumber } from '#domain/rates/calendar-day';
import type { DemandFigures } from '../demand-figures.js';
import type { Figure, Scenario } from '../scenario.js';
import type { Conduct, Flow, FxTable, SettlementDesign, World } from '../world.js';
import { castOf, yearOfDay, type WorldCast } from './cast-of-world.js';
import { flowsOf } from './flows-of-world.js';
import { fxOf } from './fx-of-world.js';
import { merchantsOf } from './merchants-of-world.js';
import { defaultsOf, outagesOf } from './outages-of-world.js';
import type { ShippedWorldParts } from './shipped-world-parts.js';
import { notes, type CompiledWorld } from './world-fault.js';
import { meanOf, shareOf, type WorldInput } from './world-input.js';

/** Value dates reach so far beyond the last day. */
const SETTLEMENT_TAIL_DAYS = 14;
/** Settlement is confirmed in the afternoon of the value date, hour at UTC+8. */
const CONFIRMED_AT_HOUR = 15;
const LONGEST_DAYS = 3_660;

/**
 * Makes a scenario ready to be played: every figure looked up, every share a table, every name an
 * index. Pure, so that the same scenario and figures are the same world anywhere. Whatever is
 * wrong comes back as faults with a JSON pointer, all of them together.
 */
export function compileWorld(
  scenario: Scenario,
  figures: DemandFigures,
  network: ShippedWorldParts,
): CompiledWorld {
  const noted = notes();
  const from = dayNumber(scenario.period.from);
  const to = dayNumber(scenario.period.to);
  if (from === undefined || to === undefined || to < from || to - from >= LONGEST_DAYS) {
    noted.fault(
      '/period',
      `${scenario.period.from} to ${scenario.period.to} are not two dates in order, at most ten years apart.`,
    );
    return { ok: false, faults: noted.faults };
  }
  const input = {
    scenario,
    figures,
    network,
    notes: noted,
    firstDay: from,
    days: to - from + 1,
    means: new Map<string, number>(),
  };
  const cast = castOf(input);
  checkNames(input, cast);
  const flows = flowsOf(input, cast);
  const fx = fxOf(input, cast, flows.length);
  checkCalendars(input, cast);
  const merchants = merchantsOf(input, cast);
  const outages = outagesOf(input, cast);
  const conduct = conductOf(input);
  if (noted.faults.length > 0) return { ok: false, faults: noted.faults };
  const world: World = {
    name: scenario.name,
    firstDay: from,
    days: input.days,
    currencies: cast.currencies,
    origins: cast.origins,
    destinations: cast.destinations,
    areas: cast.areas,
    categories: cast.categories,
    wallets: cast.wallets.map(({ payableFrom: _, joining: _joining, ...wallet }) => wallet),
    acquirers: cast.acquirers,
    merchants,
    flows,
    fx,
    outages,
    conduct,
    settlement: settlementOf(input, cast, flows, fx, conduct),
    defaults: defaultsOf(input),
    costs: {
      cardMerchantBps: scenario.costs.cardMerchantBps.value,
      cardPayerFxBps: scenario.costs.cardPayerFxBps.value,
      cashExchangeBps: scenario.costs.cashExchangeBps.value,
    },
  };
  return { ok: true, world, remarks: noted.remarks };
}

/** Names that would otherwise be overlooked: a wallet twice, an unknown origin. */
function checkNames({ scenario, figures, notes }: WorldInput, cast: WorldCast): void {
  const seen = new Set<string>();
  for (const { wallet, joining } of cast.wallets) {
    if (seen.has(wallet.id)) {
      const at = scenario.wallets.joining.findIndex(({ id }) => id === wallet.id);
      notes.fault(
        `/wallets/joining/${String(at)}/id`,
        `${joining?.name ?? wallet.id} is there already: it can pay in one of the destinations.`,
      );
    }
    seen.add(wallet.id);
  }
  const known = new Set(figures.arrivals.map(({ origin }) => origin));
  for (const [at, origin] of scenario.corridors.origins.entries()) {
    if (known.has(origin)) continue;
    notes.remark(
      `No travellers from ${origin} (/corridors/origins/${String(at)}) are known anywhere.`,
    );
  }
}

/** Everything that is settled needs terms and a calendar that reaches beyond the period. */
function checkCalendars(input: WorldInput, cast: WorldCast): void {
  const { network, notes, firstDay, days } = input;
  const settled = new Set<CurrencyCode>([
    ...cast.wallets.map(({ wallet }) => wallet.currency),
    ...cast.acquirers.map(({ acquirer }) => acquirer.settlementCurrency),
  ]);
  const [first, last] = [yearOfDay(firstDay), yearOfDay(firstDay + days + SETTLEMENT_TAIL_DAYS)];
  for (const currency of settled) {
    const calendar = network.calendars.get(currency);
    if (calendar === undefined) {
      notes.fault('/corridors', `There is no settlement calendar for ${currency}.`);
      continue;
    }
    for (let year = first; year <= last; year++) {
      if (calendar.years.has(year)) continue;
      notes.fault(
        '/period',
        `The settlement calendar of ${currency} covers ${rangeText(calendar)}, and settling this period needs ${String(year)}.`,
      );
    }
    if (network.terms.some((terms) => terms.currency === currency)) continue;
    notes.fault('/corridors', `There are no settlement terms for ${currency}.`);
  }
}

function conductOf(input: WorldInput): Conduct {
  const { conduct } = input.scenario;
  const share = (name: keyof Scenario['conduct']): number =>
    shareOf(input, conduct[name], `/conduct/${name}`);
  const positive = (name: keyof Scenario['conduct']): number => {
    const { value } = conduct[name];
    if (value <= 0) input.notes.fault(`/conduct/${name}`, `${String(value)} is not above 0.`);
    return Math.max(value, 1e-9);
  };
  return {
    abandoned: share('abandonedPercent'),
    insufficientFunds: share('insufficientFundsPercent'),
    riskRefused: share('riskRefusedPercent'),
    timedOut: share('timedOutPercent'),
    answerMedianMs: positive('answerMedianMs'),
    answerSigma: positive('answerSigma'),
    refunded: share('refundedPercent'),
    refundAfterDays: positive('refundAfterDays'),
  };
}

function settlementOf(
  input: WorldInput,
  cast: WorldCast,
  flows: readonly Flow[],
  fx: FxTable,
  conduct: Conduct,
): SettlementDesign {
  const { settlement } = input.scenario;
  const lag = settlement.lagDays;
  const terms = input.network.terms.map((line): SettlementTerms =>
    lag === 1 || lag === 2 ? { ...line, lag } : line,
  );
  const mean = meanDailyFlow(input, cast, flows, fx, conduct);
  const amounts = (days: Figure | null, agreed: (wallet: number) => bigint): Float64Array =>
    Float64Array.from(cast.wallets, (_, wallet) =>
      days === null ? Number(agreed(wallet)) : Math.round(days.value * (mean[wallet] ?? 0)),
    );
  return {
    cyclesPerDay: settlement.cyclesPerDay,
    netting: settlement.netting,
    terms,
    calendars: input.network.calendars,
    confirmedAtHour: CONFIRMED_AT_HOUR,
    capsHold: settlement.capsHold,
    capMinor: amounts(settlement.capDays, (at) => cast.wallets[at]?.wallet.netDebitCap.minor ?? 0n),
    prefundMinor: amounts(
      settlement.prefundDays,
      (at) => cast.wallets[at]?.wallet.prefund.minor ?? 0n,
    ),
    coverSpreadBps: settlement.coverSpreadBps.value,
    hubCapitalMinor: Float64Array.from(cast.currencies, (currency) =>
      Number(input.network.hubCapital.get(currency) ?? 0n),
    ),
  };
}

/** What each wallet's users are expected to pay on a mean day, minor units of its currency. */
function meanDailyFlow(
  input: WorldInput,
  cast: WorldCast,
  flows: readonly Flow[],
  fx: FxTable,
  conduct: Conduct,
): Float64Array {
  const mean = new Float64Array(cast.wallets.length);
  const succeeds =
    (1 - conduct.abandoned) *
    (1 - conduct.insufficientFunds) *
    (1 - conduct.riskRefused) *
    (1 - conduct.timedOut);
  for (const flow of flows) {
    const shop = cast.destinations[flow.destination]?.currency ?? 0;
    let ticket = 0;
    for (const [category] of input.figures.categories.entries()) {
      const own = flow.tickets[category];
      if (own === undefined) continue;
      let share = 0;
      for (let hour = 0; hour < 24; hour++) share += flow.hourWeights[0][category * 24 + hour] ?? 0;
      ticket += share * (flow.acceptance[category] ?? 0) * meanOf(input, own);
    }
    for (const [at, epoch] of flow.walletEpochs.entries()) {
      const until = flow.walletEpochs[at + 1]?.fromDay ?? Infinity;
      const all = epoch.weights.reduce((sum, weight) => sum + weight, 0);
      let purchases = 0;
      const first = flow.walletEpochs[0]?.fromDay ?? 0;
      for (const [offset, intended] of flow.intended.entries()) {
        const day = first + offset;
        if (day >= epoch.fromDay && day < until) purchases += intended;
      }
      for (const [wallet, weight] of epoch.weights.entries()) {
        if (weight === 0) continue;
        const { currency } = cast.wallets[wallet] ?? { currency: 0 };
        const rate = fx.mids[0]?.[shop * cast.currencies.length + currency];
        const value = (purchases * ticket * succeeds * (weight / all)) / input.days;
        mean[wallet] =
          (mean[wallet] ?? 0) + value * minorRate(rate, cast.currencies, shop, currency);
      }
    }
  }
  return mean;
}

function minorRate(
  rate: { readonly numerator: bigint; readonly denominator: bigint } | undefined,
  currencies: readonly CurrencyCode[],
  from: number,
  to: number,
): number {
  if (rate === undefined) return 0;
  const exponent = (index: number): number => currencyOf(currencies[index] ?? 'USD').exponent;
  let scale = 1;
  for (let place = exponent(from); place < exponent(to); place++) scale *= 10;
  for (let place = exponent(to); place < exponent(from); place++) scale /= 10;
  return (Number(rate.numerator) / Number(rate.denominator)) * scale;
}
