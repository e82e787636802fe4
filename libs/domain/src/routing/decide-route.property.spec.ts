/**
 * Goal: whatever the network, a route holds together and a refusal is earned. Method: generate
 * small networks with links missing and participants suspended at random, and check each answer
 * against the records themselves instead of against the code's own order of steps.
 */
import {
  ALL_MODES,
  CASE_CODE,
  CASE_JPQR,
  CASE_STORE,
  NOODLE_CODE,
  caseAcquirer,
  caseCorridor,
  caseEdge,
  caseMerchant,
  caseWallet,
} from '#testkit/network-cases';
import fc from 'fast-check';
import type { MerchantCode, ParticipantStatus } from '../network.js';
import type { RejectionCode } from '../rejection.js';
import { decideRoute, type RouteQuery } from './decide-route.js';
import { snapshotNetwork, type NetworkRecords } from './network-snapshot.js';

/** Mostly whole, so that enough payments get through to say something of routes too. */
const mostly = <T>(whole: T, else_: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(whole) }, { weight: 1, arbitrary: else_ });

const status = mostly<ParticipantStatus>('active', fc.constant('suspended'));
const modes = mostly(ALL_MODES, fc.subarray([...ALL_MODES]));

const acquirers = fc
  .array(
    fc.record({
      priority: fc.integer({ min: 0, max: 3 }),
      status,
      modes,
      schemes: mostly(['jpqr'], fc.subarray(['jpqr', 'other'])),
      currency: mostly('JPY', fc.constant('USD')),
    }),
    { maxLength: 4 },
  )
  .map((list) =>
    list.map((change, index) =>
      caseAcquirer({
        ...change,
        id: `acq_${String(index)}`,
        orderCodePrefix: `28170${String(index)}040001`,
      }),
    ),
  );

const records: fc.Arbitrary<NetworkRecords> = fc.record({
  wallets: fc.record({ status }).map((change) => [caseWallet(change)]),
  acquirers,
  merchants: fc
    .record({ status, acquirerId: mostly('acq_0', fc.constantFrom('acq_1', 'acq_9')) })
    .map((change) => [caseMerchant(change)]),
  stores: fc.constant([CASE_STORE]),
  merchantCodes: mostly<MerchantCode[]>([CASE_CODE], fc.constant([])),
  corridors: fc
    .tuple(mostly(true, fc.constant(false)), modes)
    .map(([present, allowed]) => (present ? [caseCorridor({ modes: allowed })] : [])),
  edges: mostly(
    [caseEdge(), caseEdge({ market: 'KR' })],
    fc.subarray([caseEdge(), caseEdge({ market: 'KR' })]),
  ),
  schemes: fc.constant([CASE_JPQR]),
});

const query: fc.Arbitrary<RouteQuery> = fc.record({
  walletId: fc.constantFrom('truemoney', 'truemoney', 'truemoney', 'nobody'),
  mode: fc.constantFrom(...ALL_MODES),
  target: fc.constantFrom<RouteQuery['target']>(
    { kind: 'code', accounts: [{ schemeId: 'jpqr', identifiers: NOODLE_CODE }] },
    { kind: 'merchant', merchantId: 'mer_noodles' },
    { kind: 'acquirer', acquirerId: 'acq_0', merchantId: 'mer_noodles' },
    { kind: 'acquirer', acquirerId: 'acq_1' },
    { kind: 'market', market: 'JP' },
    { kind: 'market', market: 'KR' },
  ),
});

const RUNS = { numRuns: 2_000, seed: 20_240_401 };

it('a route holds only active records that allow the mode and belong together', () => {
  let routed = 0;
  fc.assert(
    fc.property(records, query, (network, asked) => {
      const outcome = decideRoute(snapshotNetwork('1', network), asked);
      if (!outcome.ok) return;
      routed += 1;
      const { wallet, acquirer, merchant, store, corridor, edge, considered } = outcome.value;
      expect(wallet.status).toBe('active');
      expect(acquirer.status).toBe('active');
      expect(acquirer.modes).toContain(asked.mode);
      expect(corridor.modes).toContain(asked.mode);
      expect([corridor.homeMarket, corridor.acceptanceMarket]).toEqual([
        wallet.homeMarket,
        edge.market,
      ]);
      expect(edge.walletId).toBe(wallet.id);
      expect(acquirer.market).toBe(edge.market);
      if (merchant !== undefined) {
        expect(merchant.status).toBe('active');
        expect(merchant.market).toBe(edge.market);
        expect(acquirer.currency).toBe(merchant.currency);
        if (asked.target.kind !== 'code') expect(acquirer.id).toBe(merchant.acquirerId);
      }
      if (store !== undefined) expect(store.merchantId).toBe(merchant?.id);
      if (asked.target.kind === 'code') expect(acquirer.schemes).toContain('jpqr');
      expect(considered.filter((entry) => entry.chosen)).toEqual([
        expect.objectContaining({ acquirerId: acquirer.id }),
      ]);
    }),
    RUNS,
  );
  expect(routed).toBeGreaterThan(50);
});

it('a refusal is true of the records', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(records, query, (network, asked) => {
      const outcome = decideRoute(snapshotNetwork('1', network), asked);
      if (outcome.ok) return;
      seen.add(outcome.rejection.code);
      expect(outcome.rejection.detail).toMatch(/\.$/);
      const market = asked.target.kind === 'market' ? asked.target.market : 'JP';
      const given = asked.target.kind === 'acquirer' ? asked.target.acquirerId : undefined;
      const truths: Partial<Record<RejectionCode, () => boolean>> = {
        WALLET_UNKNOWN: () => asked.walletId === 'nobody',
        ACCEPTANCE_MISSING: () => network.edges.every((edge) => edge.market !== market),
        CORRIDOR_MISSING: () => network.corridors.every((c) => c.acceptanceMarket !== market),
        MERCHANT_NOT_REGISTERED: () =>
          network.merchantCodes.length === 0 || network.merchants[0]?.acquirerId !== given,
        INVALID_CONTRACT: () =>
          [...network.wallets, ...network.merchants, ...network.acquirers].some(
            (record) => record.status === 'suspended',
          ),
        CURRENCY_NOT_SUPPORT: () => network.acquirers.some(({ currency }) => currency === 'USD'),
      };
      expect(truths[outcome.rejection.code]?.() ?? true).toBe(true);
    }),
    RUNS,
  );
  for (const code of [
    'WALLET_UNKNOWN',
    'ACCEPTANCE_MISSING',
    'CORRIDOR_MISSING',
    'ACQUIRER_MISSING',
    'MERCHANT_NOT_REGISTERED',
    'MODE_NOT_SUPPORTED',
    'INVALID_CONTRACT',
  ]) {
    expect(seen).toContain(code);
  }
});

it('adding an acquirer never takes a way away from a code', () => {
  const code: RouteQuery = {
    walletId: 'truemoney',
    mode: 'nationalQr',
    target: { kind: 'code', accounts: [{ schemeId: 'jpqr', identifiers: NOODLE_CODE }] },
  };
  let compared = 0;
  fc.assert(
    fc.property(records, status, (network, newStatus) => {
      if (!decideRoute(snapshotNetwork('1', network), code).ok) return;
      compared += 1;
      const more = caseAcquirer({
        id: 'acq_new',
        orderCodePrefix: '281799040001',
        status: newStatus,
      });
      const grown = { ...network, acquirers: [...network.acquirers, more] };
      expect(decideRoute(snapshotNetwork('2', grown), code).ok).toBe(true);
    }),
    RUNS,
  );
  expect(compared).toBeGreaterThan(20);
});
