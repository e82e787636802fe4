import { z } from 'zod';

/**
 * Settlement calendars and value dates as the operator API shows them. Days are ISO dates; a
 * year is `official` or `estimated`, and what rests on an estimated one says so.
 */
const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'give an ISO 4217 code like JPY')
  .describe('ISO 4217 alphabetic code');
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'give a day like 2026-12-30');
const basis = z
  .enum(['official', 'estimated'])
  .describe('estimated: public holidays or a rule stand in for unannounced days');
const kind = z.enum(['weekday', 'workedWeekend', 'weekend', 'holiday']);

export const calendarSummary = z
  .object({
    currency: currencyCode,
    version: z.int().describe('The newest version; obligations name the one they were made with'),
    system: z.string().describe('The settlement system whose business days these are'),
    range: z.string().describe('The years covered; outside of them every date is refused'),
    years: z.array(z.object({ year: z.int(), basis, source: z.string() })),
  })
  .meta({ title: 'CalendarSummary' });

export const calendarList = z
  .object({ calendars: z.array(calendarSummary) })
  .meta({ title: 'CalendarList' });

export const calendarQuery = z.object({
  year: z.coerce.number().int().min(1990).max(2200).optional(),
  version: z.coerce.number().int().min(1).optional(),
});

export const calendarView = calendarSummary
  .extend({
    year: z.int(),
    basis,
    businessDays: z.int(),
    exceptions: z
      .array(z.object({ day: isoDay, weekday: z.string(), kind, name: z.string() }))
      .describe('Days of that year that differ from what their weekday says'),
  })
  .meta({ title: 'Calendar' });

export const valueDateQuery = z.object({
  payIn: currencyCode.describe('What participants pay in'),
  payOut: currencyCode.describe('What participants are paid'),
  from: isoDay.describe('The clearing day'),
  lag: z
    .enum(['1', '2'])
    .default('2')
    .transform((text): 1 | 2 => (text === '1' ? 1 : 2))
    .describe('Business days after the clearing day'),
});

export const valueDateView = z
  .object({
    clearingDay: isoDay,
    currencies: z.array(currencyCode),
    lag: z.int(),
    valueDate: isoDay,
    weekday: z.string(),
    estimated: z.boolean().describe('True when an estimated year was consulted'),
    counted: z.array(isoDay).describe('The common business days; the last is the value date'),
    skipped: z.array(
      z.object({
        day: isoDay,
        weekday: z.string(),
        closed: z.array(z.object({ currency: currencyCode, kind, name: z.string(), basis })),
      }),
    ),
    calendars: z.array(z.object({ currency: currencyCode, version: z.int() })),
  })
  .meta({ title: 'ValueDate' });

export type CalendarSummaryView = z.infer<typeof calendarSummary>;
export type CalendarListView = z.infer<typeof calendarList>;
export type CalendarQuery = z.infer<typeof calendarQuery>;
export type CalendarView = z.infer<typeof calendarView>;
export type ValueDateQuery = z.infer<typeof valueDateQuery>;
export type ValueDateView = z.infer<typeof valueDateView>;

/**
 * Payload of the action `calendars.correct`. It names the version it follows, so that what the
 * approver read about is what is corrected.
 */
export const calendarCorrection = z
  .object({
    currency: currencyCode,
    day: isoDay,
    state: z.enum(['closed', 'open']),
    name: z.string().min(1).max(200).describe('The holiday, or why the day is worked'),
    why: z.string().min(1).max(500).describe('Who announced it, and where'),
    replacesVersion: z.int().min(1),
  })
  .meta({ title: 'CalendarCorrection' });
export type CalendarCorrection = z.infer<typeof calendarCorrection>;
