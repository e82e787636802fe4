/**
 * Goal: however a payment is refunded, in whatever pieces and currencies, nothing is created or
 * lost: the pieces end at the payment's own amounts to the minor unit, each entry balances, and on
 * the participants' accounts nothing is left but the scheme fees that were kept. Method: generated
 * terms over nine awkward currencies, split at random; the books are summed account by account.
 */
import * as fc from 'fast-check';
import { CASE_CURRENCIES, termsOf } from '#testkit/pricing-cases';
import { unbalancedCurrencies, type JournalLine } from '../journal.js';
import { entryForPayment } from '../pricing/payment-entry.js';
import { pricePayment, type PriceTerms } from '../pricing/price-payment.js';
import { positionsOf, priceRefund, type RefundPrice } from './price-refund.js';
import { entryForRefund, type RefundBooking } from './refund-entry.js';

const parties = { walletId: 'wal', acquirerId: 'acq' };
const currency = fc.constantFrom(...CASE_CURRENCIES);
const bps = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }));

const terms = fc
  .record({
    currency,
    minor: fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 99_999_999_999n)),
    wallet: currency,
    settlement: currency,
    markupBps: bps,
    interchangeBps: bps,
    schemeFeeAcquirerBps: bps,
    schemeFeeWalletBps: bps,
  })
  .map(({ currency: base, minor, ...rest }) => termsOf({ payment: [base, minor], ...rest }));

/** Where a payment is cut, as shares of a million; the pieces add up to all of it. */
const cuts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 6 });

function piecesOf(total: bigint, shares: readonly number[]): bigint[] {
  const points = shares
    .map((share) => (total * BigInt(share)) / 1_000_000n)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ends = [...points, total];
  return ends.map((end, index) => end - (ends[index - 1] ?? 0n)).filter((piece) => piece > 0n);
}

function refundTermsOf({ payerQuote, settlementQuote, paymentAmount: _, ...fees }: PriceTerms) {
  return { payerQuote, settlementQuote, fees };
}

function refundAll(t: PriceTerms, pieces: readonly bigint[]): RefundPrice[] {
  const done: RefundPrice[] = [];
  for (const minor of pieces) {
    const amount = { currency: t.paymentAmount.currency, minor };
    done.push(priceRefund(refundTermsOf(t), done, amount));
  }
  return done;
}

/**
 * Refunds the whole in pieces that the hub would take: one that comes to nothing in the wallet's
 * currency is refused, so it goes with the next one, or with the last.
 */
function refundTaken(t: PriceTerms, pieces: readonly bigint[]): RefundPrice[] {
  const taken: bigint[] = [];
  let waiting = 0n;
  for (const piece of pieces) {
    const price = refundAll(t, [...taken, waiting + piece]).at(-1);
    const dust = price === undefined || price.walletCredit.minor <= 0n;
    if (!dust) taken.push(waiting + piece);
    waiting = dust ? waiting + piece : 0n;
  }
  const last = taken.pop() ?? 0n;
  const prices = refundAll(t, [...taken, last + waiting]);
  fc.pre(prices.every((price) => price.walletCredit.minor > 0n));
  return prices;
}

/** Books refunds in order, all on a day with the given mids. */
function book(t: PriceTerms, prices: readonly RefundPrice[], usd = t.usd): JournalLine[] {
  let positionsBefore = { payer: 0n, settlement: 0n };
  return prices.flatMap((price) => {
    const booking: RefundBooking = {
      usd: { payer: usd.payer, settlement: usd.settlement },
      ofToday: true,
      positionsBefore,
    };
    const own = positionsOf(price);
    positionsBefore = {
      payer: positionsBefore.payer + own.payer,
      settlement: positionsBefore.settlement + own.settlement,
    };
    const entry = entryForRefund(price, booking, parties, {
      id: 'ent_r',
      refundId: 'ref_1',
      paymentId: 'pay_1',
      cycleId: 'cyc_2',
    });
    expect(unbalancedCurrencies(entry.lines)).toEqual([]);
    return entry.lines;
  });
}

function balances(lines: readonly JournalLine[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, minor } of lines) {
    const key = `${account.owner} ${account.kind} ${account.currency} ${account.of ?? ''}`.trim();
    sums.set(key, (sums.get(key) ?? 0n) + minor);
  }
  return new Map([...sums].filter(([, minor]) => minor !== 0n).sort());
}

const ref = { id: 'ent_1', paymentId: 'pay_1', cycleId: 'cyc_1' } as const;

describe('refunds of a whole payment', () => {
  it('end at its own amounts, whatever the pieces', () => {
    fc.assert(
      fc.property(terms, cuts, (t, shares) => {
        const pieces = refundAll(t, piecesOf(t.paymentAmount.minor, shares));
        const whole = pricePayment(t);
        const sum = (pick: (price: RefundPrice) => bigint): bigint =>
          pieces.reduce((total, price) => total + pick(price), 0n);
        expect(sum((p) => p.payer.amount.minor)).toBe(whole.payToAmount.minor);
        expect(sum((p) => p.settlement.amount.minor)).toBe(whole.settlementAmount.minor);
        expect(sum((p) => p.interchange.payment.minor)).toBe(whole.interchange.payment.minor);
        expect(sum((p) => p.walletCredit.minor)).toBe(
          whole.walletOwes.minor - whole.schemeFeeWallet.minor,
        );
        expect(sum((p) => p.acquirerDebit.minor)).toBe(
          whole.acquirerReceives.minor + whole.schemeFeeAcquirer.minor,
        );
        // Nobody is asked to give back what he never had.
        for (const price of pieces) expect(price.payer.amount.minor >= 0n).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leave on the participants exactly the scheme fees, and in the books no position', () => {
    fc.assert(
      fc.property(terms, cuts, (t, shares) => {
        const price = pricePayment(t);
        const pieces = refundTaken(t, piecesOf(t.paymentAmount.minor, shares));
        const paid = entryForPayment(price, parties, ref).lines;
        const left = balances([...paid, ...book(t, pieces)]);
        const of = (key: string): bigint => left.get(key) ?? 0n;
        const wallet = price.payToAmount.currency;
        const acquirer = price.settlementAmount.currency;
        expect(of(`wal walletReceivable ${wallet}`)).toBe(price.schemeFeeWallet.minor);
        expect(of(`acq acquirerPayable ${acquirer}`)).toBe(price.schemeFeeAcquirer.minor);
        expect(of(`hub schemeFeeWallet ${wallet}`)).toBe(-price.schemeFeeWallet.minor);
        expect(of(`hub schemeFeeAcquirer ${acquirer}`)).toBe(-price.schemeFeeAcquirer.minor);
        const kept = /^hub (fxPosition|fxMargin|rounding|interchangeFxDifference) /;
        expect([...left.keys()].filter((key) => kept.test(key))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same books in one piece and in many, on a day with one set of rates', () => {
    fc.assert(
      fc.property(terms, cuts, fc.integer({ min: 80, max: 120 }), (t, shares, percent) => {
        const moved = {
          ...t.usd,
          payer: {
            numerator: t.usd.payer.numerator * BigInt(percent),
            denominator: t.usd.payer.denominator * 100n,
          },
        };
        const total = t.paymentAmount.minor;
        const many = book(t, refundTaken(t, piecesOf(total, shares)), moved);
        expect(balances(many)).toEqual(balances(book(t, refundTaken(t, [total]), moved)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the loss on the rate', () => {
  it('is what the returned currency is worth more by than the one taken back', () => {
    // JPY 100,000 paid in baht, settled in yen, no fees: at mid 20,202.41 baht, 625.6492… dollars.
    const t = termsOf({ payment: ['JPY', 100_000n], wallet: 'THB', settlement: 'JPY' });
    const [price] = refundAll(t, [100_000n]);
    if (price === undefined) throw new Error('one refund was priced');
    const dearer = {
      ...t.usd,
      payer: {
        numerator: t.usd.payer.numerator * 110n,
        denominator: t.usd.payer.denominator * 100n,
      },
    };
    const at = (usd: typeof t.usd): bigint =>
      balances(book(t, [price], usd)).get('hub refundFxDifference USD') ?? 0n;
    expect(price.payer.amount).toEqual({ currency: 'THB', minor: 2_020_241n });
    expect(at(t.usd)).toBe(0n);
    // The baht has risen by a tenth and the yen has not: 688.21 dollars given, 625.65 taken.
    expect(at(dearer)).toBe(68_821n - 62_565n);
  });

  it('does not arise between equal currencies', () => {
    const t = termsOf({ payment: ['JPY', 9_999n], wallet: 'JPY', settlement: 'JPY' });
    const lines = book(t, refundAll(t, [1n, 9_998n]));
    expect(balances(lines)).toEqual(
      new Map([
        ['acq acquirerPayable JPY', 9_999n],
        ['wal walletReceivable JPY', -9_999n],
      ]),
    );
  });
});

describe('a piece after a declined one', () => {
  it('still ends at the payment, whichever piece was declined', () => {
    fc.assert(
      fc.property(terms, cuts, fc.nat({ max: 9 }), (t, shares, index) => {
        const pieces = piecesOf(t.paymentAmount.minor, shares);
        const prices = refundAll(t, pieces);
        const declined = index % prices.length;
        const standing = prices.filter((_, at) => at !== declined);
        const again = priceRefund(refundTermsOf(t), standing, {
          currency: t.paymentAmount.currency,
          minor: pieces[declined] ?? 0n,
        });
        const all = [...standing, again];
        const whole = pricePayment(t);
        expect(all.reduce((sum, p) => sum + p.payer.amount.minor, 0n)).toBe(
          whole.payToAmount.minor,
        );
        expect(all.reduce((sum, p) => sum + p.settlement.amount.minor, 0n)).toBe(
          whole.settlementAmount.minor,
        );
      }),
      { numRuns: 300 },
    );
  });
});
