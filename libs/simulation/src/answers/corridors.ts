import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type { CorridorAnswer, PartyRevenue } from './answers.js';
import type { Ground } from './ground.js';
import type { PairUsd, Tally } from './tally.js';

/** One flow with what its tables need beside the answer itself. */
export interface CorridorFigures extends CorridorAnswer {
  /**
   * Dollars of one minor unit of the shop's currency, weighed by what was paid on each day; where
   * nothing was, by what was meant to be. Breakdowns that know no day are stated with it.
   */
  readonly usdPerMinor: number;
  readonly spendUsd: number;
  readonly mdrUsd: number;
  readonly marginUsd: number;
}

const SHARED_GAP = [OUTCOME.notAccepted, OUTCOME.noRoute] as const;

export function corridorsOf(ground: Ground, totals: Totals, tally: Tally): CorridorFigures[] {
  return ground.world.flows.map((_, flow) => corridorOf(ground, totals, tally, flow));
}

function corridorOf(ground: Ground, totals: Totals, tally: Tally, index: number): CorridorFigures {
  const { world } = ground;
  const flow = world.flows[index];
  const [origin, place] = [
    world.origins[flow?.origin ?? -1],
    world.destinations[flow?.destination ?? -1],
  ];
  const pairs = ground.pairs.map((_, pair) => pair).filter((pair) => ground.flowOf[pair] === index);
  const minor = (column: number): number =>
    add(pairs.map((pair) => tally.minor[pair * MONEY_COLUMNS.length + column] ?? 0));
  const usdOf = (name: PairUsd): number => add(pairs.map((pair) => tally.usd[name][pair] ?? 0));
  const slice = (column: Float64Array): number[] => [
    ...column.subarray(index * OUTCOMES.length, (index + 1) * OUTCOMES.length),
  ];
  const [outcomes, outcomeMinor] = [slice(totals.outcomes), slice(totals.outcomeMinor)];
  const [intended, intendedMinor] = [add(outcomes), add(outcomeMinor)];
  const gapMinor = add(SHARED_GAP.map((outcome) => outcomeMinor[outcome] ?? 0));
  const reached = intended - add(SHARED_GAP.map((outcome) => outcomes[outcome] ?? 0));
  const [paymentMinor, usd] = [minor(MONEY.paymentMinor), usdOf('value')];
  const spend = spendOf(ground, index);
  const costs = costsOf(usd, usdOf('mdr'), usdOf('margin'));
  return {
    corridor: `${origin ?? ''}-${place?.market ?? ''}`,
    origin: origin ?? '',
    destination: place?.market ?? '',
    payments: minor(MONEY.payments),
    currency: world.currencies[place?.currency ?? -1] ?? '',
    paymentMinor,
    usd,
    ...revenueOf(usdOf),
    visitors: add(flow?.visitors ?? []),
    spendMinor: spend.minor,
    spendingSharePercent: percent(paymentMinor, spend.minor),
    intended,
    intendedMinor,
    gapMinor,
    gapPercent: percent(gapMinor, intendedMinor),
    successPercent: percent(outcomes[OUTCOME.paid] ?? 0, reached),
    ...costs,
    outcomes,
    outcomeMinor,
    usdPerMinor: paymentMinor > 0 ? usd / paymentMinor : spend.usdPerIntended,
    spendUsd: spend.usd,
    mdrUsd: usdOf('mdr'),
    marginUsd: usdOf('margin'),
  };
}

/** Dollars of the parties, net of refunds, from those of some pairs. */
export function revenueOf(usdOf: (name: PairUsd) => number): PartyRevenue {
  return {
    walletUsd: usdOf('interchangeCreditedNet') - usdOf('schemeFeeWallet'),
    hubUsd:
      usdOf('schemeFeeWallet') +
      usdOf('schemeFeeAcquirer') +
      usdOf('marginNet') -
      usdOf('marginReturnedNet'),
    acquirerUsd: usdOf('mdrNet') - usdOf('interchangeChargedNet') - usdOf('schemeFeeAcquirer'),
  };
}

export function costsOf(
  usd: number,
  mdrUsd: number,
  marginUsd: number,
): Pick<CorridorAnswer, 'merchantCostBps' | 'payerCostBps' | 'allInCostBps'> {
  const bps = (cost: number): number => (usd === 0 ? 0 : (cost / usd) * 10_000);
  return {
    merchantCostBps: bps(mdrUsd),
    payerCostBps: bps(marginUsd),
    allInCostBps: bps(mdrUsd + marginUsd),
  };
}

/** What the flow's visitors spend, and the mean rate of what they meant to pay by wallet. */
function spendOf(
  ground: Ground,
  index: number,
): { readonly minor: number; readonly usd: number; readonly usdPerIntended: number } {
  const { world, usd } = ground;
  const flow = world.flows[index];
  const currency = world.destinations[flow?.destination ?? -1]?.currency ?? 0;
  let [minor, worth, intended, weighed] = [0, 0, 0, 0];
  for (let day = 0; day < world.days; day++) {
    const rate = usd[(day + 1) * world.currencies.length + currency] ?? 0;
    const spend = flow?.spendMinor[day] ?? 0;
    const wish = flow?.intended[day] ?? 0;
    minor += spend;
    worth += spend * rate;
    intended += wish;
    weighed += wish * rate;
  }
  const first = usd[world.currencies.length + currency] ?? 0;
  return { minor, usd: worth, usdPerIntended: intended > 0 ? weighed / intended : first };
}

/** 0 where there is nothing to take a share of. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

function add(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
