/*
 * Goal: every total becomes one visible obligation; small ones wait and are counted later; what has
 * no calendar or terms is held and named.
 * Method: a wallet with amounts around the minimum, in every order of the totals; a calendar of one
 * year with one holiday, so that the day can be found by hand.
 */
import { calendarOf, type SettlementCalendar } from '../calendars/settlement-calendar.js';
import { dayNumber } from '../rates/calendar-day.js';
import {
  decideObligations,
  type CarriedAmount,
  type CycleTotal,
  type ObligationsContext,
} from './decide-obligations.js';

const DAY = dayNumber('2026-11-20') ?? 0;

function calendar(currency: string, holiday?: string): SettlementCalendar {
  const closed = { day: dayNumber(holiday ?? '') ?? 0, state: 'closed', name: 'Rest' } as const;
  return calendarOf([
    {
      currency,
      version: 1,
      system: 'test',
      weekend: [6, 7],
      years: [{ year: 2026, basis: 'official', source: 'test' }],
      exceptions: holiday === undefined ? [] : [closed],
    },
  ]);
}

function total(participantId: string, minor: bigint, counterCurrency: string | null = 'THB') {
  const role = 'wallet' as const;
  return { participantId, role, currency: 'JPY', minor, exposureMinor: 7n, counterCurrency };
}

function carriedBy(participantId: string, minor: bigint): CarriedAmount {
  return { participantId, role: 'wallet', currency: 'JPY', minor, exposureMinor: 5n };
}

function cycle(
  totals: readonly CycleTotal[],
  carried: readonly CarriedAmount[] = [],
): ObligationsContext {
  const base = { participantId: null, lag: 1, quality: 'rule', source: 'test' } as const;
  return {
    clearingDay: DAY,
    totals,
    carried,
    terms: [{ ...base, currency: 'JPY', minimumMinor: 100n }],
    calendars: new Map([
      ['JPY', calendar('JPY')],
      ['THB', calendar('THB', '2026-11-23')],
    ]),
  };
}

describe('obligations of a cycle', () => {
  it('carry what is below the minimum, either way, until it is worth a transfer', () => {
    const [first] = decideObligations(cycle([total('w', -60n)]));
    expect(first).toMatchObject({ state: 'carried', minor: -60n, valueDate: null });
    expect(first?.reason).toContain('JPY 100');
    const [second] = decideObligations(cycle([total('w', -40n)], [carriedBy('w', -60n)]));
    expect(second).toMatchObject({
      state: 'due',
      ownMinor: -40n,
      carriedInMinor: -60n,
      minor: -100n,
      exposureMinor: 12n,
    });
  });

  it('keep a carried amount in sight through a cycle without traffic', () => {
    expect(decideObligations(cycle([], [carriedBy('w', 99n)]))).toMatchObject([
      { state: 'carried', ownMinor: 0n, carriedInMinor: 99n, minor: 99n, exposureMinor: 5n },
    ]);
  });

  it('come to nothing when both ways cancel out', () => {
    expect(decideObligations(cycle([total('w', -99n)], [carriedBy('w', 99n)]))).toMatchObject([
      { state: 'settled', minor: 0n, valueDate: null },
    ]);
  });

  it('are dated by the banks of both currencies, which the weekend and one holiday close', () => {
    const [own, both] = decideObligations(cycle([total('a', 500n, null), total('b', 500n)]));
    expect(own).toMatchObject({ state: 'due', valueDate: { day: dayNumber('2026-11-23') } });
    expect(both).toMatchObject({
      currencies: ['JPY', 'THB'],
      valueDate: { day: dayNumber('2026-11-24') },
    });
    expect(both?.reason).toContain('2026-11-23 (THB Rest)');
  });

  it('are held when a currency has no calendar or no terms, which the reason names', () => {
    const [noCalendar, noTerms] = decideObligations(
      cycle([total('a', 500n, 'XTS'), { ...total('b', 5n), currency: 'KRW' }]),
    );
    expect(noCalendar).toMatchObject({ state: 'held', valueDate: null });
    expect(noCalendar?.reason).toContain('XTS');
    expect(noTerms).toMatchObject({ state: 'held' });
    expect(noTerms?.reason).toContain('KRW');
  });

  it('come in the same order whatever the order of the totals', () => {
    const totals = ['c', 'a', 'b'].map((id) => total(id, 500n));
    expect(decideObligations(cycle(totals))).toEqual(decideObligations(cycle(totals.reverse())));
  });
});
