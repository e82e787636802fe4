import { dayNumber } from '#domain/rates/calendar-day';
import { power } from '../random/exact-math.js';
import { momentsOf, quantileTable } from '../random/quantile-table.js';
import type { DemandFigures, Target } from '../demand-figures.js';
import type { Scenario } from '../scenario.js';
import { MONEY, MONEY_COLUMNS, type Pair, type Totals } from '../totals.js';
import type { World } from '../world.js';

/** What a target is held against: a scenario, its world and what is expected to happen in it. */
export interface CalibrationGround {
  readonly scenario: Scenario;
  readonly figures: DemandFigures;
  readonly world: World;
  readonly totals: Totals;
}

/** The model's figure for a published one, or why the scenario cannot say. */
export type Modelled =
  | { readonly known: true; readonly value: number; readonly how: string }
  | { readonly known: false; readonly why: string };

/** The wallets that the published share of Japan is about. */
const SHARE_NETWORK = 'alipayplus';

type Measure = (ground: CalibrationGround, target: Target) => Modelled;

/** How each published total is read off a run; a target without a line here is a fault of ours. */
const MEASURES: Readonly<Record<string, Measure>> = {
  'japan-wallet-share-2024': walletShare,
  'japan-wallets-2024': walletCount,
  'japan-merchants-2024': (ground) => merchantsOn(ground, '2024-03-31'),
  'japan-merchants-2025': (ground) => merchantsOn(ground, '2025-09-30'),
  'korea-ticket-abroad-2024': koreanTicket,
  'korea-value-abroad-2024': koreanValue,
  'department-stores-2024-07': departmentStores,
  'japan-visitors-2024': visitorsThere,
  'japan-spending-2024': spendingThere,
};

/** Published totals that a run can be held against. */
export function judgedTargets(figures: DemandFigures): readonly Target[] {
  return figures.targets.filter(({ id }) => MEASURES[id] !== undefined);
}

export function modelled(ground: CalibrationGround, target: Target): Modelled {
  const measure = MEASURES[target.id];
  if (measure === undefined) return unknown('nothing of a run corresponds to it');
  return measure(ground, target);
}

const unknown = (why: string): Modelled => ({ known: false, why });
const known = (value: number, how: string): Modelled => ({ known: true, value, how });

function wholeYear({ scenario }: CalibrationGround, year: number): boolean {
  const { from, to } = scenario.period;
  return from === `${String(year)}-01-01` && to === `${String(year)}-12-31`;
}

function japanOf({ world }: CalibrationGround): number {
  return world.destinations.findIndex(({ market }) => market === 'JP');
}

/** Sums a money column over the pairs that are asked for. */
function moneyOf(
  { world, totals }: CalibrationGround,
  column: keyof typeof MONEY,
  wanted: (pair: Pair) => boolean,
): number {
  const clearingDays = totals.clearingHours / 24;
  const columns = MONEY_COLUMNS.length;
  let sum = 0;
  for (const [index, pair] of totals.pairs.entries()) {
    if (world.wallets[pair.wallet] === undefined || !wanted(pair)) continue;
    for (let day = 0; day < clearingDays; day++) {
      const at = (day * totals.pairs.length + index) * columns + MONEY[column];
      sum += totals.money[at] ?? 0;
    }
  }
  return sum;
}

function walletShare(ground: CalibrationGround, target: Target): Modelled {
  const japan = japanOf(ground);
  if (japan === -1 || !wholeYear(ground, target.year))
    return unknown('needs Japan and all of 2024');
  const all = ground.figures.targets.find(({ id }) => id === 'japan-spending-2024')?.value ?? NaN;
  const { wallets, acquirers, origins } = ground.world;
  if (origins.length < 8) return unknown('needs every origin with a wallet in Japan');
  const paid = moneyOf(
    ground,
    'paymentMinor',
    ({ wallet, acquirer }) =>
      wallets[wallet]?.wallet.network === SHARE_NETWORK &&
      acquirers[acquirer]?.destination === japan,
  );
  return known((100 * paid) / all, 'paid by wallets of the network, of all spending as published');
}

function walletCount(ground: CalibrationGround, target: Target): Modelled {
  const japan = japanOf(ground);
  if (japan === -1 || !wholeYear(ground, target.year))
    return unknown('needs Japan and all of 2024');
  if (ground.world.origins.length < 8) return unknown('needs every origin with a wallet in Japan');
  const { wallets, acquirers, merchants } = ground.world;
  const acquirer = acquirers.findIndex(({ destination }) => destination === japan);
  const linked = wallets.filter(
    ({ wallet }, index) =>
      wallet.network === SHARE_NETWORK &&
      merchants.links[index * acquirers.length + acquirer] === 1,
  );
  return known(linked.length, 'wallets of the network with a link to Japan');
}

function merchantsOn({ scenario }: CalibrationGround, isoDay: string): Modelled {
  const { acceptance } = scenario;
  const [from, on] = [dayNumber(acceptance.asOf), dayNumber(isoDay)];
  const stated = acceptance.merchants.JP?.value;
  if (stated === undefined || from === undefined || on === undefined) return unknown('needs Japan');
  const growth = 1 + acceptance.growthPercentPerYear.value / 100;
  return known(
    stated * power(growth, (on - from) / 365.25),
    `merchants of ${acceptance.asOf}, grown`,
  );
}

function koreans({ world }: CalibrationGround): (pair: Pair) => boolean {
  const korea = world.origins.indexOf('KR');
  return ({ wallet }) => world.wallets[wallet]?.origin === korea;
}

function koreanTicket(ground: CalibrationGround): Modelled {
  const isKorean = koreans(ground);
  const payments = moneyOf(ground, 'payments', isKorean);
  if (payments === 0) return unknown('needs Korean travellers');
  return known(
    moneyOf(ground, 'payToMinor', isKorean) / payments,
    'mean of what Korean wallets pay',
  );
}

function koreanValue(ground: CalibrationGround, target: Target): Modelled {
  const isKorean = koreans(ground);
  const value = moneyOf(ground, 'payToMinor', isKorean);
  if (value === 0 || !wholeYear(ground, target.year)) {
    return unknown('needs Korean travellers and all of 2024');
  }
  const places = ground.world.destinations.map(({ name }) => name).join(', ');
  return known(value, `in ${places} alone; the published figure is of all countries`);
}

/** Purchases of all visitors there, not of wallets alone: the origins played, brought to all. */
function departmentStores(ground: CalibrationGround, target: Target): Modelled {
  const japan = japanOf(ground);
  const category = ground.world.categories.findIndex(({ id }) => id === 'department_store');
  if (japan === -1 || !wholeYear(ground, target.year))
    return unknown('needs Japan and all of 2024');
  const all = ground.figures.targets.find(({ id }) => id === 'japan-spending-2024')?.value ?? NaN;
  const first = (dayNumber('2024-07-01') ?? 0) - ground.world.firstDay;
  const last = first + 30;
  let [bought, spent] = [0, 0];
  for (const flow of ground.world.flows) {
    const ticket = flow.tickets[category];
    if (flow.destination !== japan || ticket === undefined) continue;
    const share = shareOfSpending(ground, flow.origin, category);
    for (const [day, spend] of flow.spendMinor.entries()) {
      spent += spend;
      if (day >= first && day <= last) bought += spend * share;
    }
  }
  if (spent === 0) return unknown('needs travellers to Japan');
  return known(
    bought * (all / spent),
    'of the origins played, brought to all visitors by their spending',
  );
}

/** Of all that a visitor spends, what is bought on site in shops of a category. */
function shareOfSpending(ground: CalibrationGround, origin: number, category: number): number {
  const { figures, scenario, world } = ground;
  const shop = figures.categories[category];
  const flow = world.flows.find((one) => one.origin === origin);
  const line = figures.spending.find(
    (one) => one.destination === 'JP' && one.origin === world.origins[origin],
  );
  if (shop === undefined || flow === undefined || line === undefined) return 0;
  const value = (index: number): number => {
    const ticket = flow.tickets[index];
    const share = figures.categories[index]?.purchaseShare ?? 0;
    return ticket === undefined ? 0 : share * momentsOf(quantileTable(ticket)).mean;
  };
  let ofSpend = 0;
  for (const [index, one] of figures.categories.entries()) {
    if (one.spend === shop.spend) ofSpend += value(index);
  }
  const onSite = (scenario.spending.onSitePercent[shop.spend]?.value ?? 0) / 100;
  return ((line.shares[shop.spend] ?? 0) * onSite * value(category)) / ofSpend;
}

function visitorsThere(ground: CalibrationGround, target: Target): Modelled {
  return againstInput(
    ground,
    target,
    (flow) => flow.visitors,
    (origin) => {
      const line = ground.figures.arrivals.find(
        (one) => one.destination === 'JP' && one.origin === origin && one.year === target.year,
      );
      return line?.months.reduce((sum, month) => sum + month, 0) ?? 0;
    },
  );
}

function spendingThere(ground: CalibrationGround, target: Target): Modelled {
  return againstInput(
    ground,
    target,
    (flow) => flow.spendMinor,
    (origin) => {
      const of = <
        T extends { readonly destination: string; readonly origin: string; readonly year: number },
      >(
        lines: readonly T[],
      ): T | undefined =>
        lines.find(
          (one) => one.destination === 'JP' && one.origin === origin && one.year === target.year,
        );
      const visitors =
        of(ground.figures.arrivals)?.months.reduce((sum, month) => sum + month, 0) ?? 0;
      return visitors * (of(ground.figures.spending)?.perVisitorMinor ?? 0);
    },
  );
}

/**
 * A total of all visitors, of whom a scenario plays some: the origins it leaves out are filled up
 * with what the inputs say of those it plays, so that only the model's own arithmetic is judged.
 */
function againstInput(
  ground: CalibrationGround,
  target: Target,
  read: (flow: World['flows'][number]) => Float64Array,
  published: (origin: string) => number,
): Modelled {
  const japan = japanOf(ground);
  if (japan === -1 || !wholeYear(ground, target.year)) {
    return unknown(`needs Japan and all of ${String(target.year)}`);
  }
  let [played, input] = [0, 0];
  for (const flow of ground.world.flows) {
    if (flow.destination !== japan) continue;
    played += read(flow).reduce((sum, value) => sum + value, 0);
    input += published(ground.world.origins[flow.origin] ?? '');
  }
  if (input === 0) return unknown('needs travellers to Japan');
  return known(
    target.value - input + played,
    'origins played by the model, the others as published',
  );
}
