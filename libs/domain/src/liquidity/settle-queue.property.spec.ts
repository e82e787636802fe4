/*
 * Goal: no algorithm overdraws anybody or settles anything twice, and partial multilateral netting
 * settles everything FIFO does, and more where a gridlock holds the queue.
 * Method: random traces with little money; every run is replayed step by step on balances of our
 * own. Gridlocks that can be checked by hand stand beside them.
 */
import fc from 'fast-check';
import {
  QUEUE_ALGORITHMS,
  settleQueue,
  type LiquidityTrace,
  type QueuedTransfer,
} from './settle-queue.js';

const NAMES = ['a', 'b', 'c', 'd'];
const trace: fc.Arbitrary<LiquidityTrace> = fc.record({
  currency: fc.constant('JPY'),
  balances: fc.record(
    Object.fromEntries(NAMES.map((who) => [who, fc.bigInt({ min: 0n, max: 60n })])),
  ),
  transfers: fc
    .array(
      fc.record({
        from: fc.constantFrom(...NAMES),
        to: fc.constantFrom(...NAMES),
        minor: fc.bigInt({ min: 1n, max: 100n }),
        arrives: fc.nat({ max: 3 }),
      }),
      { maxLength: 25 },
    )
    .map((list) =>
      list
        .filter(({ from, to }) => from !== to)
        .map((transfer, index): QueuedTransfer => ({ ...transfer, id: `t${String(index)}` })),
    ),
});

function replay({ balances, transfers }: LiquidityTrace, steps: readonly (readonly string[])[]) {
  const now = new Map(Object.entries(balances));
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  for (const step of steps) {
    for (const id of step) {
      const transfer = byId.get(id);
      if (transfer === undefined) throw new Error(`${id} settled twice or never existed`);
      byId.delete(id);
      now.set(transfer.from, (now.get(transfer.from) ?? 0n) - transfer.minor);
      now.set(transfer.to, (now.get(transfer.to) ?? 0n) + transfer.minor);
    }
    expect([...now.values()].filter((minor) => minor < 0n)).toEqual([]);
  }
  return { left: [...byId.keys()], balances: now };
}

describe('settling against limited liquidity', () => {
  it.each(QUEUE_ALGORITHMS)('%s never overdraws and never settles twice', (algorithm) => {
    fc.assert(
      fc.property(trace, (t) => {
        const result = settleQueue(t, algorithm);
        const { left, balances } = replay(t, result.steps);
        expect(result.unsettled).toEqual(left);
        expect(result.settled + left.length).toBe(t.transfers.length);
        for (const [who, minor] of balances) expect(result.balances[who]).toBe(minor);
        const total = t.transfers.reduce((sum, { minor }) => sum + minor, 0n);
        expect(result.settledMinor + result.unsettledMinor).toBe(total);
      }),
      { numRuns: 300 },
    );
  });

  it('FIFO and the netting ones keep each sender’s order', () => {
    fc.assert(
      fc.property(trace, fc.constantFrom('fifo', 'offsetting', 'multilateral'), (t, algorithm) => {
        const left = new Set(settleQueue(t, algorithm).unsettled);
        for (const who of NAMES) {
          const own = t.transfers
            .filter(({ from }) => from === who)
            .map((transfer, index) => ({ ...transfer, index }))
            .sort((a, b) => a.arrives - b.arrives || a.index - b.index);
          const firstLeft = own.findIndex(({ id }) => left.has(id));
          const settledAfter = own.slice(firstLeft).filter(({ id }) => !left.has(id));
          expect(firstLeft === -1 ? [] : settledAfter).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('multilateral netting settles all that FIFO and offsetting settle', () => {
    let more = 0;
    fc.assert(
      fc.property(trace, fc.constantFrom('fifo', 'offsetting'), (t, algorithm) => {
        const few = new Set(settleQueue(t, algorithm).unsettled);
        const { unsettled } = settleQueue(t, 'multilateral');
        expect(unsettled.filter((id) => !few.has(id))).toEqual([]);
        if (unsettled.length < few.size) more += 1;
      }),
      { numRuns: 400 },
    );
    expect(more).toBeGreaterThan(10);
  });

  it('resolves a ring that holds everybody else', () => {
    const ring: LiquidityTrace = {
      currency: 'JPY',
      balances: { a: 10n, b: 0n, c: 0n },
      transfers: [
        { id: 'ab', from: 'a', to: 'b', minor: 50n, arrives: 0 },
        { id: 'bc', from: 'b', to: 'c', minor: 45n, arrives: 0 },
        { id: 'ca', from: 'c', to: 'a', minor: 40n, arrives: 0 },
      ],
    };
    expect(settleQueue(ring, 'fifo').settled).toBe(0);
    expect(settleQueue(ring, 'bypass').settled).toBe(0);
    expect(settleQueue(ring, 'offsetting').settled).toBe(0);
    expect(settleQueue(ring, 'multilateral')).toMatchObject({
      steps: [['ab', 'bc', 'ca']],
      settledMinor: 135n,
      balances: { a: 0n, b: 5n, c: 5n },
      liquidityUsedMinor: 10n,
    });
  });

  it('lets small transfers pass by bypass, and facing ones by offsetting', () => {
    const t: LiquidityTrace = {
      currency: 'JPY',
      balances: { a: 30n, b: 0n },
      transfers: [
        { id: 'big', from: 'a', to: 'b', minor: 90n, arrives: 0 },
        { id: 'small', from: 'a', to: 'b', minor: 20n, arrives: 0 },
        { id: 'back', from: 'b', to: 'a', minor: 70n, arrives: 1 },
      ],
    };
    expect(settleQueue(t, 'fifo').settled).toBe(0);
    expect(settleQueue(t, 'bypass').unsettled).toEqual(['big', 'back']);
    expect(settleQueue(t, 'offsetting')).toMatchObject({
      steps: [['big', 'back']],
      unsettled: ['small'],
      rounds: 2,
      waitedRounds: 1,
    });
  });
});
