import fc from 'fast-check';
import type { CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import { pricePayment, type PriceTerms } from '#domain/pricing/price-payment';
import { convertAt } from '#domain/rates/convert';
import { decidePaymentQuotes } from '#domain/rates/payment-quotes';
import { rateBook } from '#domain/rates/rate-book';
import { binTerms } from '#simulation/fast/bin-terms';
import { BIN, BIN_COLUMNS, binSums } from '#simulation/fast/bin-sums';
import { chunkVerdict } from '#simulation/fast/decide-chunk';
import { drawnChunk } from '#simulation/fast/draw-bin';
import { fastTables } from '#simulation/fast/fast-tables';
import { priceChunk, pricePurchase, type PricedPurchase } from '#simulation/fast/price-chunk';
import { feeOf, LARGEST, minorLeg, stepsOf, trustedDistance } from '#simulation/fast/price-leg';
import type { World } from '#simulation/world';
import { midOf } from '#testkit/pricing-cases';
import { smallWorld } from '#testkit/small-world';

/**
 * Goal: prices in doubles are the domain's prices, on the whole stated range.
 * Method: random amounts, rates and fees in every currency that wallets or acquirers of the network
 * use, and amounts chosen so that the exact result lies on or next to a half, against
 * `pricePayment` on the quotes of `decidePaymentQuotes` and against `convertAt`.
 */
const CURRENCIES: readonly CurrencyCode[] = [
  ...['JPY', 'THB', 'KRW', 'USD', 'IDR', 'VND', 'EUR', 'SGD', 'MYR', 'HKD', 'CNY', 'PHP'],
  ...['TWD', 'INR', 'MNT', 'MOP', 'KHR', 'LAK', 'KZT', 'AED', 'LKR', 'NPR', 'KWD', 'CLF'],
];

const rateText = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => {
    const text = String(digits).padStart(places + 1, '0');
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  });

const rateTexts = fc.array(rateText, { minLength: 3, maxLength: 3 });

/** A world of one payment: shop, wallet and acquirer in three currencies. */
function worldWith(
  currencies: readonly [CurrencyCode, CurrencyCode, CurrencyCode],
  mids: readonly (Ratio | undefined)[],
  fees: readonly number[],
  largest: number,
): World {
  const plain = smallWorld({ days: 1 });
  const [interchangeBps = 0, schemeFeeAcquirerBps = 0, schemeFeeWalletBps = 0, mdrBps = 0] = fees;
  const flow = plain.flows[0]!;
  return {
    ...plain,
    currencies,
    destinations: [{ ...plain.destinations[0]!, currency: 0 }],
    wallets: plain.wallets.slice(0, 1).map((wallet) => ({ ...wallet, currency: 1 })),
    acquirers: plain.acquirers.slice(0, 1).map((acquirer) => ({ ...acquirer, currency: 2 })),
    merchants: { ...plain.merchants, links: Uint8Array.of(1) },
    flows: [
      {
        ...flow,
        mdrBps,
        corridor: { ...flow.corridor, interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps },
        tickets: flow.tickets.map((ticket) => ({ ...ticket, maxMinor: largest })),
      },
    ],
    fx: { mids: [mids], markupBps: [fees[4] ?? 0], lockMs: 60_000 },
  };
}

function equal(a: PricedPurchase, b: PricedPurchase): boolean {
  return Object.entries(a).every(([name, minor]) => b[name as keyof PricedPurchase] === minor);
}

const currency = fc.constantFrom(...CURRENCIES);
const bps = fc.integer({ min: 0, max: 500 });

it('prices one purchase as the domain does, in all currencies', () => {
  let priced = 0;
  const wrong: unknown[] = [];
  fc.assert(
    fc.property(
      fc.tuple(currency, currency, currency),
      rateTexts,
      fc.tuple(bps, bps, bps, bps, fc.integer({ min: 0, max: 300 })),
      fc.array(fc.maxSafeNat(), { minLength: 40, maxLength: 40 }),
      (currencies, texts, fees, seeds) => {
        const [shop, payer, settled] = currencies;
        const book = rateBook([
          ...CURRENCIES.filter((code) => code !== 'EUR').map((code) => midOf('EUR', code, '7.25')),
          ...currencies.flatMap((code, i) =>
            code === 'EUR' ? [] : [{ ...midOf('EUR', code, texts[i]!), asOf: '2026-04-14' }],
          ),
        ]);
        const locked = decidePaymentQuotes(
          {
            book,
            tier: { id: 'test', markupBps: fees[4] },
            policy: { ttlMs: 60_000, maxAgeDays: 7, today: '2026-04-14' },
          },
          { payment: shop, payer, settlement: settled },
          0,
          { payer: 'quo_payer', settlement: 'quo_settlement' },
        );
        // A pair too unequal for twelve places is refused by the hub, so no world has it.
        fc.pre(locked.ok);
        const { payerQuote, settlementQuote, usd } = locked.value;
        const mids = [undefined, payerQuote.mid, settlementQuote.mid];
        const rates = [
          1,
          ...[payerQuote, settlementQuote].map(({ mid }, i) => {
            const leg = minorLeg(mid, shop, currencies[i + 1]!);
            return leg.rate * 1.04;
          }),
        ];
        const largest = Math.floor(
          Math.min(LARGEST / Math.max(...rates) - 2, 5e12 / Math.max(...rates)),
        );
        fc.pre(largest >= 3_000);
        const terms = binTerms(fastTables(worldWith(currencies, mids, fees, largest)), 0, 0);
        for (const seed of seeds) {
          const amount = 1 + (seed % (seed % 2 === 0 ? Math.min(largest, 30_000) : largest));
          const given: PriceTerms = {
            paymentAmount: { currency: shop, minor: BigInt(amount) },
            ...{ payerQuote, settlementQuote, usd, mdrBps: fees[3] },
            ...{
              interchangeBps: fees[0],
              schemeFeeAcquirerBps: fees[1],
              schemeFeeWalletBps: fees[2],
            },
          };
          const wanted = pricePayment(given);
          const right = {
            payTo: Number(wanted.payToAmount.minor),
            credited: Number(wanted.interchange.credited.amount.minor),
            feeWallet: Number(wanted.schemeFeeWallet.minor),
            walletOwes: Number(wanted.walletOwes.minor),
            settlement: Number(wanted.settlementAmount.minor),
            charged: Number(wanted.interchange.charged.amount.minor),
            feeAcquirer: Number(wanted.schemeFeeAcquirer.minor),
            acquirerReceives: Number(wanted.acquirerReceives.minor),
            margin: Number(wanted.payer.margin),
            interchangeMargin: Number(wanted.interchange.credited.margin),
            mdr: Number(wanted.mdr.minor),
          };
          const found = pricePurchase(terms, amount, 0);
          if (!equal(found, right)) wrong.push({ currencies, amount, found, right });
          priced += 1;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(wrong).toEqual([]);
  expect(priced).toBeGreaterThan(1_500);
});

it('converts amounts whose worth lies on or beside a half', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 2 ** 40 }),
      (numerator, denominator, k) => {
        const price = { numerator: BigInt(numerator), denominator: BigInt(2 * denominator) };
        const leg = minorLeg(price, 'JPY', 'KRW');
        // amount × n / 2d is nearest to a half where amount × n is an odd multiple of d.
        const middle = Math.round((denominator * (2 * (k % 1e6) + 1)) / numerator);
        const largest = (middle + 3) * leg.rate;
        fc.pre(largest < LARGEST && middle < LARGEST);
        for (let amount = Math.max(1, middle - 2); amount <= middle + 2; amount++) {
          const money = { currency: 'JPY', minor: BigInt(amount) };
          const wanted = Number(convertAt(money, price, 'KRW', 'halfUp').minor);
          expect(stepsOf(amount, leg, trustedDistance(largest))).toBe(wanted);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

it('takes fees half up to the end of the stated range', () => {
  fc.assert(
    fc.property(fc.nat(9_999), fc.maxSafeNat(), fc.integer({ min: -2, max: 2 }), (rate, n, off) => {
      const most = Math.min(LARGEST, Math.floor((2 ** 52 - 1) / Math.max(rate, 1)));
      const random = n % most;
      // Where amount × bps + 5,000 is next to a multiple of 10,000.
      const edge = rate === 0 ? 0 : Math.ceil(((n % Math.floor(most / 2)) * 10_000 + 5_000) / rate);
      for (const amount of [random, edge + off, most]) {
        if (amount < 0 || amount > most) continue;
        const wanted = (BigInt(amount) * BigInt(rate) + 5_000n) / 10_000n;
        expect(feeOf(amount, rate)).toBe(Number(wanted));
      }
    }),
    { numRuns: 2_000 },
  );
});

/** Every hundred yen is a whole number of cents. */
const WHOLE: Ratio = { numerator: 7n, denominator: 1_000n };

it('leaves to the fraction what the double gets wrong, in columns too', () => {
  const mid: Ratio = { numerator: 1_005n, denominator: 1_000n };
  const world = worldWith(['JPY', 'KRW', 'USD'], [undefined, mid, WHOLE], [0, 0, 0, 0, 30], 1e6);
  const tables = fastTables(world);
  const terms = binTerms(tables, 0, 0);
  const [chunk, verdict] = [drawnChunk(), chunkVerdict()];
  // An odd hundred comes to a half: 100.5 won are 101, though 100 × 1.005 is 100.49999999999999.
  const amounts = Array.from({ length: 1_000 }, (_, i) => 100 * (2 * i + 1));
  amounts.forEach((amount, at) => {
    chunk.amountMinor[at] = amount;
    verdict.paidAt[at] = at;
  });
  verdict.paid = amounts.length;
  const into = binSums(1, tables.categories, tables.areas);
  priceChunk(terms, chunk, verdict, 2 ** 32, into);
  const owed = amounts.reduce((sum, amount) => sum + (amount * 1_005 + 500) / 1_000, 0);
  const erring = amounts.filter(
    (amount) => Math.floor(amount * 1.005 + 0.5) * 1_000 < amount * 1_005,
  );
  expect(erring.length).toBeGreaterThan(10);
  const both = (column: number): number =>
    (into.sums[column] ?? 0) + (into.sums[BIN_COLUMNS + column] ?? 0);
  // Only the worth in won at mid lies on a half: the price has a mark-up.
  expect(both(BIN.payTo) - both(BIN.margin)).toBe(owed);
});

const CENT: Ratio = { numerator: 1n, denominator: 16_000n };

it('refuses amounts beyond what is exact', () => {
  expect(() => trustedDistance(LARGEST * 2)).toThrow('more than 2^44');
  const world = worldWith(['IDR', 'USD', 'USD'], [undefined, CENT, CENT], [], 1e14);
  expect(() => binTerms(fastTables(world), 0, 0)).toThrow('exact');
});
