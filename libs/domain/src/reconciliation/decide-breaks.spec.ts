/*
 * Goal: each way in which a partner's line can differ is named once, by its cause, and owned by
 * whoever stands alone.
 * Method: one payment of JPY 1,200 at a price of 0.2 to THB, computed by hand, and lines that differ
 * from it in one place; then the same on both sides.
 */
import { decideBreaks, missingFileBreak } from './decide-breaks.js';
import type { BreakType, Side } from './break-types.js';
import type { HubLeg, HubRecord, MatchCase, PartnerRow } from './match-case.js';

/*
 * JPY 1,201 at 0.2053 THB a yen: 246.5653 baht, so THB 246.57 (24657). Interchange 80 bps: 9.608
 * yen, rounded 10, at the price 2.053 baht, so 205. Wallet's fee 10 bps of 24657: 24.657, so 25.
 * The acquirer is owed JPY 1,201; interchange 10, fee 15 bps: 1.8015, so 2.
 */
const WALLET_LEG: HubLeg = {
  participantId: 'truemoney',
  settlement: { currency: 'THB', minor: 24_657n },
  interchangeMinor: 205n,
  serviceFeeMinor: 25n,
  pair: { base: 'JPY', counter: 'THB' },
  price: { numerator: 2_053n, denominator: 10_000n },
  shares: { interchangeBps: 80, serviceFeeBps: 10 },
  isSetComplete: true,
};
const ACQUIRER_LEG: HubLeg = {
  participantId: 'acq_kamogawa',
  settlement: { currency: 'JPY', minor: 1_201n },
  interchangeMinor: 10n,
  serviceFeeMinor: 2n,
  pair: { base: 'JPY', counter: 'JPY' },
  price: { numerator: 1n, denominator: 1n },
  shares: { interchangeBps: 80, serviceFeeBps: 15 },
  isSetComplete: true,
};

function hub(change: Partial<HubRecord> = {}): HubRecord {
  return {
    kind: 'payment',
    originalId: null,
    status: 'succeeded',
    state: 'succeeded',
    cycleId: 'cyc_20261121',
    transaction: { currency: 'JPY', minor: 1_201n },
    legs: { wallet: WALLET_LEG, acquirer: ACQUIRER_LEG },
    ...change,
  };
}

function row(side: Side, change: Partial<PartnerRow> = {}): PartnerRow {
  const leg = side === 'wallet' ? WALLET_LEG : ACQUIRER_LEG;
  return {
    file: `${side}.csv`,
    line: 4,
    side,
    participantId: leg.participantId,
    cycleId: 'cyc_20261121',
    matchedBy: 'id',
    transactionId: 'pay_1',
    kind: 'payment',
    originalId: '',
    isOriginalKnown: false,
    transaction: { currency: 'JPY', minor: 1_201n },
    settlement: leg.settlement,
    interchangeMinor: leg.interchangeMinor,
    serviceFeeMinor: leg.serviceFeeMinor,
    quote: { pair: leg.pair, priceText: side === 'wallet' ? '0.2053' : '1' },
    result: 'SUCCESS',
    ...change,
  };
}

const WALLET = row('wallet');
const ACQUIRER = row('acquirer');

function found(match: Partial<MatchCase>): string[] {
  const breaks = decideBreaks({
    subjectId: 'pay_1',
    hub: hub(),
    rows: [WALLET, ACQUIRER],
    ...match,
  });
  return breaks.map(({ type, side, owner }) => `${type} at ${side}, ${owner}`);
}

/** One changed line beside a clean one of the other side. */
function withWallet(change: Partial<PartnerRow>): string[] {
  return found({ rows: [row('wallet', change), ACQUIRER] });
}

const thb = (minor: bigint): PartnerRow['settlement'] => ({ currency: 'THB', minor });

it('finds nothing where all three agree', () => {
  expect(found({})).toEqual([]);
});

it.each<[string, Partial<PartnerRow>, BreakType]>([
  ['a failure', { result: 'FAILED' }, 'statusMismatch'],
  ['another amount', { transaction: { currency: 'JPY', minor: 1_210n } }, 'amountMismatch'],
  ['an amount off by more than a step', { settlement: thb(24_659n) }, 'amountMismatch'],
  ['another currency', { transaction: { currency: 'KRW', minor: 1_201n } }, 'currencyMismatch'],
  [
    'a settlement in dollars',
    { settlement: { currency: 'USD', minor: 24_657n } },
    'currencyMismatch',
  ],
  ['the cycle after', { cycleId: 'cyc_20261122' }, 'wrongCycle'],
  ['a lost id', { matchedBy: 'likeness', transactionId: '' }, 'referenceMismatch'],
  ['interchange of half the share', { interchangeMinor: 103n }, 'feeMismatch'],
  ['no fee', { serviceFeeMinor: 0n }, 'feeMismatch'],
  ['rounded down', { settlement: thb(24_656n) }, 'roundingDifference'],
  ['a fee rounded down', { serviceFeeMinor: 24n }, 'roundingDifference'],
  // 9.608 yen without rounding in between: 1.9725 baht, so 197.
  ['interchange not rounded in between', { interchangeMinor: 197n }, 'roundingDifference'],
  ['a refund', { kind: 'refund' }, 'refundMismatch'],
])('%s is the wallet’s one break', (_, change, type) => {
  expect(withWallet(change)).toEqual([`${type} at wallet, wallet`]);
});

it('does not take an exact amount for a rounded one', () => {
  // 246.5653 rounds to 24656 or 24657 only.
  expect(withWallet({ settlement: thb(24_658n) })).toEqual(['amountMismatch at wallet, wallet']);
  // Nothing is converted for the acquirer, so nothing can be rounded.
  const off = row('acquirer', { settlement: { currency: 'JPY', minor: 1_200n } });
  expect(found({ rows: [WALLET, off] })).toEqual(['amountMismatch at acquirer, acquirer']);
});

it('takes amounts that follow from a wrong price as one break', () => {
  const pair = WALLET_LEG.pair;
  // 1,201 at 0.2063 is 247.7663.
  const other = {
    quote: { pair, priceText: '0.2063' },
    settlement: thb(24_777n),
    interchangeMinor: 206n,
  };
  expect(withWallet(other)).toEqual(['rateMismatch at wallet, wallet']);
  expect(withWallet({ quote: { pair, priceText: '0.2063' } })).toEqual([
    'rateMismatch at wallet, wallet',
  ]);
  expect(withWallet({ quote: { pair, priceText: '0.2063' }, settlement: thb(30_000n) })).toEqual([
    'rateMismatch at wallet, wallet',
    'amountMismatch at wallet, wallet',
  ]);
});

it('reads a price in either direction, and none at all', () => {
  const reversed = { base: 'THB', counter: 'JPY' };
  // 1 / 0.2053 = 4.87092060399…
  for (const priceText of ['4.87092', '4.870921', '4.87092060399']) {
    expect(withWallet({ quote: { pair: reversed, priceText } })).toEqual([]);
  }
  expect(withWallet({ quote: { pair: WALLET_LEG.pair, priceText: '0.205300' } })).toEqual([]);
  expect(withWallet({ quote: null })).toEqual([]);
  const rate = ['rateMismatch at wallet, wallet'];
  expect(withWallet({ quote: { pair: reversed, priceText: '4.88092' } })).toEqual(rate);
  // Three digits are true of a hundred prices.
  expect(withWallet({ quote: { pair: reversed, priceText: '4.87' } })).toEqual(rate);
  expect(
    withWallet({ quote: { pair: { base: 'USD', counter: 'THB' }, priceText: '0.2053' } }),
  ).toEqual(rate);
});

it('misses a line only in a whole file', () => {
  expect(found({ rows: [ACQUIRER] })).toEqual(['missingAtWallet at wallet, wallet']);
  expect(found({ rows: [WALLET] })).toEqual(['missingAtAcquirer at acquirer, acquirer']);
  expect(found({ rows: [] })).toEqual([
    'missingAtWallet at wallet, hub',
    'missingAtAcquirer at acquirer, hub',
  ]);
  const waiting = hub({
    legs: { wallet: { ...WALLET_LEG, isSetComplete: false }, acquirer: ACQUIRER_LEG },
  });
  expect(found({ hub: waiting, rows: [ACQUIRER] })).toEqual([]);
});

it('gives the hub what both partners say against it', () => {
  const more = { transaction: { currency: 'JPY', minor: 1_300n } };
  const next = { cycleId: 'cyc_20261122' } as const;
  const failed = { result: 'FAILED' } as const;
  const both = (change: Partial<PartnerRow>): string[] =>
    found({ rows: [row('wallet', change), row('acquirer', change)] });
  expect(both(more)).toEqual(['amountMismatch at wallet, hub', 'amountMismatch at acquirer, hub']);
  expect(both(next)).toEqual(['wrongCycle at wallet, hub', 'wrongCycle at acquirer, hub']);
  expect(both(failed)).toEqual([
    'statusMismatch at wallet, hub',
    'statusMismatch at acquirer, hub',
  ]);
  expect(found({ hub: null })).toEqual([
    'missingAtHub at wallet, hub',
    'missingAtHub at acquirer, hub',
  ]);
  expect(found({ hub: null, rows: [WALLET] })).toEqual(['missingAtHub at wallet, wallet']);
});

it('compares what did not succeed by its outcome alone', () => {
  const declined = hub({ status: 'failed', state: 'declined', cycleId: null });
  expect(found({ hub: declined, rows: [] })).toEqual([]);
  expect(found({ hub: declined, rows: [row('wallet', { result: 'FAILED' })] })).toEqual([]);
  expect(found({ hub: declined, rows: [WALLET] })).toEqual(['statusMismatch at wallet, wallet']);
  const open = hub({ status: 'inFlight', state: 'authorising', cycleId: null });
  expect(found({ hub: open, rows: [WALLET] })).toEqual(['statusMismatch at wallet, hub']);
  expect(found({ hub: null, rows: [row('wallet', { result: 'FAILED' })] })).toEqual([]);
});

it('counts two successes as a duplicate, and a failed try before a success as none', () => {
  const again = row('wallet', { line: 9 });
  expect(found({ rows: [WALLET, again, ACQUIRER] })).toEqual(['duplicate at wallet, wallet']);
  const tried = row('wallet', { line: 3, result: 'FAILED' });
  expect(found({ rows: [tried, WALLET, ACQUIRER] })).toEqual([]);
});

it('says of a stranger’s line that the hub does not have it there', () => {
  const stranger = row('wallet', { participantId: 'kplus', file: 'kplus.csv' });
  const breaks = decideBreaks({
    subjectId: 'pay_1',
    hub: hub(),
    rows: [WALLET, ACQUIRER, stranger],
  });
  expect(breaks).toMatchObject([{ type: 'missingAtHub', participantId: 'kplus', owner: 'wallet' }]);
});

it('tells refunds of nothing from refunds that are wrong', () => {
  const refund = row('wallet', { kind: 'refund', transactionId: 'ref_1', originalId: 'pay_x' });
  expect(found({ hub: null, rows: [refund] })).toEqual(['refundWithoutPayment at wallet, wallet']);
  expect(found({ hub: null, rows: [{ ...refund, isOriginalKnown: true }] })).toEqual([
    'missingAtHub at wallet, wallet',
  ]);
  const record = hub({
    kind: 'refund',
    originalId: 'pay_1',
    legs: { wallet: { ...WALLET_LEG, shares: null }, acquirer: null },
  });
  const right = { ...refund, originalId: 'pay_1' };
  expect(found({ hub: record, rows: [right] })).toEqual([]);
  expect(found({ hub: record, rows: [refund] })).toEqual(['refundMismatch at wallet, wallet']);
  expect(found({ hub: record, rows: [{ ...right, settlement: thb(24_600n) }] })).toEqual([
    'refundMismatch at wallet, wallet',
  ]);
  // What is left of earlier refunds may be rounded one step either way.
  expect(found({ hub: record, rows: [{ ...right, settlement: thb(24_658n) }] })).toEqual([
    'roundingDifference at wallet, wallet',
  ]);
});

it('says who has to do what, in words and as data', () => {
  const [missing] = decideBreaks({ subjectId: 'pay_1', hub: hub(), rows: [ACQUIRER] });
  expect(missing?.repair.action).toEqual({
    kind: 'requestLine',
    participantId: 'truemoney',
    subjectId: 'pay_1',
  });
  expect(missing?.difference).toEqual(thb(-24_657n));
  const [fee] = decideBreaks({
    subjectId: 'pay_1',
    hub: hub(),
    rows: [row('wallet', { serviceFeeMinor: 0n }), ACQUIRER],
  });
  expect(fee?.repair.sentence).toBe(
    "Ask truemoney to correct serviceFeeAmountValue of pay_1 (THB -0.25 against the hub's figure).",
  );
  expect(fee?.fields).toEqual([{ field: 'serviceFeeAmountValue', ours: '25', theirs: '0' }]);
  expect(fee?.evidence).toEqual([{ file: 'wallet.csv', line: 4 }]);
  const file = missingFileBreak({
    cycleId: 'cyc_20261121',
    participantId: 'truemoney',
    side: 'wallet',
    currency: 'THB',
    landedParts: 1,
    expectedParts: 3,
  });
  expect(file.repair.sentence).toBe('Ask truemoney for its whole file of cyc_20261121.');
  expect(file.fields).toEqual([{ field: 'file', ours: '3 parts', theirs: '1 landed' }]);
});
