/*
 * Goal: every total becomes one visible obligation; small ones wait and are counted later; what has
 * no calendar is held and named.
 * Method: three cycles of one wallet with amounts around the minimum, in every order of the totals.
 */
import { accepted, rejected } from '../rejection.js';
import {
  decideObligations,
  type CarriedAmount,
  type CycleTotal,
  type ObligationsContext,
} from './decide-obligations.js';

function total(
  participantId: string,
  minor: bigint,
  currency = 'JPY',
  counterCurrency: string | null = 'THB',
): CycleTotal {
  return { participantId, role: 'wallet', currency, minor, counterCurrency };
}

function cycle(
  totals: readonly CycleTotal[],
  carried: readonly CarriedAmount[] = [],
): ObligationsContext {
  return {
    cycleId: 'cyc_20261120',
    clearingDay: 20_777,
    totals,
    carried,
    termsOf: () => ({ lag: 1, minimumMinor: 100n }),
    dateValue: ({ clearingDay, currencies, lag }) =>
      currencies.includes('XTS')
        ? rejected('CURRENCY_NOT_SUPPORT', 'XTS has no settlement calendar.')
        : accepted({ day: clearingDay + lag, calendarVersion: '1', explanation: 'no holiday' }),
  };
}

describe('obligations of a cycle', () => {
  it('carry what is below the minimum, either way, until it is worth a transfer', () => {
    const [first] = decideObligations(cycle([total('w', -60n)]));
    expect(first).toMatchObject({ state: 'carried', minor: -60n, valueDate: null });
    expect(first?.reason).toContain('JPY 100');
    const carried = { participantId: 'w', role: 'wallet', currency: 'JPY', minor: -60n } as const;
    const [second] = decideObligations(cycle([total('w', -40n)], [carried]));
    expect(second).toMatchObject({
      state: 'due',
      ownMinor: -40n,
      carriedInMinor: -60n,
      minor: -100n,
      valueDate: { day: 20_778 },
    });
  });

  it('keep a carried amount in sight through a cycle without traffic', () => {
    const carried = { participantId: 'w', role: 'wallet', currency: 'JPY', minor: 99n } as const;
    expect(decideObligations(cycle([], [carried]))).toMatchObject([
      { state: 'carried', ownMinor: 0n, carriedInMinor: 99n, minor: 99n },
    ]);
  });

  it('come to nothing when both ways cancel out', () => {
    const carried = { participantId: 'w', role: 'wallet', currency: 'JPY', minor: 99n } as const;
    expect(decideObligations(cycle([total('w', -99n)], [carried]))).toMatchObject([
      { state: 'settled', minor: 0n, valueDate: null },
    ]);
  });

  it('are dated by both currencies, and held when one has no calendar', () => {
    const [due, held] = decideObligations(
      cycle([total('a', 500n, 'JPY', 'THB'), total('b', 500n, 'JPY', 'XTS')]),
    );
    expect(due).toMatchObject({ state: 'due', currencies: ['JPY', 'THB'] });
    expect(held).toMatchObject({ state: 'held', reason: 'XTS has no settlement calendar.' });
  });

  it('come in the same order whatever the order of the totals', () => {
    const totals = ['c', 'a', 'b'].map((id) => total(id, 500n));
    expect(decideObligations(cycle(totals))).toEqual(decideObligations(cycle(totals.reverse())));
  });
});
