/**
 * Goal: the amounts of a payment are those a person computes with paper and the published rules.
 * Method: worked examples, each computed by hand in its comment; nothing is copied from output.
 */
import { midOf, termsOf } from '#testkit/pricing-cases';
import { formatMoney } from '../money.js';
import { rateBook } from '../rates/rate-book.js';
import { contraEntry, entryForPayment } from './payment-entry.js';
import { pricePayment } from './price-payment.js';

const parties = { walletId: 'truemoney', acquirerId: 'acq_kamogawa' };
const ref = { id: 'ent_1', paymentId: 'pay_1', cycleId: 'cyc_1' } as const;

function bookOf(entry: ReturnType<typeof entryForPayment>): Record<string, bigint> {
  const named = entry.lines.map(({ account, minor }): [string, bigint] => [
    `${account.owner} ${account.kind} ${account.currency}${account.of === undefined ? '' : ` of ${account.of}`}`,
    minor,
  ]);
  return Object.fromEntries(named);
}

describe('a bowl of noodles: JPY 1,200 paid from a baht wallet', () => {
  // Mid 37.728 / 186.75 = 0.2020240963855…, price with 0.5 % = 0.203034216868.
  // payToAmount   1200 × 0.203034216868 = 243.641060…  → THB 243.64
  // at mid        1200 × 0.202024096386 = 242.428915…  → THB 242.43, margin 1.21
  // interchange   0.8 % of 1200 = 9.6 → JPY 10; at price 2.03034… → THB 2.03; at mid 2.02024… → 2.02
  // wallet fee    0.15 % of 243.64 = 0.36546 → THB 0.37
  // acquirer fee  0.10 % of 1200 = 1.2 → JPY 1
  // mdr           1.98 % of 1200 = 23.76 → JPY 24
  const price = pricePayment(
    termsOf({
      payment: ['JPY', 1_200n],
      wallet: 'THB',
      settlement: 'JPY',
      markupBps: 50,
      interchangeBps: 80,
      schemeFeeAcquirerBps: 10,
      schemeFeeWalletBps: 15,
      mdrBps: 198,
    }),
  );

  it('charges, credits and settles as computed by hand', () => {
    expect(formatMoney(price.payToAmount)).toBe('THB 243.64');
    expect(formatMoney(price.fxMargin)).toBe('THB 1.21');
    expect(formatMoney(price.interchange.payment)).toBe('JPY 10');
    expect(formatMoney(price.interchange.charged.amount)).toBe('JPY 10');
    expect(formatMoney(price.interchange.credited.amount)).toBe('THB 2.03');
    expect(formatMoney(price.schemeFeeWallet)).toBe('THB 0.37');
    expect(formatMoney(price.schemeFeeAcquirer)).toBe('JPY 1');
    expect(formatMoney(price.mdr)).toBe('JPY 24');
    expect(formatMoney(price.settlementAmount)).toBe('JPY 1,200');
    // 243.64 − 2.03 + 0.37 and 1200 − 10 − 1
    expect(formatMoney(price.walletOwes)).toBe('THB 241.98');
    expect(formatMoney(price.acquirerReceives)).toBe('JPY 1,189');
  });

  it('books it at mid, with the dollars the position cost', () => {
    // Bought at mid 242.43 − 2.02 = THB 240.41; sold 1200 − 10 = JPY 1190.
    // 1190 × 1.1684 / 186.75 = 7.44522… → USD 7.45
    expect(bookOf(entryForPayment(price, parties, ref))).toEqual({
      'truemoney walletReceivable THB': 24_198n,
      'hub schemeFeeWallet THB': -37n,
      'hub fxMargin THB': -121n,
      'hub interchangeFxDifference THB': 1n,
      'hub fxPosition THB': -24_041n,
      'acq_kamogawa acquirerPayable JPY': -1_189n,
      'hub schemeFeeAcquirer JPY': -1n,
      'hub fxPosition JPY': 1_190n,
      'hub fxPositionUsd USD of THB': 745n,
      'hub fxPositionUsd USD of JPY': -745n,
    });
  });

  it('reports what the hub earned in dollars', () => {
    // THB 1.21 + 0.37 − 0.01 = 1.57 × 1.1684 / 37.728 = 0.04862…; JPY 1 × 1.1684 / 186.75 = 0.00626
    expect(formatMoney(price.hubIncomeUsd)).toBe('USD 0.05');
  });

  it('names how each amount came about', () => {
    const rules = new Map(price.items.map((item) => [item.name, item.rule]));
    expect(rules.get('payToAmount')).toBe(
      'paymentAmount × 0.203034216868 THB per JPY, half up to 1 minor unit',
    );
    expect(rules.get('schemeFeeWallet')).toBe('0.15 % of payToAmount, half up to 1 minor unit');
    expect(rules.get('settlementAmount')).toBe('equals paymentAmount, same currency');
  });

  it('is taken back in full by a cancel', () => {
    const entry = entryForPayment(price, parties, ref);
    const contra = contraEntry(entry, 'ent_2');
    expect(contra).toMatchObject({ kind: 'paymentCancelled', event: 'pay_1:paymentCancelled' });
    expect(contra.cycleId).toBe(entry.cycleId);
    const back = bookOf(contra);
    for (const [account, minor] of Object.entries(bookOf(entry)))
      expect(back[account]).toBe(-minor);
  });
});

describe('the worked example of the AMS reconciliation guide', () => {
  it('settles KRW 18,000 as USD 14.50 after a fee of USD 0.50', () => {
    // Its figures follow from 1,200 won a dollar: gross 18000/1200 = 15.00. A fee of KRW 600 is
    // USD 0.50; whole basis points give 333 → KRW 599.4 → 599, × 0.000833333333 = 0.49917 → 0.50.
    const book = rateBook([midOf('USD', 'KRW', '1200')]);
    const price = pricePayment(
      termsOf(
        { payment: ['KRW', 18_000n], wallet: 'KRW', settlement: 'USD', interchangeBps: 333 },
        book,
      ),
    );
    expect(formatMoney(price.settlementAmount)).toBe('USD 15.00');
    expect(formatMoney(price.interchange.charged.amount)).toBe('USD 0.50');
    expect(formatMoney(price.acquirerReceives)).toBe('USD 14.50');
  });
});

describe('steps and dust', () => {
  it('rounds what a rupiah wallet owes to whole rupiah, half to even, the rest to rounding', () => {
    // At 100.5 rupiah a yen: JPY 1 = 100.50 → 100 (even), JPY 3 = 301.50 → 302 (even).
    const book = rateBook([midOf('JPY', 'IDR', '100.5'), midOf('USD', 'JPY', '150')]);
    const priceOf = (yen: bigint) =>
      pricePayment(termsOf({ payment: ['JPY', yen], wallet: 'IDR', settlement: 'JPY' }, book));
    expect(priceOf(1n).payToAmount.minor).toBe(10_000n);
    expect(priceOf(1n).payer.rounding).toBe(-50n);
    expect(priceOf(3n).payToAmount.minor).toBe(30_200n);
    expect(bookOf(entryForPayment(priceOf(3n), parties, ref))['hub rounding IDR']).toBe(-50n);
  });

  it('never lets a payer pay nothing, and pays an acquirer no dust', () => {
    // VND 1 is USD 0.000038: below half a cent.
    const price = pricePayment(
      termsOf({ payment: ['VND', 1n], wallet: 'USD', settlement: 'SGD', markupBps: 50 }),
    );
    expect(formatMoney(price.payToAmount)).toBe('USD 0.01');
    expect(price.payer.rounding).toBe(1n);
    expect(price.settlementAmount.minor).toBe(0n);
  });

  it('refuses terms that are not of this payment', () => {
    const good = termsOf({ payment: ['JPY', 100n], wallet: 'THB', settlement: 'JPY' });
    const other = termsOf({ payment: ['KRW', 100n], wallet: 'THB', settlement: 'JPY' });
    const markedUp = termsOf({
      payment: ['JPY', 100n],
      wallet: 'THB',
      settlement: 'SGD',
      markupBps: 9,
    });
    expect(() => pricePayment(good)).not.toThrow();
    expect(() => pricePayment({ ...good, payerQuote: other.payerQuote })).toThrow(
      'payment currency',
    );
    expect(() => pricePayment({ ...good, settlementQuote: markedUp.payerQuote })).toThrow(
      'mark-up',
    );
    expect(() => pricePayment({ ...good, mdrBps: 1.5 })).toThrow('basis points');
    const nothing = { currency: 'JPY', minor: 0n };
    expect(() => pricePayment({ ...good, paymentAmount: nothing })).toThrow('positive');
  });
});
