import { ExplainedError } from '#platform/explained-error';
import type { ActualArrivals } from '#simulation/calibration/backtest';
import { readFileSync } from 'node:fs';
import { EXIT_INVALID_WORLD } from '../figures/compile-scenario.js';

const COLUMNS = ['month', 'origin', 'visitors'] as const;

/** Under this name a file may carry the published total of all origins. */
const TOTAL = 'TOTAL';

/**
 * Reads arrivals as they came in, one month and origin a line, e.g. `2025-01,TH,108000`. The
 * origin is an ISO 3166-1 code, `ZZ` for all that are not named, or `TOTAL`; months may be missing.
 *
 * @throws ExplainedError with exit code 3, naming file and line
 */
export function readActualArrivals(file: string, year: number): ActualArrivals {
  const fault = (line: number, message: string): never => {
    throw new ExplainedError(`${file}, line ${String(line)}: ${message}`, {
      exitCode: EXIT_INVALID_WORLD,
    });
  };
  const lines = textOf(file).split(/\r?\n/);
  const header = (lines[0] ?? '')
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((name) => name.trim());
  const places = COLUMNS.map((name) => header.indexOf(name));
  if (places.includes(-1)) {
    fault(
      1,
      `the columns ${COLUMNS.join(', ')} are needed, and the first line has ${header.join(', ')}`,
    );
  }
  const byOrigin = new Map<string, (number | null)[]>();
  for (const [index, text] of lines.entries()) {
    if (index === 0 || text.trim() === '') continue;
    const at = index + 1;
    const cells = text.split(',').map((cell) => cell.trim());
    const [month = '', origin = '', visitors = ''] = places.map((place) => cells[place]);
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) fault(at, `${month} is not a month like 2025-01`);
    if (!/^([A-Z]{2}|TOTAL)$/.test(origin))
      fault(at, `${origin} is not a market like TH, ZZ or TOTAL`);
    if (!/^\d+$/.test(visitors)) fault(at, `${visitors} is not a whole number of visitors`);
    if (Number(month.slice(0, 4)) !== year)
      fault(at, `${month} is not in ${String(year)}, the year predicted`);
    const months = byOrigin.get(origin) ?? Array<number | null>(12).fill(null);
    const place = Number(month.slice(5)) - 1;
    if (months[place] !== null) fault(at, `${month} of ${origin} is there twice`);
    months[place] = Number(visitors);
    byOrigin.set(origin, months);
  }
  const total = byOrigin.get(TOTAL) ?? null;
  byOrigin.delete(TOTAL);
  if (byOrigin.size === 0 && total === null) fault(lines.length, 'there are no arrivals');
  return { origins: byOrigin, total };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ExplainedError(
      `${file} cannot be read: ${error instanceof Error ? error.message : ''}`,
      {
        exitCode: EXIT_INVALID_WORLD,
        cause: error,
      },
    );
  }
}
