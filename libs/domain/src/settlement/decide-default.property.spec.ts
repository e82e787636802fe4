/*
 * Goal: a default's loss is borne in full, in the agreed order, and never by more than a layer
 * holds; what is booked says the same and balances.
 * Method: random losses against random layers, from empty to far too large; the order is proven by
 * asking, for each layer that was touched, that the one before it is used up.
 */
import fc from 'fast-check';
import { unbalancedCurrencies } from '../journal.js';
import { decideDefault, entriesOfDefault, type DefaultContext } from './decide-default.js';
import { openMinor, type Obligation } from './obligation.js';

const amount = fc.bigInt({ min: 0n, max: 2_000n });
const owed = fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 1, maxLength: 4 });
const context = fc
  .record({
    unpaid: owed,
    receivables: fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { maxLength: 4 }),
    prefundMinor: amount,
    hubCapitalMinor: amount,
    weights: fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 5 }),
  })
  .map(({ unpaid, receivables, weights, ...layers }): DefaultContext => {
    const obligation = (minor: bigint, index: number): Obligation => ({
      id: `obl_${minor > 0n ? 'owed' : 'due'}${String(index)}`,
      cycleId: 'cyc_20261120',
      participantId: 'wal_gone',
      role: index % 2 === 0 ? 'wallet' : 'lossShare',
      currency: 'THB',
      minor,
      settledMinor: 0n,
      coveredMinor: 0n,
      exposureMinor: 0n,
      releasedMinor: 0n,
      state: 'failed',
    });
    return {
      ...layers,
      defaultId: 'def_1',
      participantId: 'wal_gone',
      currency: 'THB',
      unpaid: unpaid.map(obligation),
      receivables: receivables.map((minor, index) => obligation(-minor, index)),
      survivors: weights.map((weight, index) => ({ participantId: `p${String(index)}`, weight })),
    };
  });

const sum = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

describe('the waterfall of a default', () => {
  it('allocates the whole loss, layer after layer, none beyond what it holds', () => {
    let reached = 0;
    fc.assert(
      fc.property(context, (c) => {
        const w = decideDefault(c);
        const shares = sum(w.survivors.map(({ minor }) => minor));
        expect(w.lossMinor).toBe(sum(c.unpaid.map(openMinor)));
        expect(
          w.prefundMinor + w.receivablesMinor + w.hubCapitalMinor + shares + w.residualMinor,
        ).toBe(w.lossMinor);
        let left = w.lossMinor;
        for (const [used, holds] of [
          [w.prefundMinor, c.prefundMinor],
          [w.receivablesMinor, sum(c.receivables.map(openMinor))],
          [w.hubCapitalMinor, c.hubCapitalMinor],
        ] as const) {
          expect(used).toBe(smaller(left, holds));
          left -= used;
        }
        const anyone = c.survivors.some(({ weight }) => weight > 0n);
        expect([shares, w.residualMinor]).toEqual(anyone ? [left, 0n] : [0n, left]);
        if (shares > 0n) reached += 1;
      }),
    );
    expect(reached).toBeGreaterThan(5);
  });

  it('gives each survivor its share to the minor unit', () => {
    fc.assert(
      fc.property(context, (c) => {
        const w = decideDefault(c);
        const total = sum(w.survivors.map(({ minor }) => minor));
        const weights = sum(c.survivors.map(({ weight }) => weight));
        for (const { participantId, weight } of c.survivors) {
          const got = w.survivors.find((s) => s.participantId === participantId)?.minor ?? 0n;
          if (total === 0n) expect(got).toBe(0n);
          else {
            expect(got * weights).toBeGreaterThan(total * weight - weights);
            expect(got * weights).toBeLessThan(total * weight + weights);
          }
        }
      }),
    );
  });

  it('is booked in balanced entries that clear exactly what was owed', () => {
    fc.assert(
      fc.property(context, (c) => {
        const w = decideDefault(c);
        const entries = entriesOfDefault(c, w, 'cyc_20261120_s', ['ent_a', 'ent_b']);
        const lines = entries.flatMap((entry) => entry.lines);
        for (const entry of entries) expect(unbalancedCurrencies(entry.lines)).toEqual([]);
        const on = (kind: string): bigint =>
          sum(lines.filter((l) => l.account.kind === kind).map((l) => l.minor));
        expect(on('prefund')).toBe(w.prefundMinor);
        expect(on('hubCapital')).toBe(w.hubCapitalMinor + w.residualMinor);
        const own = lines.filter(
          (l) => l.account.owner === 'wal_gone' && l.account.kind !== 'prefund',
        );
        expect(sum(own.map((l) => l.minor))).toBe(w.receivablesMinor - w.lossMinor);
        const others = lines.filter((l) => l.account.owner.startsWith('p'));
        expect(others.map((l) => [l.account.owner, l.minor])).toEqual(
          w.survivors.map((s) => [s.participantId, s.minor]),
        );
        const covered = sum(
          w.covered.filter(({ obligation }) => obligation.minor < 0n).map(({ minor }) => minor),
        );
        expect(covered).toBe(w.receivablesMinor);
      }),
    );
  });
});
