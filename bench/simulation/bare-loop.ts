import { binTerms } from '#simulation/fast/bin-terms';
import type { FastTables } from '#simulation/fast/fast-tables';

const CHUNK = 2_048;
const DRAWS = 7;
const COLUMNS = 12;

/** Look-up columns of one flow on one day, as a loop that knows nothing else would have them. */
interface Columns {
  readonly kinds: Uint16Array;
  readonly kindShift: number;
  readonly areas: Uint16Array;
  readonly areaShift: number;
  readonly wallets: Uint16Array;
  readonly walletShift: number;
  readonly quantiles: Float64Array;
  readonly ticketStart: Uint32Array;
  readonly ticketStep: Float64Array;
  readonly acceptance: Float64Array;
  readonly cellStart: Uint32Array;
  readonly popularity: Float64Array;
  readonly acquirerOf: Uint8Array;
  readonly pairAt: Int32Array;
  readonly priceRate: Float64Array;
  readonly midRate: Float64Array;
  readonly settleRate: Float64Array;
}

/**
 * The yardstick: one loop over typed arrays that makes the same seven draws a purchase, looks up
 * the same tables (two million merchants among them), does the same arithmetic and adds up the
 * same sums, and does nothing else. It has no streams by purpose and day, does not count what
 * became of the rest, knows no limits, outages or caps, takes the nearer table entry where the
 * kernel decides exactly, and trusts every rounding. Nobody could use its result; it says what the
 * machine could do at best for code of this kind.
 */
export class BareLoop {
  private readonly words = Array.from({ length: DRAWS }, () => new Uint32Array(CHUNK));
  private readonly state = Uint32Array.from({ length: DRAWS * 4 }, (_, i) => i * 2_654_435_761 + 1);
  private readonly columns: Columns;
  private readonly sums: Float64Array;
  private readonly pairs: number;
  private readonly places: Float64Array;

  constructor(
    private readonly tables: FastTables,
    flow: number,
    day: number,
  ) {
    const terms = binTerms(tables, flow, day);
    const found = tables.flows[flow];
    const kinds = found?.kinds[found.dayKinds[day] ?? 0];
    const areas = found?.areas[tables.months[day] ?? 0];
    const wallets = found?.epochs.findLast(({ fromDay }) => fromDay <= day)?.wallets;
    if (found === undefined || !kinds || !areas || !wallets) throw new Error('an empty bin');
    // A slot that several share goes to whoever has its beginning.
    const whole = (slots: Uint16Array): Uint16Array => {
      let last = 0;
      return slots.map((slot) => (slot === 0xffff ? last : (last = slot)));
    };
    this.pairs = terms.pairs;
    this.columns = {
      kinds: whole(kinds.slots),
      kindShift: kinds.shift,
      areas: whole(areas.slots),
      areaShift: areas.shift,
      wallets: whole(wallets.slots),
      walletShift: wallets.shift,
      quantiles: tables.quantiles,
      ticketStart: found.ticketStart,
      ticketStep: found.ticketStep,
      acceptance: found.acceptance,
      cellStart: tables.merchants.cellStart,
      popularity: tables.merchants.popularity,
      acquirerOf: tables.merchants.acquirerOf,
      pairAt: terms.pairAt,
      priceRate: terms.price.rates,
      midRate: terms.mid.rates,
      settleRate: terms.settle.rates,
    };
    this.sums = new Float64Array(24 * terms.pairs * COLUMNS);
    this.places = new Float64Array((tables.areas + tables.categories) * 2);
  }

  /** @returns how many were paid, so that nothing of it can be left out */
  play(purchases: number): number {
    for (let left = purchases; left > 0; left -= CHUNK) {
      const count = Math.min(left, CHUNK);
      for (let draw = 0; draw < DRAWS; draw++) {
        const column = this.words[draw];
        if (column !== undefined) fill(column, count, this.state, draw * 4);
      }
      this.pass(count);
    }
    return this.sums.reduce((sum, value, at) => sum + (at % COLUMNS === 0 ? value : 0), 0);
  }

  private pass(count: number): void {
    const { kinds, areas, wallets, quantiles, ticketStart, ticketStep, acceptance } = this.columns;
    const { kindShift, areaShift, walletShift, cellStart, popularity, acquirerOf } = this.columns;
    const { pairAt, priceRate, midRate, settleRate } = this.columns;
    const { sums, places, pairs } = this;
    const { categories, acquirers, areas: areaCount } = this.tables;
    const luckEdge = this.tables.conduct.timedOut;
    const refundEdge = this.tables.conduct.refunded;
    const flow = this.tables.flows[0];
    const interchangeBps = flow?.interchangeBps ?? 0;
    const feeWalletBps = flow?.schemeFeeWalletBps ?? 0;
    const feeAcquirerBps = flow?.schemeFeeAcquirerBps ?? 0;
    const mdrBps = flow?.mdrBps ?? 0;
    const [w0, w1, w2, w3, w4, w5, w6] = this.words;
    if (!w0 || !w1 || !w2 || !w3 || !w4 || !w5 || !w6) return;
    for (let i = 0; i < count; i++) {
      const kind = kinds[(w0[i] ?? 0) >>> kindShift] ?? 0;
      const category = (kind * 2_731) >>> 16;
      const area = areas[(w1[i] ?? 0) >>> areaShift] ?? 0;
      const word = w4[i] ?? 0;
      const above = word >> 31;
      const distance = Math.max((word ^ above) & 0x7fff_ffff, 256);
      const zeros = Math.clz32(distance);
      const rest = distance << (zeros + 1);
      const at = (ticketStart[category] ?? 0) + (above & 1_473) + (23 - zeros) * 64 + (rest >>> 26);
      const low = quantiles[at] ?? 0;
      const steps = low + ((quantiles[at + 1] ?? 0) - low) * ((rest & 0x3ff_ffff) / 67_108_864);
      const amount = Math.floor(steps + 0.5) * (ticketStep[category] ?? 0);
      if ((w5[i] ?? 0) >= (acceptance[category] ?? 0) || (w6[i] ?? 0) < luckEdge) continue;
      const wallet = wallets[(w2[i] ?? 0) >>> walletShift] ?? 0;
      const cell = area * categories + category;
      const start = cellStart[cell] ?? 0;
      const size = (cellStart[cell + 1] ?? 0) - start;
      const where = (w3[i] ?? 0) * 2.3283064365386963e-10 * (popularity.length - 1);
      const floor = Math.floor(where);
      const from = popularity[floor] ?? 0;
      const rank = from + ((popularity[floor + 1] ?? 0) - from) * (where - floor);
      const acquirer = acquirerOf[start + Math.floor(rank * size)] ?? 0;
      const pair = pairAt[wallet * acquirers + acquirer] ?? -1;
      if (pair < 0) continue;
      const price = priceRate[pair] ?? 0;
      const mid = midRate[pair] ?? 0;
      const settle = settleRate[pair] ?? 0;
      const interchange = Math.floor((amount * interchangeBps + 5_000) * 1e-4);
      const payTo = Math.floor(amount * price + 0.5);
      const credited = Math.floor(interchange * price + 0.5);
      const settlement = Math.floor(amount * settle + 0.5);
      const to = ((kind - category * 24) * pairs + pair) * COLUMNS;
      sums[to] = (sums[to] ?? 0) + 1;
      sums[to + 1] = (sums[to + 1] ?? 0) + amount;
      sums[to + 2] = (sums[to + 2] ?? 0) + payTo;
      sums[to + 3] = (sums[to + 3] ?? 0) + credited;
      sums[to + 4] = (sums[to + 4] ?? 0) + Math.floor((payTo * feeWalletBps + 5_000) * 1e-4);
      sums[to + 5] = (sums[to + 5] ?? 0) + payTo - Math.floor(amount * mid + 0.5);
      sums[to + 6] = (sums[to + 6] ?? 0) + credited - Math.floor(interchange * mid + 0.5);
      sums[to + 7] = (sums[to + 7] ?? 0) + settlement;
      sums[to + 8] = (sums[to + 8] ?? 0) + Math.floor(interchange * settle + 0.5);
      sums[to + 9] = (sums[to + 9] ?? 0) + Math.floor((settlement * feeAcquirerBps + 5_000) * 1e-4);
      sums[to + 10] = (sums[to + 10] ?? 0) + Math.floor((amount * mdrBps + 5_000) * 1e-4);
      if ((w6[i] ?? 0) >= refundEdge) sums[to + 11] = (sums[to + 11] ?? 0) + amount;
      const place = area * 2;
      places[place] = (places[place] ?? 0) + 1;
      places[place + 1] = (places[place + 1] ?? 0) + amount;
      const shelf = (areaCount + category) * 2;
      places[shelf] = (places[shelf] ?? 0) + 1;
      places[shelf + 1] = (places[shelf + 1] ?? 0) + amount;
    }
  }
}

/** xoshiro128**, written out once more. */
function fill(column: Uint32Array, count: number, state: Uint32Array, at: number): void {
  let [a, b] = [(state[at] ?? 0) | 0, (state[at + 1] ?? 0) | 0];
  let [c, d] = [(state[at + 2] ?? 0) | 0, (state[at + 3] ?? 0) | 0];
  for (let i = 0; i < count; i++) {
    const scrambled = Math.imul(b, 5);
    column[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state[at] = a;
  state[at + 1] = b;
  state[at + 2] = c;
  state[at + 3] = d;
}
