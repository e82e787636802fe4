/*
 * Goal: the calendar of each kind of cycle has no gap, no overlap and no second meaning.
 * Method: any instant of two centuries; the expected date and hour come from the platform's own
 * calendar of a zone that is UTC+8 all year.
 */
import fc from 'fast-check';
import { CLEARING_KINDS, CLEARING_TERMS, clearingWindowAt } from './clearing-cycles.js';
import { dayNumber, isoDate } from './rates/calendar-day.js';

const instants = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2170, 0, 1) });
const kinds = fc.constantFrom(...CLEARING_KINDS);

it('contains the instant, has its length, and joins its neighbours', () => {
  fc.assert(
    fc.property(kinds, instants, (kind, atMs) => {
      const cycle = clearingWindowAt(kind, atMs);
      expect(cycle.kind).toBe(kind);
      expect(cycle.startsAtMs).toBeLessThanOrEqual(atMs);
      expect(cycle.endsAtMs).toBeGreaterThan(atMs);
      expect(cycle.endsAtMs - cycle.startsAtMs).toBe(CLEARING_TERMS[kind].lengthMs);
      const next = clearingWindowAt(kind, cycle.endsAtMs);
      expect(next.startsAtMs).toBe(cycle.endsAtMs);
      expect(next.id).not.toBe(cycle.id);
      expect(clearingWindowAt(kind, cycle.endsAtMs - 1)).toEqual(cycle);
    }),
  );
});

it('is named after the date and hour that a clock at UTC+8 shows', () => {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Etc/GMT-8' });
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Etc/GMT-8', hour: '2-digit' });
  fc.assert(
    fc.property(instants, (atMs) => {
      const day = `cyc_${date.format(atMs).replaceAll('-', '')}`;
      const shown = hour.format(atMs);
      expect(clearingWindowAt('daily', atMs).id).toBe(day);
      expect(clearingWindowAt('hourly', atMs).id).toBe(`${day}_h${shown}`);
      const half = Number(shown) < 12 ? 't1' : 't2';
      expect(clearingWindowAt('twiceDaily', atMs).id).toBe(`${day}_${half}`);
    }),
  );
});

it('is final no earlier than the acquirer may cancel', () => {
  for (const terms of Object.values(CLEARING_TERMS)) {
    expect(terms.acquirerCancelMs).toBeLessThanOrEqual(terms.finalAfterMs);
    expect(86_400_000 % terms.lengthMs).toBe(0);
  }
});

it('writes every day as the date that is read back as that day', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_528, max: 2_932_896 }), (day) => {
      expect(dayNumber(isoDate(day))).toBe(day);
    }),
  );
  expect(isoDate(0)).toBe('1970-01-01');
});
