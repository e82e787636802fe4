import { ExplainedError } from '#platform/explained-error';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';
import type { DayPurchase } from '#simulation/exact/day-purchases';
import { loadScenario, type LoadOptions } from '../scenario-files/load-scenario.js';

export type { DayPurchase } from '#simulation/exact/day-purchases';

export interface SimulatedDay {
  readonly scenario: string;
  /** ISO date. */
  readonly day: string;
  /** In order of time. */
  readonly purchases: readonly DayPurchase[];
}

/**
 * The purchases of one day of a scenario that come to a hub, as every kernel plays them for this
 * seed; figures and tables are loaded only now.
 *
 * @param day ISO date within the scenario's period
 * @throws ExplainedError for a day outside the period, and for a scenario that is not valid
 */
export async function simulatedDay(
  nameOrPath: string,
  options: LoadOptions & { readonly seed: number; readonly day: string },
): Promise<SimulatedDay> {
  const { seed, day, ...load } = options;
  const scenario = loadScenario(nameOrPath, load);
  const [figures, kernel] = await Promise.all([
    import('../figures/index.js'),
    import('#simulation/exact/day-purchases'),
  ]);
  const { world } = figures.compileScenario(scenario);
  const number = dayNumber(day);
  if (number === undefined || number < world.firstDay || number >= world.firstDay + world.days) {
    const last = isoDate(world.firstDay + world.days - 1);
    throw new ExplainedError(
      `${day} is not a day of ${scenario.name}, which runs from ${isoDate(world.firstDay)} to ${last}; ` +
        'give --day one of these',
      { exitCode: 2 },
    );
  }
  const run = { seed, replicate: 0 };
  const purchases = kernel.purchasesOfDay(world, run, number - world.firstDay);
  return { scenario: scenario.name, day, purchases };
}
