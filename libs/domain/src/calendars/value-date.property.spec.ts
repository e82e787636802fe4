/**
 * Goal: a value date is a business day of every currency, exactly as many business days after the
 * clearing day as agreed, and every day between is accounted for.
 * Method: generated calendars of a few weeks with holidays, worked weekends and estimated years,
 * compared with a count by hand over the plain lists the calendar was made from; two known walks.
 */
import * as fc from 'fast-check';
import { dayNumber, isoDate } from '../rates/calendar-day.js';
import { weekdayName, weekdayOf, yearOf } from './civil-day.js';
import { calendarOf, isBusinessDay, type SettlementCalendar } from './settlement-calendar.js';
import { addBusinessDays, rollForward, valueDateOf } from './value-date.js';

const FIRST = dayNumber('2026-01-01') ?? 0;
const LAST = dayNumber('2026-12-31') ?? 0;

interface Recipe {
  readonly closed: ReadonlySet<number>;
  readonly open: ReadonlySet<number>;
}

const daySet = fc
  .array(fc.integer({ min: FIRST, max: LAST }), { maxLength: 60 })
  .map((days) => new Set(days));
const recipe: fc.Arbitrary<Recipe> = fc.record({ closed: daySet, open: daySet });

function calendarFrom(currency: string, { closed, open }: Recipe): SettlementCalendar {
  return calendarOf([
    {
      currency,
      version: 1,
      system: 'a system',
      weekend: [6, 7],
      years: [{ year: 2026, basis: 'official', source: 'a source' }],
      exceptions: [
        ...[...open].map((day) => ({ day, state: 'open' as const, name: 'worked' })),
        ...[...closed].map((day) => ({ day, state: 'closed' as const, name: 'holiday' })),
      ],
    },
  ]);
}

/** Told from the recipe alone: a closed day is closed, a worked one is not, else the weekday says. */
function worked({ closed, open }: Recipe, day: number): boolean {
  return !closed.has(day) && (open.has(day) || weekdayOf(day) < 6);
}

// Two months before the end, so that every walk over at most 60 holidays may still end inside or
// be refused, both of which happen.
const clearingDay = fc.integer({ min: FIRST - 1, max: LAST });
const lag = fc.constantFrom(1 as const, 2 as const);

it('is the lag-th common business day, with every day on the way counted or skipped', () => {
  let ended = 0;
  fc.assert(
    fc.property(recipe, recipe, clearingDay, lag, (a, b, from, days) => {
      const calendars = new Map([
        ['AAA', calendarFrom('AAA', a)],
        ['BBB', calendarFrom('BBB', b)],
      ]);
      const found = valueDateOf(
        { clearingDay: from, currencies: ['AAA', 'BBB'], lag: days },
        calendars,
      );
      const common = [];
      for (let day = from + 1; day <= LAST; day += 1) {
        if (worked(a, day) && worked(b, day)) common.push(day);
      }
      if (!found.ok) {
        expect(found.rejection.code).toBe('CALENDAR_MISSING');
        expect(common.length).toBeLessThan(days);
        return;
      }
      ended += 1;
      const { day, counted, skipped } = found.value;
      expect(counted).toEqual(common.slice(0, days));
      expect(day).toBe(counted.at(-1));
      const passed = [...counted, ...skipped.map((skip) => skip.day)].sort((x, y) => x - y);
      expect(passed).toEqual(Array.from({ length: day - from }, (_, index) => from + 1 + index));
      for (const skip of skipped) {
        expect(skip.closed.map(({ currency }) => currency)).toEqual([
          ...(worked(a, skip.day) ? [] : ['AAA']),
          ...(worked(b, skip.day) ? [] : ['BBB']),
        ]);
      }
    }),
  );
  expect(ended).toBeGreaterThan(50);
});

it('does not depend on the order of the currencies, and later days never settle earlier', () => {
  fc.assert(
    fc.property(recipe, recipe, clearingDay, lag, (a, b, from, days) => {
      const calendars = new Map([
        ['AAA', calendarFrom('AAA', a)],
        ['BBB', calendarFrom('BBB', b)],
      ]);
      const on = (clearing: number, currencies: string[]) => {
        const found = valueDateOf({ clearingDay: clearing, currencies, lag: days }, calendars);
        return found.ok ? found.value.day : Number.POSITIVE_INFINITY;
      };
      expect(on(from, ['AAA', 'BBB'])).toBe(on(from, ['BBB', 'AAA']));
      expect(on(from + 1, ['AAA', 'BBB'])).toBeGreaterThanOrEqual(on(from, ['AAA', 'BBB']));
      expect(on(from, ['AAA', 'BBB'])).toBeGreaterThanOrEqual(on(from, ['AAA']));
      expect(on(from, ['AAA', 'AAA'])).toBe(on(from, ['AAA']));
    }),
  );
});

it('rolls a business day to itself and any other day to the next one', () => {
  fc.assert(
    fc.property(recipe, fc.integer({ min: FIRST, max: LAST - 200 }), (a, day) => {
      const calendar = calendarFrom('AAA', a);
      const rolled = rollForward([calendar], day);
      if (!rolled.ok) throw new Error(rolled.rejection.detail);
      expect(isBusinessDay(calendar, rolled.value.day)).toEqual({ ok: true, value: true });
      expect(rolled.value.skipped.map((skip) => skip.day)).toEqual(
        Array.from({ length: rolled.value.day - day }, (_, index) => day + index),
      );
      expect(rolled.value.skipped.some((skip) => worked(a, skip.day))).toBe(false);
    }),
  );
});

it('takes steps that add up: m and then n business days are m + n', () => {
  const step = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(recipe, step, step, (a, m, n) => {
      const calendar = calendarFrom('AAA', a);
      const walked = (from: number, count: number): number => {
        const walk = addBusinessDays([calendar], from, count);
        if (!walk.ok) throw new Error(walk.rejection.detail);
        return walk.value.day;
      };
      expect(walked(walked(FIRST, m), n)).toBe(walked(FIRST, m + n));
    }),
  );
});

describe('a currency or day nobody knows', () => {
  const known = calendarFrom('AAA', { closed: new Set(), open: new Set() });
  const terms = { clearingDay: FIRST, currencies: ['AAA', 'ZZZ'], lag: 1 as const };

  it('is refused by name', () => {
    const refused = valueDateOf(terms, new Map([['AAA', known]]));
    expect(refused).toMatchObject({ ok: false, rejection: { code: 'CALENDAR_MISSING' } });
    expect(JSON.stringify(refused)).toContain('ZZZ');
  });

  it('is refused outside the years of the calendar, naming both', () => {
    const refused = valueDateOf(
      { clearingDay: LAST, currencies: ['AAA'], lag: 1 },
      new Map([['AAA', known]]),
    );
    expect(refused).toMatchObject({ ok: false, rejection: { code: 'CALENDAR_MISSING' } });
    expect(JSON.stringify(refused)).toMatch(/AAA.*2026.*2027-01-01/);
  });

  it('never loops: no currency, or no business day to count, is refused', () => {
    expect(addBusinessDays([], FIRST, 1).ok).toBe(false);
    expect(addBusinessDays([known], FIRST, 0).ok).toBe(false);
    expect(addBusinessDays([known], FIRST, 1.5).ok).toBe(false);
  });
});

describe('versions', () => {
  const day = dayNumber('2026-07-21') ?? 0;
  const first = {
    currency: 'AAA',
    version: 1,
    system: 'a system',
    weekend: [6, 7] as const,
    years: [{ year: 2026, basis: 'estimated' as const, source: 'a rule' }],
    exceptions: [],
  };
  const second = {
    ...first,
    version: 2,
    years: [{ year: 2026, basis: 'official' as const, source: 'the bank' }],
    exceptions: [{ day, state: 'closed' as const, name: 'declared late' }],
  };
  const third = {
    ...first,
    version: 3,
    years: [],
    exceptions: [{ day, state: 'open' as const, name: 'taken back' }],
  };

  it('correct a day and a year, and the older version still says what it said', () => {
    const valueDay = (calendar: SettlementCalendar) =>
      valueDateOf(
        { clearingDay: day - 1, currencies: ['AAA'], lag: 1 },
        new Map([['AAA', calendar]]),
      );
    expect(valueDay(calendarOf([first]))).toMatchObject({
      value: { day, estimated: true, calendars: [{ version: 1 }] },
    });
    expect(valueDay(calendarOf([first, second]))).toMatchObject({
      value: { day: day + 1, estimated: false, calendars: [{ version: 2 }] },
    });
    expect(valueDay(calendarOf([first, second, third]))).toMatchObject({
      value: { day, estimated: false, calendars: [{ version: 3 }] },
    });
  });

  it('are numbered without a gap', () => {
    expect(() => calendarOf([first, third])).toThrow('numbered');
    expect(() => calendarOf([])).toThrow('at least one');
  });
});

it('counts days as the platform does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
      const date = new Date(day * 86_400_000);
      fc.pre(date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9_999);
      expect(isoDate(day)).toBe(date.toISOString().slice(0, 10));
      expect(weekdayOf(day) % 7).toBe(date.getUTCDay());
      expect(yearOf(day)).toBe(date.getUTCFullYear());
    }),
  );
  expect(weekdayName(dayNumber('2026-11-22') ?? 0)).toBe('Sun');
});
