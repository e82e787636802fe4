/**
 * Goal: whatever the currencies, amounts and fees, nothing is created or lost: books balance,
 * items add up, the mark-up is never against the hub, residues stay below a step, a cancel nets.
 * Method: generated terms over all combinations of nine awkward currencies.
 */
import * as fc from 'fast-check';
import { CASE_CURRENCIES, caseBook, quoteOf, termsOf } from '#testkit/pricing-cases';
import { unbalancedCurrencies } from '../journal.js';
import { amountRounding } from '../rates/convert.js';
import { contraEntry, entryForPayment } from './payment-entry.js';
import { pricePayment, type PaymentPrice, type PriceTerms } from './price-payment.js';

const parties = { walletId: 'wal', acquirerId: 'acq' };
const ref = { id: 'ent_1', paymentId: 'pay_1', cycleId: 'cyc_1' } as const;
const currency = fc.constantFrom(...CASE_CURRENCIES);
const bps = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }));

const terms: fc.Arbitrary<PriceTerms> = fc
  .record({
    currency,
    minor: fc.oneof(fc.bigInt(1n, 200n), fc.bigInt(1n, 999_999_999_999_999n)),
    wallet: currency,
    settlement: currency,
    markupBps: bps,
    interchangeBps: bps,
    schemeFeeAcquirerBps: bps,
    schemeFeeWalletBps: bps,
    mdrBps: bps,
  })
  .map(({ currency: base, minor, ...rest }) => termsOf({ payment: [base, minor], ...rest }));

function priced(check: (price: PaymentPrice, terms: PriceTerms) => void): void {
  fc.assert(
    fc.property(terms, (t) => {
      check(pricePayment(t), t);
    }),
    { numRuns: 1_000 },
  );
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

describe('the entry of a payment', () => {
  it('balances in every currency for every combination of the three', () => {
    let combinations = 0;
    for (const payment of CASE_CURRENCIES) {
      for (const wallet of CASE_CURRENCIES) {
        for (const settlement of CASE_CURRENCIES) {
          const price = pricePayment(
            termsOf({
              payment: [payment, 1_234_567n],
              wallet,
              settlement,
              markupBps: 50,
              interchangeBps: 80,
              schemeFeeAcquirerBps: 10,
              schemeFeeWalletBps: 15,
            }),
          );
          expect(unbalancedCurrencies(entryForPayment(price, parties, ref).lines)).toEqual([]);
          combinations++;
        }
      }
    }
    expect(combinations).toBe(CASE_CURRENCIES.length ** 3);
  });

  it('balances, has no zero line and no account twice', () => {
    priced((price) => {
      const { lines } = entryForPayment(price, parties, ref);
      expect(unbalancedCurrencies(lines)).toEqual([]);
      expect(lines.every((line) => line.minor !== 0n)).toBe(true);
      const accounts = lines.map(({ account }) => JSON.stringify(account));
      expect(new Set(accounts).size).toBe(accounts.length);
    });
  });

  it('gives each position its equivalent, and dollars or one common currency none', () => {
    priced((price) => {
      const { lines } = entryForPayment(price, parties, ref);
      const open = lines.filter((line) => line.account.kind === 'fxPosition');
      const mirrored = lines.filter((line) => line.account.kind === 'fxPositionUsd');
      expect(open.some((line) => line.account.currency === 'USD')).toBe(false);
      if (price.payToAmount.currency === price.settlementAmount.currency) {
        expect([...open, ...mirrored]).toEqual([]);
      }
      for (const line of mirrored) {
        // A payment worth less than half a cent has a cost of nothing; else signs are opposed.
        const own = open.find((o) => o.account.currency === line.account.of);
        expect(own === undefined || own.minor < 0n === line.minor > 0n).toBe(true);
      }
    });
  });

  it('is netted to nothing by its contra entry', () => {
    priced((price) => {
      const entry = entryForPayment(price, parties, ref);
      const contra = contraEntry(entry, 'ent_2');
      expect(contra.lines.length).toBe(entry.lines.length);
      entry.lines.forEach((line, index) => {
        expect(contra.lines[index]).toEqual({ account: line.account, minor: -line.minor });
      });
    });
  });

  it('leaves no position when both legs share a currency but were locked at different mids', () => {
    const later = caseBook();
    const t = termsOf({
      payment: ['JPY', 100_000n],
      wallet: 'THB',
      settlement: 'THB',
      markupBps: 50,
    });
    const moved = quoteOf(later, 'JPY', 'THB', { id: 'mid', markupBps: 0 });
    const settlementQuote = { ...moved, mid: t.usd.payer, price: t.usd.payer };
    const { lines } = entryForPayment(pricePayment({ ...t, settlementQuote }), parties, ref);
    expect(unbalancedCurrencies(lines)).toEqual([]);
    expect(lines.some((line) => line.account.kind.startsWith('fxPosition'))).toBe(false);
  });
});

describe('the price of a payment', () => {
  it('adds up: flows to what each owes, parts to their flow', () => {
    priced((price) => {
      const net = (party: string, code: string): bigint =>
        sum(
          price.items
            .filter((item) => item.kind === 'flow' && item.amount.currency === code)
            .map((item) =>
              item.from === party ? item.amount.minor : item.to === party ? -item.amount.minor : 0n,
            ),
        );
      expect(net('wallet', price.payToAmount.currency)).toBe(price.walletOwes.minor);
      expect(-net('acquirer', price.settlementAmount.currency)).toBe(price.acquirerReceives.minor);
      for (const flow of price.items.filter((item) => item.kind === 'flow')) {
        const parts = price.items.filter((item) => item.partOf === flow.name);
        if (parts.length > 0) {
          expect(sum(parts.map((part) => part.amount.minor))).toBe(flow.amount.minor);
        }
      }
    });
  });

  it('never marks up against the hub', () => {
    priced((price, t) => {
      if (t.payerQuote.markupBps > 0) expect(price.fxMargin.minor >= 0n).toBe(true);
      expect(t.payerQuote.markupBps === 0 || t.payerQuote.base !== t.payerQuote.counter).toBe(true);
    });
  });

  it('keeps residues within half a step, or one where dust is raised to the smallest amount', () => {
    priced((price) => {
      for (const leg of [price.payer, price.settlement]) {
        const { increment } = amountRounding(leg.amount.currency);
        const raised = leg === price.payer && leg.amount.minor === increment;
        const bound = raised ? increment : increment / 2n;
        expect(leg.rounding <= bound && leg.rounding >= -increment / 2n).toBe(true);
        expect(leg.atMid + leg.margin + leg.rounding).toBe(leg.amount.minor);
      }
    });
  });

  it('writes rupiah amounts with 00 and always asks for something', () => {
    priced((price, t) => {
      expect(price.payToAmount.minor > 0n).toBe(true);
      for (const [amount, quote] of [
        [price.payToAmount, t.payerQuote],
        [price.settlementAmount, t.settlementQuote],
      ] as const) {
        if (amount.currency === 'IDR' && quote.base !== 'IDR') {
          expect(amount.minor % 100n).toBe(0n);
        }
      }
    });
  });

  it('states each amount within a step of its exact fraction', () => {
    priced((price) => {
      for (const item of price.items) {
        if (item.kind === 'part') continue;
        const { numerator, denominator } = item.exact;
        const off = item.amount.minor * denominator - numerator;
        const { increment } = amountRounding(item.amount.currency);
        expect((off < 0n ? -off : off) < increment * denominator || off === 0n).toBe(true);
      }
    });
  });
});
