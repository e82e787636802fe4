import { readShippedCalendars } from '#settlement';
import type { DemandFigures } from '#simulation/demand-figures';
import { ExplainedError } from '#platform/explained-error';
import { projectRoot } from '#platform/project-root';
import { join } from 'node:path';
import {
  isRate,
  readDemandFile,
  readSources,
  type DemandFile,
  type DemandLine,
} from './demand-files.js';

/** The data folder of the product. */
export const shippedData = join(projectRoot, 'data');

let loaded: DemandFigures | undefined;

/**
 * The figures about travellers that ship, checked for themselves and against each other. Read
 * once a process: they do not change while it runs.
 *
 * @throws ExplainedError naming file and line of what does not fit
 */
export function loadFigures(): DemandFigures {
  loaded ??= readFigures(shippedData);
  return loaded;
}

/** The same from any data folder, for tests with planted faults. */
export function readFigures(dataDir: string): DemandFigures {
  const sources = readSources(dataDir);
  const read = <File extends DemandFile>(file: File): DemandLine<File>[] =>
    readDemandFile(dataDir, file, sources);
  const figures: DemandFigures = {
    arrivals: read('arrivals'),
    spending: read('spending'),
    stays: read('stays'),
    areaMonths: read('area-months'),
    areas: read('areas'),
    categories: read('categories'),
    destinations: read('destinations'),
    daysOff: daysOffOf(dataDir, read('days-off')),
    weekdays: read('weekdays'),
    rates: ratesOf(read('rates')),
    targets: read('targets'),
  };
  checkAgainstEachOther(figures);
  return figures;
}

/** Weekdays on which the settlement system of a market's currency rests. */
function daysOffOf(
  dataDir: string,
  lines: readonly DemandLine<'days-off'>[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const closed = new Map<string, Map<number, boolean>>();
  for (const edition of readShippedCalendars(dataDir)) {
    const days = closed.get(edition.currency) ?? new Map<number, boolean>();
    for (const { day, state } of edition.exceptions) days.set(day, state === 'closed');
    closed.set(edition.currency, days);
  }
  return new Map(
    lines.map(({ market, calendar }) => {
      const days = [...(closed.get(calendar) ?? [])].filter(([, rests]) => rests);
      return [market, new Set(days.map(([day]) => day))];
    }),
  );
}

function ratesOf(lines: readonly DemandLine<'rates'>[]): DemandFigures['rates'] {
  const days = lines.flatMap((line) => ('days' in line ? line.days : []));
  const perEuro = new Map<string, readonly (string | null)[]>();
  for (const line of lines) {
    if ('days' in line) continue;
    if (line.perEuro.length !== days.length || !line.perEuro.every(isRate)) {
      throw new ExplainedError(
        `data/demand/rates.jsonl, ${line.currency}: needs a rate or - for each of ${String(days.length)} days`,
      );
    }
    perEuro.set(line.currency, line.perEuro);
  }
  if (days.some((day, at) => at > 0 && day <= (days[at - 1] ?? 0))) {
    throw new ExplainedError('data/demand/rates.jsonl, days: must be in order');
  }
  return { days, perEuro };
}

function checkAgainstEachOther(figures: DemandFigures): void {
  const fault = (file: string, message: string): never => {
    throw new ExplainedError(`data/demand/${file}.jsonl: ${message}`);
  };
  const places = new Set(figures.destinations.map(({ market }) => market));
  const areas = new Set(figures.areas.map(({ id }) => id));
  const oneShare = (file: string, what: string, shares: readonly number[]): void => {
    const sum = shares.reduce((total, share) => total + share, 0);
    if (Math.abs(sum - 1) > 1e-4)
      fault(file, `shares of ${what} add up to ${sum.toFixed(5)}, not 1`);
  };
  for (const { destination, id } of figures.areas) {
    if (!places.has(destination)) fault('areas', `${id} lies in ${destination}, which is unknown`);
  }
  for (const place of places) {
    const own = figures.areas.filter(({ destination }) => destination === place);
    oneShare(
      'areas',
      `merchants in ${place}`,
      own.map(({ merchantShare }) => merchantShare),
    );
  }
  for (const { area } of [...figures.stays, ...figures.areaMonths]) {
    if (!areas.has(area)) fault('stays', `area ${area} is unknown`);
  }
  const travellers = new Map<string, number[]>();
  for (const { destination, origin, share } of figures.stays) {
    const key = `${origin} in ${destination}`;
    const known = travellers.get(key);
    if (known === undefined) travellers.set(key, [share]);
    else known.push(share);
  }
  for (const [who, shares] of travellers) oneShare('stays', who, shares);
  oneShare(
    'categories',
    'merchants',
    figures.categories.map(({ merchantShare }) => merchantShare),
  );
  for (const spend of new Set(figures.categories.map((category) => category.spend))) {
    const own = figures.categories.filter((category) => category.spend === spend);
    oneShare(
      'categories',
      `purchases in ${spend}`,
      own.map(({ purchaseShare }) => purchaseShare),
    );
  }
}
