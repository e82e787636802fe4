import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CalendarEdition, CalendarException } from '#domain/calendars/settlement-calendar';
import type { Weekday } from '#domain/calendars/civil-day';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import { findCurrency } from '#domain/currency';
import { dayNumber } from '#domain/rates/calendar-day';
import { ExplainedError } from '#platform/explained-error';

/** The shapes of data/calendars and data/settlement, described in data/README.md. */
const currency = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, 'is not a currency of ISO 4217');
const isoDay = z
  .string()
  .refine((text) => dayNumber(text) !== undefined, 'is not an ISO date')
  .transform((text) => dayNumber(text) ?? 0);
const version = z.int().min(1);
const weekday = z.int().min(1).max(7) as unknown as z.ZodType<Weekday>;

const sourceLine = z.strictObject({
  id: z.string(),
  name: z.string().min(1),
  quality: z.enum([
    'measured',
    'company_stated',
    'secondary',
    'derived',
    'estimated',
    'rule',
    'fictional',
  ]),
  asOf: z.string(),
  url: z.url().nullable(),
  what: z.string(),
});
const calendarLine = z.strictObject({
  currency,
  version,
  publishedOn: isoDay,
  system: z.string().min(1),
  weekend: z.array(weekday),
  why: z.string().min(1),
});
const yearLine = z.strictObject({
  currency,
  version,
  year: z.int().min(1990).max(2200),
  basis: z.enum(['official', 'estimated']),
  source: z.string(),
});
const dayLine = z.strictObject({
  currency,
  version,
  day: isoDay,
  state: z.enum(['closed', 'open']),
  name: z.string().min(1),
});
const termsLine = z.strictObject({
  participant: z.string().nullable(),
  currency,
  lag: z.union([z.literal(1), z.literal(2)]),
  lagSource: z.string(),
  minimum: z.strictObject({
    minor: z
      .string()
      .regex(/^\d{1,15}$/, 'must be integer minor units as text')
      .transform((digits) => BigInt(digits)),
    source: z.string(),
  }),
});

type Source = z.infer<typeof sourceLine>;

/** An edition as it ships; `why` says what it changes. */
export type ShippedEdition = CalendarEdition & { readonly why: string };

/**
 * Reads the shipped calendars, all versions of each currency in order.
 *
 * @param dataDir the project's `data` folder
 * @throws ExplainedError naming file, line and field of what does not fit
 */
export function readShippedCalendars(dataDir: string): ShippedEdition[] {
  const folder = join(dataDir, 'calendars');
  const sources = sourcesOf(join(folder, 'sources.jsonl'));
  const years = readLines(join(folder, 'years.jsonl'), yearLine);
  const days = readLines(join(folder, 'days.jsonl'), dayLine);
  const known = new Set<string>();
  const editions = readLines(join(folder, 'calendars.jsonl'), calendarLine).map(
    ({ value, at }): ShippedEdition => {
      const key = editionKey(value);
      if (known.has(key)) throw new ExplainedError(`${at}, version: ${key} is there twice`);
      known.add(key);
      return {
        currency: value.currency,
        version: value.version,
        system: value.system,
        weekend: value.weekend,
        why: value.why,
        years: years
          .filter((line) => editionKey(line.value) === key)
          .map((line) => ({
            year: line.value.year,
            basis: line.value.basis,
            source: nameOfSource(sources, line.value.source, line.at),
          })),
        exceptions: days
          .filter((line) => editionKey(line.value) === key)
          .map((line): CalendarException => {
            const { day, state, name } = line.value;
            return { day, state, name };
          }),
      };
    },
  );
  for (const { value, at } of [...years, ...days]) {
    if (!known.has(editionKey(value))) {
      throw new ExplainedError(`${at}, version: ${editionKey(value)} is not in calendars.jsonl`);
    }
  }
  return editions.sort((a, b) => a.version - b.version || (a.currency < b.currency ? -1 : 1));
}

/** Reads the shipped settlement terms; their quality is the weaker one of their two figures. */
export function readShippedTerms(dataDir: string): SettlementTerms[] {
  const folder = join(dataDir, 'settlement');
  const sources = sourcesOf(join(folder, 'sources.jsonl'));
  return readLines(join(folder, 'terms.jsonl'), termsLine).map(({ value, at }) => {
    const lagSource = nameOfSource(sources, value.lagSource, at);
    const minimumSource = nameOfSource(sources, value.minimum.source, at);
    return {
      participantId: value.participant,
      currency: value.currency,
      lag: value.lag,
      minimumMinor: value.minimum.minor,
      quality: sources.get(value.minimum.source)?.quality ?? 'estimated',
      source: `lag: ${lagSource}; minimum: ${minimumSource}`,
    };
  });
}

function editionKey(of: { readonly currency: string; readonly version: number }): string {
  return `${of.currency} version ${String(of.version)}`;
}

/** The sources of a data folder by their ids. */
export function sourcesOf(file: string): Map<string, Source> {
  return new Map(readLines(file, sourceLine).map(({ value }) => [value.id, value]));
}

/** A source in words, for people who read a stored figure. */
export function nameOfSource(sources: ReadonlyMap<string, Source>, id: string, at: string): string {
  const source = sources.get(id);
  if (source === undefined) {
    throw new ExplainedError(`${at}, source: ${id} is not in sources.jsonl`);
  }
  return source.url === null ? source.name : `${source.name} (${source.url})`;
}

interface Line<T> {
  readonly value: T;
  /** File and line, for a later fault. */
  readonly at: string;
}

/**
 * Reads a file of one JSON record a line.
 *
 * @throws ExplainedError naming file, line and field of the first record that does not fit
 */
export function readLines<T extends z.ZodType>(file: string, schema: T): Line<z.infer<T>>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      if (text.trim() === '') return [];
      const at = `${file}, line ${String(index + 1)}`;
      const parsed = schema.safeParse(jsonOf(text));
      if (parsed.success) return [{ value: parsed.data, at }];
      const [issue] = parsed.error.issues;
      const field = issue?.path.map(String).join('.') ?? '';
      throw new ExplainedError(`${at}, ${field}: ${issue?.message ?? 'is not readable'}`);
    });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
