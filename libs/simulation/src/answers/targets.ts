import type { TargetsAnswer } from './answers.js';
import { percent, type CorridorFigures } from './corridors.js';

/** The G20's quantitative targets for retail payments by the end of 2027 (FSB, October 2021). */
const AVERAGE_COST_PERCENT = 1;
const CORRIDOR_COST_PERCENT = 3;
const WITHIN_HOUR_PERCENT = 75;

/** Value that reached acquirers, and of it what did within an hour; one unit for both. */
export interface ArrivedValue {
  readonly value: number;
  readonly withinHour: number;
}

/**
 * How the network stands to the targets. Speed is measured by money in the acquirer's account: a
 * shop knows within seconds that it is paid, but that is a promise of the hub.
 */
export function targetsOf(
  corridors: readonly CorridorFigures[],
  arrived: ArrivedValue,
  meanHours: number,
): TargetsAnswer {
  const paid = corridors.filter(({ payments }) => payments > 0);
  const usd = paid.reduce((total, corridor) => total + corridor.usd, 0);
  const cost = paid.reduce((total, { mdrUsd, marginUsd }) => total + mdrUsd + marginUsd, 0);
  const average = percent(cost, usd);
  const dearest = paid.reduce<CorridorFigures | null>(
    (most, corridor) =>
      most === null || corridor.allInCostBps > most.allInCostBps ? corridor : most,
    null,
  );
  const dearestCost = (dearest?.allInCostBps ?? 0) / 100;
  const within = percent(arrived.withinHour, arrived.value);
  return {
    averageCost: {
      value: average,
      target: AVERAGE_COST_PERCENT,
      unit: 'percent',
      met: average <= AVERAGE_COST_PERCENT,
      what: 'Average cost of merchant and payer together, of value; at most 1 %.',
    },
    dearestCorridor: {
      value: dearestCost,
      target: CORRIDOR_COST_PERCENT,
      unit: 'percent',
      met: dearestCost <= CORRIDOR_COST_PERCENT,
      what: 'Cost of the dearest corridor; at most 3 %.',
      corridor: dearest?.corridor ?? null,
    },
    speed: {
      value: within,
      target: WITHIN_HOUR_PERCENT,
      unit: 'percent',
      met: within >= WITHIN_HOUR_PERCENT,
      what: 'Value that is in the acquirer’s account within one hour of the payment; at least 75 %.',
    },
    confirmedWithinHourPercent: paid.length === 0 ? 0 : 100,
    remark:
      `The shop is told within seconds that it is paid; the money reaches its acquirer ` +
      `${meanHours.toFixed(0)} hours later on average, because obligations are settled on business ` +
      `days after the clearing day. Measured by money, the speed target is ` +
      `${within >= WITHIN_HOUR_PERCENT ? '' : 'not '}met.`,
  };
}
