import {
  calendarOf,
  type CalendarEdition,
  type CalendarException,
  type CalendarSet,
  type CalendarYear,
  type SettlementCalendar,
} from '#domain/calendars/settlement-calendar';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import type { SettlementLag } from '#domain/calendars/value-date';
import type { Weekday } from '#domain/calendars/civil-day';
import type { CurrencyCode } from '#domain/currency';
import type { Quality } from '#domain/network';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';
import type { EntityManager } from 'typeorm';

interface EditionRow {
  readonly currency: CurrencyCode;
  readonly version: number;
  readonly system: string;
  readonly weekend: Weekday[];
  readonly years: CalendarYear[];
  readonly days: { day: string; state: CalendarException['state']; name: string }[];
}

/** Lock of everybody who publishes a version or terms, so that two never take one number. */
const PUBLISHING = '7521, 20';

const EDITIONS = `
  SELECT c.currency, c.version, c.system, c.weekend,
         coalesce((SELECT json_agg(json_build_object('year', y.year, 'basis', y.basis,
                                                     'source', y.source) ORDER BY y.year)
                   FROM settlement_calendar_years y
                   WHERE y.currency = c.currency AND y.version = c.version), '[]') AS years,
         coalesce((SELECT json_agg(json_build_object('day', d.day, 'state', d.state,
                                                     'name', d.name) ORDER BY d.day)
                   FROM settlement_calendar_days d
                   WHERE d.currency = c.currency AND d.version = c.version), '[]') AS days
  FROM settlement_calendars c
  WHERE ($1::text IS NULL OR c.currency = $1) AND ($2::integer IS NULL OR c.version <= $2)
  ORDER BY c.currency, c.version`;

/** The newest calendar of every currency that has one. */
export async function findCalendars(tx: EntityManager): Promise<CalendarSet> {
  const byCurrency = new Map<CurrencyCode, CalendarEdition[]>();
  for (const row of await tx.query<EditionRow[]>(EDITIONS, [null, null])) {
    const editions = byCurrency.get(row.currency) ?? [];
    editions.push(editionOf(row));
    byCurrency.set(row.currency, editions);
  }
  return new Map([...byCurrency].map(([currency, editions]) => [currency, calendarOf(editions)]));
}

/** A currency's calendar as of a version, or the newest; undefined where there is none. */
export async function findCalendar(
  tx: EntityManager,
  currency: CurrencyCode,
  version?: number,
): Promise<SettlementCalendar | undefined> {
  const rows = await tx.query<EditionRow[]>(EDITIONS, [currency, version ?? null]);
  const editions = rows.map(editionOf);
  if (editions.length === 0) return undefined;
  const calendar = calendarOf(editions);
  return version === undefined || calendar.version === version ? calendar : undefined;
}

export interface CalendarPublication extends Omit<CalendarEdition, 'version'> {
  readonly why: string;
  /** Its number among the shipped ones, or null for one of the operator's own. */
  readonly shippedVersion: number | null;
}

/**
 * Publishes the next version of a currency's calendar.
 *
 * @returns the version, or undefined where that shipped version is there already
 */
export async function publishCalendar(
  tx: EntityManager,
  publication: CalendarPublication,
  nowMs: number,
): Promise<number | undefined> {
  await tx.query(`SELECT pg_advisory_xact_lock(${PUBLISHING})`);
  const { currency, shippedVersion, system, weekend, why } = publication;
  const [row] = await tx.query<{ version: number }[]>(
    `INSERT INTO settlement_calendars
       (currency, version, shipped_version, system, weekend, why, published_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2::integer, $3, $4::smallint[], $5,
            to_timestamp($6::bigint / 1000.0)
     FROM settlement_calendars WHERE currency = $1
     HAVING NOT coalesce(bool_or(shipped_version = $2::integer), false)
     RETURNING version`,
    [currency, shippedVersion, system, weekend, why, nowMs],
  );
  if (row === undefined) return undefined;
  await tx.query(
    `INSERT INTO settlement_calendar_years (currency, version, year, basis, source)
     SELECT $1, $2, * FROM unnest($3::integer[], $4::text[], $5::text[])`,
    [
      currency,
      row.version,
      publication.years.map(({ year }) => year),
      publication.years.map(({ basis }) => basis),
      publication.years.map(({ source }) => source),
    ],
  );
  await tx.query(
    `INSERT INTO settlement_calendar_days (currency, version, day, state, name)
     SELECT $1, $2, * FROM unnest($3::date[], $4::text[], $5::text[])`,
    [
      currency,
      row.version,
      publication.exceptions.map(({ day }) => isoDate(day)),
      publication.exceptions.map(({ state }) => state),
      publication.exceptions.map(({ name }) => name),
    ],
  );
  return row.version;
}

/** What shipped and was taken over already, as `JPY 1`. */
export async function listShippedEditions(tx: EntityManager): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ edition: string }[]>(
    `SELECT currency || ' ' || shipped_version AS edition FROM settlement_calendars
     WHERE shipped_version IS NOT NULL`,
  );
  return new Set(rows.map((row) => row.edition));
}

/** Settlement terms in force, the newest of each participant and currency. */
export async function findSettlementTerms(tx: EntityManager): Promise<SettlementTerms[]> {
  const rows = await tx.query<
    {
      participant_id: string | null;
      currency: CurrencyCode;
      lag: SettlementLag;
      minimum_minor: string;
      quality: Quality;
      source: string;
    }[]
  >(
    `SELECT DISTINCT ON (participant_id, currency)
            participant_id, currency, lag, minimum_minor, quality, source
     FROM settlement_terms ORDER BY participant_id, currency, id DESC`,
  );
  return rows.map((row) => ({
    participantId: row.participant_id,
    currency: row.currency,
    lag: row.lag,
    minimumMinor: BigInt(row.minimum_minor),
    quality: row.quality,
    source: row.source,
  }));
}

/** Adds terms for whom there are none yet: what an operator has set stays. */
export async function addMissingTerms(
  tx: EntityManager,
  terms: readonly SettlementTerms[],
  nowMs: number,
): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(${PUBLISHING})`);
  const rows = await tx.query<{ id: string }[]>(
    `INSERT INTO settlement_terms
       (participant_id, currency, lag, minimum_minor, quality, source, set_at)
     SELECT t.*, to_timestamp($7::bigint / 1000.0)
     FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[], $5::text[], $6::text[])
       AS t(participant_id, currency, lag, minimum_minor, quality, source)
     WHERE NOT EXISTS (
       SELECT FROM settlement_terms s
       WHERE s.participant_id IS NOT DISTINCT FROM t.participant_id AND s.currency = t.currency)
     RETURNING id`,
    [
      terms.map((term) => term.participantId),
      terms.map((term) => term.currency),
      terms.map((term) => term.lag),
      terms.map((term) => term.minimumMinor.toString()),
      terms.map((term) => term.quality),
      terms.map((term) => term.source),
      nowMs,
    ],
  );
  return rows.length;
}

function editionOf(row: EditionRow): CalendarEdition {
  const { currency, version, system, weekend, years } = row;
  return {
    currency,
    version,
    system,
    weekend,
    years,
    exceptions: row.days.map(({ day, state, name }) => ({ day: dayNumber(day) ?? 0, state, name })),
  };
}
