/**
 * Goal: what a stranger computes from a line is what the hub promised, for every currency pair,
 * mark-up and fee, and for refunds in whatever pieces and with refused ones between.
 * Method: random terms priced by the product's own pricing, which shares no code with the rule
 * under test beyond rounding; both legs compared field by field, prices rebuilt from mid and mark-up.
 */
import { caseBook, termsOf } from '#testkit/pricing-cases';
import fc from 'fast-check';
import type { PaymentPrice, PriceTerms } from '../pricing/price-payment.js';
import { pricePayment } from '../pricing/price-payment.js';
import { equalRatios } from '../rates/ratio.js';
import { priceRefund, type RefundPrice } from '../refunds/price-refund.js';
import {
  NOTHING_BEFORE,
  priceOf,
  recomputeLeg,
  type LegSide,
  type LegTerms,
} from './recompute-leg.js';

const BOOK = caseBook();
const CURRENCIES = ['JPY', 'THB', 'KRW', 'IDR', 'USD', 'SGD'];

const terms = fc
  .record({
    base: fc.constantFrom(...CURRENCIES),
    wallet: fc.constantFrom(...CURRENCIES),
    settlement: fc.constantFrom(...CURRENCIES),
    minor: fc.oneof(fc.bigInt(1n, 5_000n), fc.bigInt(1n, 10n ** 12n)),
    markupBps: fc.integer({ min: 0, max: 500 }),
    interchangeBps: fc.integer({ min: 0, max: 400 }),
    schemeFeeAcquirerBps: fc.integer({ min: 0, max: 100 }),
    schemeFeeWalletBps: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ base, minor, ...rest }) => termsOf({ payment: [base, minor], ...rest }, BOOK));

const SIDES: readonly LegSide[] = ['wallet', 'acquirer'];

function legTerms(side: LegSide, from: PriceTerms): LegTerms {
  const quote = side === 'wallet' ? from.payerQuote : from.settlementQuote;
  return {
    side,
    kind: 'PAYMENT',
    transaction: from.paymentAmount,
    currency: quote.counter,
    price: quote.price,
    interchangeBps: from.interchangeBps,
    serviceFeeBps: side === 'wallet' ? from.schemeFeeWalletBps : from.schemeFeeAcquirerBps,
    before: NOTHING_BEFORE,
  };
}

/** The parts of a price that one side's line states. */
function partsOf(side: LegSide, price: Pick<PaymentPrice, 'payer' | 'settlement' | 'interchange'>) {
  const leg = side === 'wallet' ? price.payer : price.settlement;
  const fee = side === 'wallet' ? price.interchange.credited : price.interchange.charged;
  return {
    settlement: leg.amount.minor,
    rounding: leg.rounding,
    interchangeTransaction: price.interchange.payment.minor,
    interchange: fee.amount.minor,
  };
}

it('computes payments as they were priced', () => {
  fc.assert(
    fc.property(terms, (from) => {
      const price = pricePayment(from);
      for (const side of SIDES) {
        const wallet = side === 'wallet';
        expect(recomputeLeg(legTerms(side, from))).toEqual({
          ...partsOf(side, price),
          serviceFee: wallet ? price.schemeFeeWallet.minor : price.schemeFeeAcquirer.minor,
          net: wallet ? price.walletOwes.minor : -price.acquirerReceives.minor,
        });
      }
    }),
  );
});

it('makes the same price of mid and mark-up', () => {
  fc.assert(
    fc.property(terms, ({ payerQuote, settlementQuote }) => {
      for (const quote of [payerQuote, settlementQuote]) {
        expect(equalRatios(priceOf(quote), quote.price)).toBe(true);
      }
    }),
  );
});

it('computes refunds in pieces, whatever was refused between', () => {
  const pieces = fc.array(
    fc.record({ share: fc.integer({ min: 1, max: 40 }), stands: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(terms, pieces, (from, wanted) => {
      const { payerQuote, settlementQuote, paymentAmount, ...fees } = from;
      let before: RefundPrice[] = [];
      let left = paymentAmount.minor;
      for (const { share, stands } of wanted) {
        const minor = (paymentAmount.minor * BigInt(share)) / 100n;
        if (minor < 1n || minor > left) continue;
        const amount = { currency: paymentAmount.currency, minor };
        const refund = priceRefund({ payerQuote, settlementQuote, fees }, before, amount);
        for (const side of SIDES) {
          const sum = (pick: (parts: ReturnType<typeof partsOf>) => bigint): bigint =>
            before.reduce((total, one) => total + pick(partsOf(side, one)), 0n);
          const computed = recomputeLeg({
            ...legTerms(side, from),
            kind: 'REFUND',
            serviceFeeBps: 0,
            transaction: amount,
            before: {
              transaction: before.reduce((total, one) => total + one.refundAmount.minor, 0n),
              settlement: sum((parts) => parts.settlement),
              rounding: sum((parts) => parts.rounding),
              interchangeTransaction: sum((parts) => parts.interchangeTransaction),
              interchange: sum((parts) => parts.interchange),
            },
          });
          const net = side === 'wallet' ? -refund.walletCredit.minor : refund.acquirerDebit.minor;
          expect(computed).toEqual({ ...partsOf(side, refund), serviceFee: 0n, net });
        }
        // The wallet may refuse one that was accepted: later ones are computed without it.
        before = [...before, refund];
        left -= minor;
        if (!stands) {
          before = before.slice(1);
          left = paymentAmount.minor - before.reduce((t, one) => t + one.refundAmount.minor, 0n);
        }
      }
    }),
  );
});
