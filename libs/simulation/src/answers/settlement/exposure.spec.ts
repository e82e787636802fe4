import { dayNumber } from '#domain/rates/calendar-day';
import { smallWorld } from '#testkit/small-world';
import { emptyTotals, MONEY, MONEY_COLUMNS, type Totals } from '../../totals.js';
import type { World } from '../../world.js';
import { answersOf } from '../answers-of.js';
import { groundOf } from '../ground.js';
import { refundFlowsOf } from './refund-flows.js';

// Goal: exposure, breaches and losses are those a person works out on a calendar.
// Method: a few amounts by hand in an otherwise empty fortnight from Monday 3 March 2025; value
// dates are two business days later, confirmed at 15:00.

const base = smallWorld();
const [MONDAY, TUESDAY, FRIDAY] = [1, 2, 5];

function withWallet(capMinor: number, prefundMinor: number, more: Partial<World> = {}): World {
  const settlement = {
    ...base.settlement,
    capMinor: Float64Array.of(capMinor, 10_000, 10_000),
    prefundMinor: Float64Array.of(prefundMinor, 0, 0),
    hubCapitalMinor: Float64Array.of(0, 500, 0, 0),
  };
  return smallWorld({ settlement, ...more });
}

/** The first wallet (TrueMoney, baht) at the first acquirer, unless another is named. */
function owe(
  world: World,
  totals: Totals,
  day: number,
  hour: number,
  minor: number,
  wallet = 0,
): void {
  const pair = totals.pairs.findIndex((p) => p.wallet === wallet && p.acquirer === 0);
  totals.owes[(day * 24 + hour) * totals.pairs.length + pair] = minor;
  const money = (day * totals.pairs.length + pair) * MONEY_COLUMNS.length;
  totals.money[money + MONEY.walletOwesMinor] = minor;
  expect(world.wallets[wallet]?.wallet.currency).toBe('THB');
}

describe('exposure', () => {
  const world = withWallet(600, 400);
  const totals = emptyTotals(world);
  owe(world, totals, MONDAY, 10, 500);
  owe(world, totals, TUESDAY, 9, 700);
  const { exposure } = answersOf(world, totals).wallets[0] ?? {};

  it('builds up and is released at 15:00 on the value date, not before', () => {
    // Monday is paid on Wednesday 15:00, Tuesday on Thursday 15:00.
    expect(exposure).toMatchObject({
      peakMinor: 1_200,
      peakAt: '2025-03-04T09:00+08:00',
      openMinor: 0,
      peakPercent: 120,
    });
  });

  it('counts hours beyond the prefund, the cap, and with little left', () => {
    // 500 from Monday 10:00 (23 hours), 1,200 until Wednesday 15:00 (30 hours), 700 until Thursday 15:00 (24).
    expect(exposure?.hoursBeyondPrefund).toBe(23 + 30 + 24);
    expect(exposure?.hoursBeyondCap).toBe(30);
    // Of 1,000 in all, 500 and 700 are neither low nor critical.
    expect(exposure?.hoursLow).toBe(30);
    expect(exposure?.hoursCritical).toBe(30);
    expect(exposure?.meanMinor).toBeCloseTo((500 * 23 + 1_200 * 30 + 700 * 24) / (16 * 24), 8);
  });

  it('waits over the weekend', () => {
    const late = emptyTotals(world);
    owe(world, late, FRIDAY, 10, 500);
    const answers = answersOf(world, late);
    const [wallet] = answers.settlement.participants;
    // Friday 7 March settles on Tuesday 11 March 15:00: 100.5 hours after half past ten.
    expect(wallet).toMatchObject({ peakDueOn: '2025-03-11', peakDueMinor: 500, meanHours: 100.5 });
    expect(answers.wallets[0]?.exposure.hoursBeyondPrefund).toBe(14 + 24 * 3 + 15);
  });
});

describe('a participant that defaults', () => {
  const on = dayNumber('2025-03-05') ?? 0;
  const world = withWallet(10_000, 300, { defaults: [{ participant: 'truemoney', day: on }] });
  const totals = emptyTotals(world);
  owe(world, totals, 0, 20, 50);
  owe(world, totals, MONDAY, 10, 500);
  owe(world, totals, TUESDAY, 9, 700);
  owe(world, totals, TUESDAY, 9, 1_000, 1);
  const answers = answersOf(world, totals);

  it('leaves unpaid what was due from its day on, borne layer by layer', () => {
    // Sunday's 50 were due on Tuesday and paid; Monday's fall due on the very day.
    expect(answers.defaults).toEqual([
      expect.objectContaining({
        participant: 'truemoney',
        on: '2025-03-05',
        currency: 'THB',
        lossMinor: 1_200,
        prefundMinor: 300,
        receivablesMinor: 0,
        hubCapitalMinor: 500,
        // K PLUS alone settles baht beside it.
        survivors: [{ participant: 'kplus', minor: 400 }],
        residualMinor: 0,
      }),
    ]);
    expect(answers.headlines.defaultLossUsd).toBeCloseTo((12 * 1.0824) / 36.415, 6);
  });

  it('keeps its exposure, since nothing confirms it', () => {
    expect(answers.wallets[0]?.exposure.openMinor).toBe(1_200);
    expect(answers.wallets[1]?.exposure.openMinor).toBe(0);
  });

  it('is told also where it owed nothing', () => {
    const acquirer = { ...world, defaults: [{ participant: 'acq_yodo', day: on }] };
    expect(answersOf(acquirer, emptyTotals(acquirer)).defaults).toMatchObject([
      { participant: 'acq_yodo', currency: 'USD', lossMinor: 0 },
    ]);
  });
});

describe('refunds', () => {
  function flows(refundAfterDays: number) {
    const world = smallWorld({ conduct: { ...base.conduct, refundAfterDays } });
    const totals = emptyTotals(world);
    const at = MONDAY * totals.pairs.length * MONEY_COLUMNS.length;
    totals.money[at + MONEY.paymentMinor] = 10_000_000;
    totals.money[at + MONEY.payToMinor] = 2_300_000;
    totals.money[at + MONEY.settlementMinor] = 10_000_000;
    totals.refundedMinor[MONDAY * totals.pairs.length] = 5_000_000;
    const { creditMinor } = refundFlowsOf(groundOf(world), totals);
    return Array.from({ length: 16 }, (_, day) => creditMinor[day * totals.pairs.length] ?? 0);
  }

  it('come on the day itself when the mean is no day', () => {
    expect(flows(0)[MONDAY]).toBe(1_150_000);
    expect(flows(0).reduce((sum, minor) => sum + minor, 0)).toBe(1_150_000);
  });

  it('come with the same chance on each day after, and wait for it', () => {
    const days = flows(1);
    expect(days.slice(1, 4)).toEqual([575_000, 287_500, 143_750]);
    const mean = days.reduce((sum, minor, day) => sum + minor * (day - MONDAY), 0) / 1_150_000;
    expect(mean).toBeCloseTo(1, 2);
  });
});
