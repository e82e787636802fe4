/*
 * Goal: netting conserves money, whatever the flows: three models of the same data agree on who is
 * owed what, none moves more than the one before, and order is of no matter.
 * Method: random flows among few participants and currencies, so that pairs repeat and cancel out;
 * positions are recomputed by summing flow by flow.
 */
import fc from 'fast-check';
import { netFlows, type PairFlow } from './net-flows.js';

const participant = fc.constantFrom('acq_a', 'acq_b', 'wal_a', 'wal_b', 'wal_c');
const currency = fc.constantFrom('JPY', 'THB', 'KWD');
const flow: fc.Arbitrary<PairFlow> = fc
  .record({
    participant,
    counterparty: participant,
    currency,
    counterCurrency: currency,
    pays: fc.bigInt({ min: 0n, max: 1_000n }),
    receives: fc.bigInt({ min: 0n, max: 1_000n }),
    items: fc.integer({ min: 1, max: 9 }),
  })
  .filter((f) => f.participant !== f.counterparty);
const flows = fc.array(flow, { maxLength: 40 });

describe('netting', () => {
  it('sums to zero in each currency with the hub, and to each participant’s own flows', () => {
    fc.assert(
      fc.property(flows, (list) => {
        for (const net of netFlows(list)) {
          const total = net.positions.reduce((sum, p) => sum + p.minor, net.hub);
          expect(total).toBe(0n);
          for (const who of ['acq_a', 'acq_b', 'wal_a', 'wal_b', 'wal_c']) {
            const own = list
              .filter((f) => f.participant === who && f.currency === net.currency)
              .reduce((sum, f) => sum + f.pays - f.receives, 0n);
            expect(net.positions.find((p) => p.participant === who)?.minor ?? 0n).toBe(own);
          }
        }
      }),
    );
  });

  it('never moves more the more it nets, in value or in transfers', () => {
    fc.assert(
      fc.property(flows, (list) => {
        for (const { gross, bilateral, multilateral, ...net } of netFlows(list)) {
          expect(bilateral.minor <= gross.minor).toBe(true);
          expect(multilateral.minor <= bilateral.minor).toBe(true);
          expect(multilateral.transfers <= bilateral.transfers).toBe(true);
          expect(bilateral.transfers <= gross.transfers).toBe(true);
          expect(net.bilateralSavedBps).toBeLessThanOrEqual(net.multilateralSavedBps);
        }
      }),
    );
  });

  it('does not depend on the order of the flows, or on the parts they come in', () => {
    fc.assert(
      fc.property(flows, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list
          .map((f) => ({ f, key: order.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ f }) => f);
        const halves = shuffled.flatMap((f): PairFlow[] => [
          { ...f, pays: f.pays / 2n, receives: 0n, items: 0 },
          { ...f, pays: f.pays - f.pays / 2n },
        ]);
        expect(netFlows(halves)).toEqual(netFlows(list));
      }),
    );
  });
});

describe('a day of two wallets in one country', () => {
  it('comes to figures that can be checked by hand', () => {
    const yen = (
      participant: string,
      counterparty: string,
      pays: bigint,
      receives: bigint,
      items: number,
    ): PairFlow => ({
      participant,
      counterparty,
      currency: 'JPY',
      counterCurrency: 'THB',
      pays,
      receives,
      items,
    });
    // A wallet pays 1,000 at one shop's acquirer and gets 400 back from the other's; each acquirer
    // has the mirror of it. 2,800 would move singly, 2,800 by pairs, and 600 + 1,000 + 400 by net.
    const [net] = netFlows([
      yen('wal_a', 'acq_a', 1_000n, 0n, 3),
      yen('wal_a', 'acq_b', 0n, 400n, 1),
      yen('acq_a', 'wal_a', 0n, 1_000n, 3),
      yen('acq_b', 'wal_a', 400n, 0n, 1),
    ]);
    expect(net).toEqual({
      currency: 'JPY',
      gross: { transfers: 8, minor: 2_800n },
      bilateral: { transfers: 4, minor: 2_800n },
      multilateral: { transfers: 3, minor: 2_000n },
      positions: [
        { participant: 'acq_a', minor: -1_000n },
        { participant: 'acq_b', minor: 400n },
        { participant: 'wal_a', minor: 600n },
      ],
      hub: 0n,
      bilateralSavedBps: 0n,
      multilateralSavedBps: 2_857n,
    });
  });
});
