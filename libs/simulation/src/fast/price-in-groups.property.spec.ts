import fc from 'fast-check';
import { BIN, BIN_COLUMNS, binSums } from '#simulation/fast/bin-sums';
import { binTerms, SLOTS, type BinTerms } from '#simulation/fast/bin-terms';
import { chunkVerdict } from '#simulation/fast/decide-chunk';
import { categoryOf, drawnChunk } from '#simulation/fast/draw-bin';
import { fastTables } from '#simulation/fast/fast-tables';
import { priceChunk, pricePurchase } from '#simulation/fast/price-chunk';
import { smallWorld } from '#testkit/small-world';

/**
 * Goal: pricing a chunk group by group gives what pricing its purchases one by one gives: nothing
 * is lost, counted twice, or put with another pair, hour, clearing day, category or area.
 * Method: random purchases, among them amounts that convert to within a hair of a half at one of
 * the pair's rates, are priced both ways and added up by whoever they belong to.
 */
const world = smallWorld();
const tables = fastTables(world);
const REFUNDED = 0xf000_0000;

const purchase = fc.record({
  pair: fc.nat(1_000),
  kind: fc.nat(tables.categories * 24 - 1),
  area: fc.nat(tables.areas - 1),
  amount: fc.integer({ min: 1, max: 3_000_000 }),
  nearHalf: fc.boolean(),
  conduct: fc.integer({ min: 0, max: 0xffff_ffff }),
});

/** The amount next to the given one that comes nearest to a half at the pair's price. */
function nearestToHalf(terms: BinTerms, amount: number, pair: number): number {
  const rate = terms.price.rates[pair] ?? 1;
  let [best, distance] = [amount, 1];
  for (let other = amount; other < amount + 400; other++) {
    const off = Math.abs(((other * rate) % 1) - 0.5);
    if (off < distance) [best, distance] = [other, off];
  }
  return best;
}

class Ledger {
  private readonly sums = new Map<string, number>();

  add(name: string, value: number): void {
    if (value !== 0) this.sums.set(name, (this.sums.get(name) ?? 0) + value);
  }

  all(): Record<string, number> {
    return Object.fromEntries([...this.sums].filter(([, value]) => value !== 0).sort());
  }
}

it('adds up in groups what single prices come to', () => {
  let priced = 0;
  fc.assert(
    fc.property(
      fc.nat(world.flows.length - 1),
      fc.nat(world.days - 1),
      fc.array(purchase, { minLength: 60, maxLength: 400, size: 'max' }),
      (flow, day, purchases) => {
        const terms = binTerms(tables, flow, day);
        fc.pre(terms.pairs > 0 && terms.lateMinutes === 0);
        const [chunk, verdict] = [drawnChunk(), chunkVerdict()];
        const wanted = new Ledger();
        purchases.forEach((drawn, i) => {
          const pair = drawn.pair % terms.pairs;
          const amount = drawn.nearHalf ? nearestToHalf(terms, drawn.amount, pair) : drawn.amount;
          // Others, which nobody paid, stand between those that count.
          const at = i * 3;
          chunk.kind[at] = drawn.kind;
          chunk.area[at] = drawn.area;
          chunk.amountMinor[at] = amount;
          chunk.conduct[at] = drawn.conduct;
          verdict.paidAt[i] = at;
          verdict.paidPair[i] = pair;
          enter(wanted, terms, { ...drawn, pair, amount });
        });
        verdict.paid = purchases.length;
        const into = binSums(terms.pairs, tables.categories, tables.areas);
        priceChunk(terms, chunk, verdict, REFUNDED, into);
        expect(read(into, terms).all()).toEqual(wanted.all());
        priced += purchases.length;
      },
    ),
    { numRuns: 60 },
  );
  expect(priced).toBeGreaterThan(3_000);
});

interface Paid {
  readonly pair: number;
  readonly kind: number;
  readonly area: number;
  readonly amount: number;
  readonly conduct: number;
}

function enter(ledger: Ledger, terms: BinTerms, paid: Paid): void {
  const { pair, kind, area, amount, conduct } = paid;
  const price = pricePurchase(terms, amount, pair);
  const hour = kind % 24;
  const clearingHour = terms.firstHour + hour;
  const part = Math.floor(clearingHour / 24) - Math.floor(terms.firstHour / 24);
  const columns: Readonly<Record<keyof typeof BIN, number>> = {
    ...{ payments: 1, payment: amount, payTo: price.payTo, credited: price.credited },
    ...{ feeWallet: price.feeWallet, margin: price.margin },
    ...{ interchangeMargin: price.interchangeMargin, settlement: price.settlement },
    ...{ charged: price.charged, feeAcquirer: price.feeAcquirer, mdr: price.mdr },
    refunded: conduct >= REFUNDED ? amount : 0,
  };
  for (const [name, value] of Object.entries(columns)) {
    ledger.add(`pair ${String(pair)} part ${String(part)} ${name}`, value);
  }
  ledger.add(`pair ${String(pair)} hour ${String(hour)} owes`, price.walletOwes);
  ledger.add(`pair ${String(pair)} hour ${String(hour)} receives`, price.acquirerReceives);
  const category = Math.floor(kind / 24);
  expect(categoryOf(kind)).toBe(category);
  ledger.add(`category ${String(category)} count`, 1);
  ledger.add(`category ${String(category)} minor`, amount);
  ledger.add(`area ${String(area)} count`, 1);
  ledger.add(`area ${String(area)} minor`, amount);
}

function read(into: ReturnType<typeof binSums>, terms: BinTerms): Ledger {
  const ledger = new Ledger();
  for (let pair = 0; pair < terms.pairs; pair++) {
    for (let part = 0; part < 2; part++) {
      for (const [name, column] of Object.entries(BIN)) {
        const value = into.sums[(pair * 2 + part) * BIN_COLUMNS + column] ?? 0;
        ledger.add(`pair ${String(pair)} part ${String(part)} ${name}`, value);
      }
    }
    for (let hour = 0; hour < SLOTS; hour++) {
      const at = (pair * SLOTS + hour) * 2;
      ledger.add(`pair ${String(pair)} hour ${String(hour)} owes`, into.dues[at] ?? 0);
      ledger.add(`pair ${String(pair)} hour ${String(hour)} receives`, into.dues[at + 1] ?? 0);
    }
  }
  for (const [name, column] of [
    ['category', into.categories],
    ['area', into.areas],
  ] as const) {
    for (let at = 0; at < column.length; at += 2) {
      ledger.add(`${name} ${String(at / 2)} count`, column[at] ?? 0);
      ledger.add(`${name} ${String(at / 2)} minor`, column[at + 1] ?? 0);
    }
  }
  return ledger;
}
