/*
 * Goal: the decision never depends on the order of lines, and an honest partner who rounds and
 * prices as it likes is never accused of more than rounding.
 * Method: random payments priced by the product's own rule; lines are recomputed here from exact
 * fractions with other roundings, and cases are decided in two orders.
 */
import fc from 'fast-check';
import { CASE_CURRENCIES, termsOf } from '#testkit/pricing-cases';
import type { Ratio } from '../fx.js';
import { amountRounding, exactAt } from '../rates/convert.js';
import { quotePriceText } from '../rates/quote.js';
import { pricePayment } from '../pricing/price-payment.js';
import { divideRounded, type Rounding } from '../rounding.js';
import { decideBreaks } from './decide-breaks.js';
import type { HubLeg, HubRecord, MatchCase, PartnerRow } from './match-case.js';

const ROUNDINGS: readonly Rounding[] = ['halfUp', 'halfEven', 'down', 'up'];

const currency = fc.constantFrom(...CASE_CURRENCIES);
const payment = fc.record({
  payment: currency,
  wallet: currency,
  minor: fc.bigInt({ min: 1n, max: 100_000_000n }),
  markupBps: fc.nat(300),
  interchangeBps: fc.nat(200),
  schemeFeeWalletBps: fc.nat(60),
});
type Payment = typeof payment extends fc.Arbitrary<infer T> ? T : never;

function caseOf(input: Payment): { hub: HubRecord; leg: HubLeg; row: PartnerRow } {
  const { interchangeBps, schemeFeeWalletBps, markupBps } = input;
  const terms = termsOf({
    payment: [input.payment, input.minor],
    wallet: input.wallet,
    settlement: input.payment,
    markupBps,
    interchangeBps,
    schemeFeeWalletBps,
  });
  const price = pricePayment(terms);
  const { payerQuote } = terms;
  const leg: HubLeg = {
    participantId: 'wallet_a',
    settlement: price.payToAmount,
    interchangeMinor: price.interchange.credited.amount.minor,
    serviceFeeMinor: price.schemeFeeWallet.minor,
    pair: { base: payerQuote.base, counter: payerQuote.counter },
    price: payerQuote.price,
    shares: { interchangeBps, serviceFeeBps: schemeFeeWalletBps },
    isSetComplete: true,
  };
  const transaction = price.paymentAmount;
  const hub: HubRecord = {
    kind: 'payment',
    originalId: null,
    status: 'succeeded',
    state: 'succeeded',
    cycleId: 'cyc_20261121',
    transaction,
    legs: { wallet: leg, acquirer: null },
  };
  const row: PartnerRow = {
    file: 'a.csv',
    line: 4,
    side: 'wallet',
    participantId: 'wallet_a',
    cycleId: 'cyc_20261121',
    matchedBy: 'id',
    transactionId: 'pay_1',
    kind: 'payment',
    originalId: '',
    isOriginalKnown: false,
    transaction,
    settlement: leg.settlement,
    interchangeMinor: leg.interchangeMinor,
    serviceFeeMinor: leg.serviceFeeMinor,
    quote: { pair: leg.pair, priceText: quotePriceText(payerQuote) },
    result: 'SUCCESS',
  };
  return { hub, leg, row };
}

const decide = (hub: HubRecord | null, rows: readonly PartnerRow[]) =>
  decideBreaks({ subjectId: 'pay_1', hub, rows });

const roundedTo = ({ numerator, denominator }: Ratio, rounding: Rounding, step = 1n): bigint =>
  divideRounded(numerator, denominator, rounding, step);

it('finds nothing in the hub’s own figures', () => {
  fc.assert(
    fc.property(payment, (input) => {
      const { hub, row } = caseOf(input);
      expect(decide(hub, [row])).toEqual([]);
    }),
  );
});

it('accuses a partner who rounds another way of rounding at most', () => {
  fc.assert(
    fc.property(payment, fc.constantFrom(...ROUNDINGS), (input, rounding) => {
      const { hub, leg, row } = caseOf(input);
      const { currency: counter } = leg.settlement;
      const isConverted = leg.pair.base !== leg.pair.counter;
      const step = isConverted ? amountRounding(counter).increment : 1n;
      const settlement = roundedTo(exactAt(hub.transaction, leg.price, counter), rounding, step);
      const share = {
        numerator: settlement * BigInt(input.schemeFeeWalletBps),
        denominator: 10_000n,
      };
      const theirs = {
        ...row,
        settlement: { currency: counter, minor: settlement },
        serviceFeeMinor: roundedTo(share, rounding),
      };
      const types = decide(hub, [theirs]).map(({ type }) => type);
      expect(types.filter((type) => type !== 'roundingDifference')).toEqual([]);
    }),
  );
});

it('never lets a difference of two steps or more pass as rounding', () => {
  fc.assert(
    fc.property(payment, fc.bigInt({ min: 2n, max: 1_000n }), fc.boolean(), (input, steps, up) => {
      const { hub, leg, row } = caseOf(input);
      const { increment } = amountRounding(leg.settlement.currency);
      const off = up ? steps * increment : -steps * increment;
      fc.pre(leg.settlement.minor + off >= 0n);
      // Dust is raised to one step, so the hub itself may be almost a step above the exact amount.
      fc.pre(leg.settlement.minor > increment);
      const theirs = {
        ...row,
        settlement: { ...row.settlement, minor: row.settlement.minor + off },
      };
      expect(decide(hub, [theirs]).map(({ type }) => type)).toContain('amountMismatch');
    }),
  );
});

const change = fc.record({
  line: fc.integer({ min: 4, max: 9 }),
  file: fc.constantFrom('a.csv', 'b.csv'),
  side: fc.constantFrom('wallet' as const, 'acquirer' as const),
  participantId: fc.constantFrom('wallet_a', 'acquirer_b'),
  cycleId: fc.constantFrom('cyc_20261121' as const, 'cyc_20261122' as const),
  result: fc.constantFrom('SUCCESS' as const, 'FAILED' as const),
  kind: fc.constantFrom('payment' as const, 'refund' as const),
  interchangeMinor: fc.bigInt({ min: 0n, max: 3n }),
});

it('decides the same whatever order the lines come in', () => {
  const lines = fc.uniqueArray(change, {
    minLength: 2,
    maxLength: 6,
    selector: ({ file, line }) => `${file} ${String(line)}`,
  });
  fc.assert(
    fc.property(
      payment,
      lines,
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      (input, bent, known, order) => {
        const { hub, row } = caseOf(input);
        const rows = bent.map((item) => ({ ...row, ...item }));
        const shuffled = rows
          .map((item) => ({ item, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        const match = (of: readonly PartnerRow[]): MatchCase => ({
          subjectId: 'pay_1',
          hub: known ? hub : null,
          rows: of,
        });
        expect(decideBreaks(match(shuffled))).toEqual(decideBreaks(match(rows)));
      },
    ),
  );
});
