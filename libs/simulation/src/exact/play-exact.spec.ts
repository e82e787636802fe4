/**
 * Goal: a world played through the hub's own rules ends where columns end, to the minor unit, as
 * long as nothing depends on the order of payments; and where something does (caps, the payer's
 * day, slow wallets), every rule of the hub holds. Method: the small world, played by both kernels
 * from the same draws, and turned one screw at a time; journals against totals.
 */
import type { JournalEntry } from '#domain/journal';
import { unbalancedCurrencies } from '#domain/journal';
import { emptyTotals, MONEY, MONEY_COLUMNS, TOTALS_COLUMNS, type Totals } from '../totals.js';
import { OUTCOME, OUTCOMES, type SimulatedOutcome } from '../outcomes.js';
import type { World } from '../world.js';
import { playFast } from '../fast/play-fast.js';
import { smallWorld } from '#testkit/small-world';
import { answersOf } from '../answers/answers-of.js';
import { waitQuantile, waitsOf } from '../waits.js';
import { playExact, type ExactReport } from './play-exact.js';

const RUN = { seed: 7, replicate: 0 };
const WEEK = smallWorld({ days: 7 });

function exact(world: World): { totals: Totals; report: ExactReport; entries: JournalEntry[] } {
  const totals = emptyTotals(world);
  const entries: JournalEntry[] = [];
  const report = playExact(world, RUN, totals, { books: { post: (entry) => entries.push(entry) } });
  if (report === undefined) throw new Error('it was not stopped');
  return { totals, report, entries };
}

function fast(world: World): Totals {
  const totals = emptyTotals(world);
  playFast(world, RUN, totals);
  return totals;
}

function ended(totals: Totals, outcome: SimulatedOutcome): number {
  let count = 0;
  for (let at = OUTCOME[outcome]; at < totals.outcomes.length; at += OUTCOMES.length) {
    count += totals.outcomes[at] ?? 0;
  }
  return count;
}

function moneyOf(totals: Totals, column: keyof typeof MONEY): number {
  let sum = 0;
  for (let at = MONEY[column]; at < totals.money.length; at += MONEY_COLUMNS.length) {
    sum += totals.money[at] ?? 0;
  }
  return sum;
}

const total = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0);

describe('the small world', () => {
  const played = exact(WEEK);

  it('ends as in columns: every outcome, every amount of every pair', () => {
    const columns = fast(WEEK);
    expect(played.report.payments).toBeGreaterThan(5_000);
    for (const name of ['outcomes', 'outcomeMinor', 'categoryCount', 'categoryMinor'] as const) {
      expect(played.totals[name]).toEqual(columns[name]);
    }
    expect(played.totals.areaMinor).toEqual(columns.areaMinor);
    for (const column of MONEY_COLUMNS) {
      expect([column, moneyOf(played.totals, column)]).toEqual([column, moneyOf(columns, column)]);
    }
    expect(total(played.totals.refundedMinor)).toBe(total(columns.refundedMinor));
    // Answers take a second, so few payments fall into a later hour than they arrived in.
    const moved = columns.owes.reduce(
      (sum, owed, at) => sum + Math.abs(owed - (played.totals.owes[at] ?? 0)),
      0,
    );
    expect(moved).toBeGreaterThan(0);
    expect(moved / total(columns.owes)).toBeLessThan(0.01);
  });

  it('books balance, and come to what the totals say', () => {
    const { entries, totals } = played;
    expect(entries.every(({ lines }) => unbalancedCurrencies(lines).length === 0)).toBe(true);
    const sum = (kind: string, of: (entry: JournalEntry) => boolean): bigint =>
      entries
        .filter(of)
        .flatMap(({ lines }) => lines)
        .filter(({ account }) => account.kind === kind)
        .reduce((minor, line) => minor + line.minor, 0n);
    const cleared = ({ kind }: JournalEntry): boolean => kind === 'paymentCleared';
    expect(sum('walletReceivable', cleared)).toBe(BigInt(moneyOf(totals, 'walletOwesMinor')));
    expect(-sum('acquirerPayable', cleared)).toBe(BigInt(moneyOf(totals, 'acquirerReceivesMinor')));
    expect(entries.filter(cleared)).toHaveLength(ended(totals, 'paid'));
    expect(entries.filter(({ kind }) => kind === 'paymentRefunded').length).toBeGreaterThan(20);
  });

  it('is the same play again', () => {
    const again = exact(WEEK).totals;
    for (const name of TOTALS_COLUMNS) expect(again[name]).toEqual(played.totals[name]);
  });
});

it('agrees with columns payment by payment', () => {
  // Bins of about one purchase: a day of a pair is then mostly a payment of its own.
  const lone = {
    ...smallWorld(),
    flows: smallWorld().flows.map((flow) => ({ ...flow, intended: flow.intended.map(() => 1.5) })),
  };
  let alone = 0;
  for (let replicate = 0; replicate < 30; replicate++) {
    const [ours, theirs] = [emptyTotals(lone), emptyTotals(lone)];
    playExact(lone, { seed: 11, replicate }, ours);
    playFast(lone, { seed: 11, replicate }, theirs);
    expect(ours.money).toEqual(theirs.money);
    expect(ours.outcomes).toEqual(theirs.outcomes);
    for (let at = MONEY.payments; at < ours.money.length; at += MONEY_COLUMNS.length) {
      if (ours.money[at] === 1) alone += 1;
    }
  }
  expect(alone).toBeGreaterThan(300);
});

it('stops payments at a cap, and lets them pass again when settlement is confirmed', () => {
  const { settlement } = WEEK;
  const free = exact(WEEK).totals;
  // About two days of TrueMoney's flow; the others have room.
  const capMinor = Float64Array.from([60_000_00, 20e9, 40e9]);
  const capped = { ...WEEK, settlement: { ...settlement, capsHold: true, capMinor } };
  const tight = exact(capped).totals;
  expect(ended(free, 'capExceeded')).toBe(0);
  expect(ended(tight, 'capExceeded')).toBeGreaterThan(100);
  // Columns hold the same caps, but give no room back when something is refunded.
  const apart = Math.abs(ended(tight, 'capExceeded') - ended(fast(capped), 'capExceeded'));
  expect(apart).toBeLessThan(0.02 * ended(tight, 'capExceeded'));
  // Settlement on Thursday lets more be paid than a week without any would.
  const defaults = [{ participant: 'truemoney', day: WEEK.firstDay }];
  const neverConfirmed = exact({ ...capped, defaults }).totals;
  expect(ended(neverConfirmed, 'capExceeded')).toBeGreaterThan(ended(tight, 'capExceeded'));
});

it('holds the limit of a payer and a day, which columns do not know', () => {
  const poor = {
    ...WEEK,
    wallets: WEEK.wallets.map((one) => ({
      ...one,
      wallet: {
        ...one.wallet,
        // About what a department store takes at once.
        perDayLimit: {
          currency: one.wallet.currency,
          minor: one.wallet.currency === 'THB' ? 400_000n : 180_000n,
        },
      },
    })),
  };
  const [ours, theirs] = [exact(poor).totals, fast(poor)];
  expect(ended(ours, 'abovePayerLimit')).toBeGreaterThan(ended(theirs, 'abovePayerLimit'));
  // The funnel still adds up to everything drawn.
  expect(total(ours.outcomes)).toBe(total(theirs.outcomes));
});

it('inquires after slow wallets instead of losing their payments', () => {
  const slow = { ...WEEK, conduct: { ...WEEK.conduct, answerMedianMs: 20_000, answerSigma: 0.5 } };
  const { totals, report } = exact(slow);
  const quick = exact(WEEK);
  expect(ended(totals, 'paid')).toBe(ended(quick.totals, 'paid'));
  expect(report.commands).toBeGreaterThan(quick.report.commands * 1.5);
  // Wallets that need ten minutes and more are cancelled instead.
  const slowest = { ...WEEK, conduct: { ...WEEK.conduct, answerMedianMs: 900_000 } };
  expect(ended(exact(slowest).totals, 'timedOut')).toBeGreaterThan(1_000);
});

describe('how long payments waited for their wallet', () => {
  const { answerMedianMs, answerSigma } = WEEK.conduct;

  it('is what wallets were drawn to take, and what the timetable takes to give up', () => {
    const { totals } = exact(WEEK);
    const { latency } = answersOf(WEEK, totals);
    expect(latency.basis).toBe('events');
    const answered = ended(totals, 'paid') + ended(totals, 'insufficientFunds');
    expect(waitsOf(totals.waits, 'answered')).toBe(answered + ended(totals, 'riskRefused'));
    expect(waitsOf(totals.waits, 'cancelled')).toBe(ended(totals, 'timedOut'));
    // Standard normal quantiles. The asymptotic error of a quantile is √(p (1 − p) / n) / density;
    // four of them, in logarithms, and a bin's 2048th.
    const normal = [
      [latency.p50Ms, 0.5, 0],
      [latency.p95Ms, 0.95, 1.644854],
      [latency.p99Ms, 0.99, 2.326348],
    ] as const;
    for (const [found, share, quantile] of normal) {
      const density = Math.exp((-quantile * quantile) / 2) / Math.sqrt(2 * Math.PI);
      const error = (answerSigma * Math.sqrt((share * (1 - share)) / answered)) / density;
      const off = Math.log(found / answerMedianMs) - answerSigma * quantile;
      expect(Math.abs(off)).toBeLessThan(4 * error + 1 / 2_048);
    }
  });

  it('of a late answer is that of the inquiry which found it', () => {
    // All answer within a second of twenty. The till's call has ended then: the first inquiry is at
    // 8 + 4 s, the second 4 s later, the third half a minute after that, and finds them all.
    const late = {
      ...WEEK,
      conduct: { ...WEEK.conduct, answerMedianMs: 20_000, answerSigma: 0.01 },
    };
    const { latency } = answersOf(late, exact(late).totals);
    for (const found of [latency.p50Ms, latency.p95Ms, latency.p99Ms]) {
      expect(Math.abs(found - 46_000)).toBeLessThan(46_000 / 2_048);
    }
  });

  it('ends with the cancel where no wallet answers', () => {
    const mute = { ...WEEK, conduct: { ...WEEK.conduct, timedOut: 1 } };
    const { totals } = exact(mute);
    expect(waitsOf(totals.waits, 'cancelled')).toBeGreaterThan(1_000);
    // Codes are good for ten minutes: the inquiry after that ends in a cancel.
    const found = waitQuantile(totals.waits, ['cancelled'], 0.5);
    expect(found).toBeGreaterThan(600_000);
    expect(found).toBeLessThan(840_000);
  });
});

it('tells how far it is, every purchase once, and stops when it is told to', () => {
  const told: number[] = [];
  const onPurchases = (count: number): boolean => {
    told.push(count);
    return true;
  };
  const totals = emptyTotals(WEEK);
  const report = playExact(WEEK, RUN, totals, { onPurchases });
  expect(told.length).toBeGreaterThan(1);
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(report?.purchases);
  expect(report?.purchases).toBe(total(totals.outcomes));
  const cut = emptyTotals(WEEK);
  expect(playExact(WEEK, RUN, cut, { onPurchases: () => false })).toBeUndefined();
  expect(ended(cut, 'paid')).toBeGreaterThan(0);
  expect(ended(cut, 'paid')).toBeLessThan(ended(totals, 'paid'));
});
