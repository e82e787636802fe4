/**
 * Goal: no cent appears or vanishes between flows, covers and revaluation; average cost is average
 * cost; the best quotes are chosen and nothing better is left; every entry balances.
 * Method: generated flows, quotes and mids; totals are worked out from the inputs alone, and a
 * few positions by hand.
 */
import * as fc from 'fast-check';
import { unbalancedCurrencies } from '../journal.js';
import { ratio } from '../rates/ratio.js';
import {
  quoteOfProvider,
  type CoverProvider,
  type CoverQuote,
  type CoverRequest,
} from './cover-quote.js';
import { decideCover } from './decide-cover.js';
import { coverRequestOf, decideCutOff, type CutOffContext } from './decide-cut-off.js';
import { linesOfCoverSettlement } from './fx-entries.js';
import { addFlow, addGrossFlows, FLAT, type FxFlow, type FxPosition } from './position.js';

const minor = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const usd = fc.bigInt({ min: 0n, max: 10n ** 10n });
const flow: fc.Arbitrary<FxFlow> = fc
  .tuple(minor, usd)
  .map(([amount, price]) => ({ minor: amount, usd: amount < 0n ? -price : price }));
const magnitude = fc.bigInt({ min: 0n, max: 10n ** 12n });
const gross = fc.record({
  boughtMinor: magnitude,
  boughtUsd: usd,
  soldMinor: magnitude,
  soldUsd: usd,
  residueUsd: fc.bigInt({ min: -50n, max: 50n }),
});

describe('average cost', () => {
  it('conserves dollars: cost before + paid + realised is cost after, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(flow, { maxLength: 30 }), (flows) => {
        let position: FxPosition = FLAT;
        let realised = 0n;
        for (const step of flows) {
          const added = addFlow(position, step);
          position = added.position;
          realised += added.realisedUsd;
        }
        const paid = flows.reduce((sum, step) => sum + step.usd, 0n);
        expect(position.minor).toBe(flows.reduce((sum, step) => sum + step.minor, 0n));
        expect(position.costUsd - realised).toBe(paid);
        if (position.minor === 0n) expect(position.costUsd).toBe(0n);
      }),
    );
  });

  it('realises nothing while a position only grows, and all of it when it is closed', () => {
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 20 }), flow, (flows, last) => {
        const buys = flows.filter((step) => step.minor > 0n);
        let position: FxPosition = FLAT;
        for (const step of buys) {
          const added = addFlow(position, step);
          expect(added.realisedUsd).toBe(0n);
          position = added.position;
        }
        const taken = last.usd < 0n ? -last.usd : last.usd;
        const closed = addFlow(position, { minor: -position.minor, usd: -taken });
        expect(closed.position).toEqual({ minor: 0n, costUsd: 0n });
        const cost = buys.reduce((sum, step) => sum + step.usd, 0n);
        expect(closed.realisedUsd).toBe(taken - cost);
      }),
    );
  });

  it('by hand: a half is sold at the average, a turn opens at its own price', () => {
    const long = addFlow(addFlow(FLAT, { minor: 100n, usd: 300n }).position, {
      minor: 100n,
      usd: 500n,
    }).position;
    expect(long).toEqual({ minor: 200n, costUsd: 800n });
    // 100 of 200 cost 400; sold for 450.
    expect(addFlow(long, { minor: -100n, usd: -450n })).toEqual({
      position: { minor: 100n, costUsd: 400n },
      realisedUsd: 50n,
    });
    // 300 sold for 1,500, five each: 200 of them for 1,000 against 800, and 100 short at 500.
    expect(addFlow(long, { minor: -300n, usd: -1_500n })).toEqual({
      position: { minor: -100n, costUsd: -500n },
      realisedUsd: 200n,
    });
    // What was sold short for 500 is bought back for 420.
    expect(addFlow({ minor: -100n, costUsd: -500n }, { minor: 100n, usd: 420n })).toEqual({
      position: FLAT,
      realisedUsd: 80n,
    });
  });

  it('by hand: a day covers itself before anybody is asked', () => {
    const flows = {
      boughtMinor: 100n,
      boughtUsd: 300n,
      soldMinor: 40n,
      soldUsd: 140n,
      residueUsd: 0n,
    };
    // 40 of what was bought at three are sold at three and a half.
    expect(addGrossFlows(FLAT, flows)).toEqual({
      position: { minor: 60n, costUsd: 180n },
      realisedUsd: 20n,
    });
    expect(addGrossFlows({ minor: -10n, costUsd: -35n }, flows)).toMatchObject({
      position: { minor: 50n, costUsd: 150n },
    });
  });
});

const CURRENCY = 'JPY';
const mid = ratio(67n, 10_000n);
const price = fc.integer({ min: 6_000, max: 7_400 }).map((n) => ratio(BigInt(n), 1_000_000n));
const quotes: fc.Arbitrary<CoverQuote[]> = fc
  .uniqueArray(fc.constantFrom('prv_a', 'prv_b', 'prv_c', 'prv_d', 'prv_e'))
  .chain((ids) =>
    fc.tuple(
      ...ids.map((providerId) =>
        fc
          .tuple(price, magnitude, magnitude, fc.boolean())
          .map(([quoted, a, b, firm]): CoverQuote => {
            if (!firm) return { providerId, answer: 'declined', reason: 'is not available' };
            const [minMinor, maxMinor] = a < b ? [a, b] : [b, a];
            return { providerId, answer: 'firm', price: quoted, minMinor, maxMinor };
          }),
      ),
    ),
  );
const request: fc.Arbitrary<CoverRequest> = fc.record({
  currency: fc.constant(CURRENCY),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  minor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  mid: fc.constant(mid),
});

describe('the choice among quotes', () => {
  it('covers what it says within sizes, and leaves no better quote unused', () => {
    let used = 0;
    fc.assert(
      fc.property(request, quotes, (asked, answers) => {
        const { fills, uncoveredMinor } = decideCover(asked, answers);
        const filled = fills.reduce((sum, fill) => sum + fill.minor, 0n);
        expect(filled + uncoveredMinor).toBe(asked.minor);
        used += fills.length;
        let open = asked.minor;
        const worse = (a: CoverQuote, b: CoverQuote): boolean => {
          if (a.answer !== 'firm' || b.answer !== 'firm') return false;
          const left = a.price.numerator * b.price.denominator;
          const right = b.price.numerator * a.price.denominator;
          return asked.side === 'buy' ? left > right : left < right;
        };
        for (const fill of fills) {
          const quote = answers.find(({ providerId }) => providerId === fill.providerId);
          if (quote?.answer !== 'firm') throw new Error('filled by who did not quote');
          expect(fill.price).toEqual(quote.price);
          expect(fill.minor >= quote.minMinor && fill.minor <= quote.maxMinor).toBe(true);
          // Whoever is better and not used up could not take what was open then.
          for (const other of answers) {
            if (other.answer !== 'firm' || !worse(quote, other)) continue;
            const taken =
              fills.find(({ providerId }) => providerId === other.providerId)?.minor ?? 0n;
            expect(taken === other.maxMinor || open < other.minMinor).toBe(true);
          }
          open -= fill.minor;
        }
        if (uncoveredMinor > 0n) {
          for (const other of answers) {
            if (other.answer !== 'firm') continue;
            const taken = fills.some(({ providerId }) => providerId === other.providerId);
            expect(taken || uncoveredMinor < other.minMinor || other.maxMinor === 0n).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(used).toBeGreaterThan(100);
  });

  it('does not depend on the order of the answers', () => {
    fc.assert(
      fc.property(request, quotes, (asked, answers) => {
        expect(decideCover(asked, [...answers].reverse())).toEqual(decideCover(asked, answers));
      }),
    );
  });
});

describe('a simulated provider', () => {
  const provider: CoverProvider = {
    id: 'prv_a',
    name: 'a provider',
    seed: 'one',
    availability: 8_000,
    terms: [{ currency: CURRENCY, spreadBps: 10, jitterBps: 4, minUsd: 1_000n, maxUsd: 10n ** 9n }],
  };
  const asked: CoverRequest = { currency: CURRENCY, side: 'buy', minor: 1_000_000n, mid };

  it('answers by its seed and the occasion, now and again, within its spread', () => {
    const prices = new Set<string>();
    let declined = 0;
    for (let n = 0; n < 500; n += 1) {
      const quote = quoteOfProvider(provider, `cyc_${String(n)}`, asked);
      expect(quoteOfProvider(provider, `cyc_${String(n)}`, asked)).toEqual(quote);
      if (quote.answer === 'declined') {
        declined += 1;
        continue;
      }
      const bps =
        (Number(quote.price.numerator) / Number(quote.price.denominator) / 0.0067 - 1) * 10_000;
      expect(bps).toBeGreaterThan(5.9);
      expect(bps).toBeLessThan(14.1);
      prices.add(`${String(quote.price.numerator)}/${String(quote.price.denominator)}`);
    }
    expect(prices.size).toBeGreaterThan(200);
    // 100 of 500 are expected, give or take five standard deviations of about nine.
    expect(declined).toBeGreaterThan(55);
    expect(declined).toBeLessThan(145);
    expect(quoteOfProvider({ ...provider, seed: 'two' }, 'cyc_1', asked)).not.toEqual(
      quoteOfProvider(provider, 'cyc_1', asked),
    );
  });

  it('buys below mid, deals in what it deals in, and in no smaller sizes', () => {
    const always = { ...provider, availability: 10_000 };
    const sold = quoteOfProvider(always, 'cyc_1', { ...asked, side: 'sell' });
    if (sold.answer !== 'firm') throw new Error('must quote');
    expect(Number(sold.price.numerator) / Number(sold.price.denominator)).toBeLessThan(0.0067);
    // USD 10 at 0.0067 is JPY 1,492.5.
    expect(sold.minMinor).toBe(1_493n);
    expect(quoteOfProvider(always, 'cyc_1', { ...asked, minor: 1_492n })).toMatchObject({
      answer: 'declined',
    });
    expect(quoteOfProvider(always, 'cyc_1', { ...asked, currency: 'THB' })).toMatchObject({
      answer: 'declined',
      reason: 'does not deal in THB',
    });
  });
});

describe('a cut-off', () => {
  const position = fc
    .tuple(minor, usd)
    .map(([m, c]): FxPosition => ({ minor: m, costUsd: m === 0n ? 0n : m < 0n ? -c : c }));
  const context: fc.Arbitrary<CutOffContext> = fc.record({
    currency: fc.constant(CURRENCY),
    opening: position,
    lastUnrealisedUsd: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
    flows: gross,
    mid: fc.constant(mid),
  });

  it('books to the cent what it decided, in entries that balance', () => {
    let covered = 0;
    fc.assert(
      fc.property(context, quotes, (given, answers) => {
        const decided = decideCutOff(given, answers);
        expect(decided.request).toEqual(coverRequestOf(given));
        covered += decided.fills.length;
        const entries = [
          decided.reversalLines,
          decided.offsetLines,
          ...decided.fills.map(({ lines }) => lines),
          decided.revaluationLines,
        ];
        for (const lines of entries) {
          expect(unbalancedCurrencies(lines)).toEqual([]);
          expect(lines.every((line) => line.minor !== 0n)).toBe(true);
        }
        const booked = (kind: string): bigint =>
          entries
            .flat()
            .filter(({ account }) => account.kind === kind)
            .reduce((sum, line) => sum + line.minor, 0n);
        const { flows, opening } = given;
        // What the payments had put on the accounts, and what the cut-off added, is what is left.
        const flowMinor = flows.boughtMinor - flows.soldMinor;
        const flowUsd = flows.boughtUsd - flows.soldUsd + flows.residueUsd;
        expect(opening.minor + flowMinor - booked('fxPosition')).toBe(decided.closing.minor);
        expect(opening.costUsd + given.lastUnrealisedUsd + flowUsd + booked('fxPositionUsd')).toBe(
          decided.marketUsd,
        );
        expect(booked('fxRealised')).toBe(-decided.realisedUsd);
        expect(booked('fxUnrealised')).toBe(given.lastUnrealisedUsd - decided.unrealisedUsd);
        const filled = decided.fills.reduce((sum, fill) => sum + fill.minor, 0n);
        expect(filled + decided.uncoveredMinor).toBe(decided.request?.minor ?? 0n);
      }),
      { numRuns: 300 },
    );
    expect(covered).toBeGreaterThan(100);
  });

  it('settles covers so that the provider owes and is owed nothing', () => {
    fc.assert(
      fc.property(context, quotes, (given, answers) => {
        const { request: asked, fills } = decideCutOff(given, answers);
        if (asked === null) return;
        for (const fill of fills) {
          const settled = linesOfCoverSettlement(asked, fill);
          expect(unbalancedCurrencies(settled)).toEqual([]);
          const left = new Map<string, bigint>();
          for (const line of [...fill.lines, ...settled]) {
            if (line.account.kind !== 'coverReceivable') continue;
            const { currency } = line.account;
            left.set(currency, (left.get(currency) ?? 0n) + line.minor);
          }
          expect([...left.values()].every((sum) => sum === 0n)).toBe(true);
        }
      }),
    );
  });
});
