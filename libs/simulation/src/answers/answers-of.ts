import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { invariant } from '#domain/invariant';
import { isoDate } from '#domain/rates/calendar-day';
import type { Totals } from '../totals.js';
import type { World } from '../world.js';
import type { Answers, DefaultAnswer, FxAnswer, LatencyAnswer, TargetsAnswer } from './answers.js';
import {
  acquirersOf,
  areasOf,
  categoriesOf,
  daysOf,
  destinationsOf,
  monthsOf,
  walletsOf,
} from './breakdowns.js';
import { corridorsOf, costsOf, percent, revenueOf, type CorridorFigures } from './corridors.js';
import { costAnswerOf, revenueAnswerOf } from './costs.js';
import { DefaultBook, stopsOn } from './default-loss.js';
import { funnelOf } from './funnel.js';
import { fxOf } from './fx-result.js';
import { groundOf, type Ground } from './ground.js';
import type { Headlines } from './headlines.js';
import { latencyOf } from './latency.js';
import { settlementAnswerOf, type SettlementParts } from './settlement-answer.js';
import {
  arrivedValueOf,
  settlementHeadlinesOf,
  type SettlementHeadlines,
} from './settlement-headlines.js';
import { cycleFlowsOf } from './settlement/cycle-flows.js';
import {
  exposuresOf,
  releasesOf,
  type ExposureDay,
  type WalletExposure,
} from './settlement/exposure.js';
import { liquidityOf, type LiquidityDay } from './settlement/liquidity.js';
import { nettingOf } from './settlement/netting.js';
import { obligationsOf, type SimulatedObligation } from './settlement/obligations.js';
import { sum, tallyOf, type Tally } from './tally.js';
import { targetsOf } from './targets.js';

/** Called with rows that are too many to keep: one an obligation, one a day and currency or wallet. */
export interface AnswerWatch {
  readonly onObligation?: (obligation: SimulatedObligation) => void;
  readonly onLiquidity?: (day: LiquidityDay) => void;
  readonly onExposure?: (day: ExposureDay) => void;
}

/** Everything that one replication answers. */
export function answersOf(world: World, totals: Totals, watch: AnswerWatch = {}): Answers {
  const found = findingsOf(world, totals, watch);
  const { ground, tally, corridors, parts, exposures, fx } = found;
  const destinations = destinationsOf(ground, corridors);
  const outcomes = OUTCOMES.map((_, outcome) => outcome);
  return {
    headlines: headlinesFrom(found),
    rates: {
      currency: 'USD',
      basis: 'mid of each clearing day, as the scenario’s rates have it',
      from: isoDate(world.firstDay),
      to: isoDate(world.firstDay + world.days - 1),
    },
    destinations,
    corridors: corridors.map(withoutWorkings),
    wallets: walletsOf(ground, tally, exposures),
    acquirers: acquirersOf(ground, tally),
    categories: categoriesOf(ground, totals, corridors),
    areas: areasOf(ground, totals, destinations),
    days: daysOf(ground, tally),
    months: monthsOf(ground, tally),
    funnel: funnelOf(
      outcomes.map((outcome) => sum(corridors.map((flow) => flow.outcomes[outcome] ?? 0))),
      outcomes.map((outcome) => outcomeUsd(corridors, outcome)),
    ),
    revenue: revenueAnswerOf(tally, fx),
    costs: costAnswerOf(ground, tally),
    fx,
    settlement: settlementAnswerOf(ground, tally, parts),
    latency: found.latency,
    targets: found.targets,
    defaults: found.defaults,
  };
}

/** The headlines alone, for experiments with thousands of replications. */
export function headlinesOf(world: World, totals: Totals): Headlines {
  return headlinesFrom(findingsOf(world, totals, {}));
}

interface Findings {
  readonly ground: Ground;
  readonly tally: Tally;
  readonly corridors: readonly CorridorFigures[];
  readonly parts: SettlementParts;
  readonly exposures: readonly WalletExposure[];
  readonly settlement: SettlementHeadlines;
  readonly fx: FxAnswer;
  readonly latency: LatencyAnswer;
  readonly targets: TargetsAnswer;
  readonly defaults: readonly DefaultAnswer[];
}

function findingsOf(world: World, totals: Totals, watch: AnswerWatch): Findings {
  const ground = groundOf(world);
  invariant(
    totals.pairs.length === ground.pairs.length &&
      totals.clearingHours === ground.clearingDays * 24,
    'totals and world belong together',
  );
  const tally = tallyOf(ground, totals);
  const corridors = corridorsOf(ground, totals, tally);
  const flows = cycleFlowsOf(ground, totals);
  const book = new DefaultBook(ground, flows);
  const obligations = obligationsOf(ground, flows, (obligation) => {
    book.see(obligation);
    watch.onObligation?.(obligation);
  });
  const parts = {
    flows,
    netting: nettingOf(ground, flows),
    liquidity: liquidityOf(ground, flows, watch.onLiquidity),
    obligations,
  };
  const releases = releasesOf(ground, flows, obligations.dueOn, (participant) =>
    stopsOn(ground, flows.participants.ids[participant] ?? ''),
  );
  const arrived = arrivedValueOf(ground, parts);
  const exposures = exposuresOf(ground, flows, releases, watch.onExposure);
  const settlement = settlementHeadlinesOf(ground, parts, exposures);
  return {
    ground,
    tally,
    corridors,
    parts,
    exposures,
    settlement,
    fx: fxOf(ground, totals, flows, tally),
    latency: latencyOf(world.conduct, totals.waits),
    targets: targetsOf(corridors, arrived, settlement.hoursToFunds),
    defaults: book.answers(),
  };
}

function headlinesFrom(found: Findings): Headlines {
  const { ground, tally, corridors, fx, latency, targets, defaults } = found;
  const over = (of: (corridor: CorridorFigures) => number): number => sum(corridors.map(of));
  const [payments, valueUsd] = [over((c) => c.payments), over((c) => c.usd)];
  const intendedUsd = over((c) => c.intendedMinor * c.usdPerMinor);
  const acceptanceGapUsd = over((c) => c.gapMinor * c.usdPerMinor);
  const reached = over((c) => reachedOf(c));
  const { walletUsd, hubUsd, acquirerUsd } = revenueOf((name) => sum(tally.usd[name]));
  const costs = costAnswerOf(ground, tally);
  return {
    payments,
    valueUsd,
    averageTicketUsd: payments === 0 ? 0 : valueUsd / payments,
    spendingSharePercent: percent(
      valueUsd,
      over((c) => c.spendUsd),
    ),
    acceptanceGapUsd,
    acceptanceGapPercent: percent(acceptanceGapUsd, intendedUsd),
    successPercent: percent(
      over((c) => c.outcomes[OUTCOME.paid] ?? 0),
      reached,
    ),
    walletRevenueUsd: walletUsd,
    hubRevenueUsd: hubUsd,
    acquirerRevenueUsd: acquirerUsd,
    ...costsOf(valueUsd, sum(tally.usd.mdr), sum(tally.usd.margin)),
    savedAgainstCardsUsd: costs.merchant.savedUsd + costs.payer.savedAgainstCardUsd,
    savedAgainstCashUsd: costs.payer.savedAgainstCashUsd,
    fxMarginUsd: fx.marginUsd,
    fxResultUsd: fx.positionResultUsd + fx.refundResultUsd,
    coverCostUsd: fx.coverCostUsd,
    fxNetUsd: fx.netUsd,
    rateLockCostUsd: fx.rateLock.optionUsd,
    ...found.settlement,
    capDeclinedUsd: outcomeUsd(corridors, OUTCOME.capExceeded),
    answerP50Ms: latency.p50Ms,
    answerP95Ms: latency.p95Ms,
    answerP99Ms: latency.p99Ms,
    dearCorridors: over((c) => (c.payments > 0 && c.allInCostBps > 300 ? 1 : 0)),
    fundsWithinHourPercent: targets.speed.value,
    defaultLossUsd: sum(defaults.map(({ lossUsd }) => lossUsd)),
  };
}

function reachedOf({ intended, outcomes }: CorridorFigures): number {
  return intended - (outcomes[OUTCOME.notAccepted] ?? 0) - (outcomes[OUTCOME.noRoute] ?? 0);
}

function outcomeUsd(corridors: readonly CorridorFigures[], outcome: number): number {
  return sum(corridors.map((c) => (c.outcomeMinor[outcome] ?? 0) * c.usdPerMinor));
}

function withoutWorkings(figures: CorridorFigures): Answers['corridors'][number] {
  const {
    usdPerMinor: _rate,
    spendUsd: _spend,
    mdrUsd: _mdr,
    marginUsd: _margin,
    ...answer
  } = figures;
  return answer;
}
