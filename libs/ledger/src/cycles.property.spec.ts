/*
 * Goal: the calendar of daily cycles has no gap, no overlap and no second meaning.
 * Method: any instant of two centuries; the expected date comes from the platform's own calendar
 * of a zone that is UTC+8 all year.
 */
import fc from 'fast-check';
import { dailyCycleAt } from './cycles.js';

const instants = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2170, 0, 1) });

it('contains the instant, lasts a day, and joins its neighbours', () => {
  fc.assert(
    fc.property(instants, (atMs) => {
      const cycle = dailyCycleAt(atMs);
      expect(cycle.startsAtMs).toBeLessThanOrEqual(atMs);
      expect(cycle.endsAtMs).toBeGreaterThan(atMs);
      expect(cycle.endsAtMs - cycle.startsAtMs).toBe(86_400_000);
      expect(dailyCycleAt(cycle.endsAtMs).startsAtMs).toBe(cycle.endsAtMs);
      expect(dailyCycleAt(cycle.endsAtMs - 1)).toEqual(cycle);
    }),
  );
});

it('is named after the date that a clock at UTC+8 shows', () => {
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: 'Etc/GMT-8' });
  fc.assert(
    fc.property(instants, (atMs) => {
      expect(dailyCycleAt(atMs).id).toBe(`cyc_${calendar.format(atMs).replaceAll('-', '')}`);
    }),
  );
});
