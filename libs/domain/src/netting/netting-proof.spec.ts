/*
 * Goal: a right proof passes, and no single figure of it can be changed without being noticed.
 * Method: one proof by hand, of a wallet and an acquirer with a payment and a refund; then every
 * number in it is changed by one, one at a time, and every entry of every list left out.
 */
import { netFlows, type PairFlow } from './net-flows.js';
import { checkProof, type NettingProof } from './netting-proof.js';

const flows: PairFlow[] = [
  {
    participant: 'wal_t',
    counterparty: 'acq_k',
    currency: 'THB',
    counterCurrency: 'JPY',
    pays: 28_286n,
    receives: 7_000n,
    items: 2,
  },
  {
    participant: 'acq_k',
    counterparty: 'wal_t',
    currency: 'JPY',
    counterCurrency: 'THB',
    pays: 300n,
    receives: 1_180n,
    items: 2,
  },
];

const proof: NettingProof = {
  cycle: 'cyc_20261120',
  flows,
  books: [
    { owner: 'wal_t', account: 'walletReceivable', currency: 'THB', of: null, minor: 21_286n },
    { owner: 'hub', account: 'fxPosition', currency: 'THB', of: null, minor: -21_086n },
    { owner: 'hub', account: 'fxMargin', currency: 'THB', of: null, minor: -200n },
    { owner: 'acq_k', account: 'acquirerPayable', currency: 'JPY', of: null, minor: -880n },
    { owner: 'hub', account: 'fxPosition', currency: 'JPY', of: null, minor: 880n },
    { owner: 'hub', account: 'fxPositionUsd', currency: 'USD', of: 'THB', minor: 600n },
    { owner: 'hub', account: 'fxPositionUsd', currency: 'USD', of: 'JPY', minor: -600n },
  ],
  models: netFlows(flows),
  obligations: [
    {
      participant: 'wal_t',
      role: 'wallet',
      currency: 'THB',
      own: 21_286n,
      carriedIn: 0n,
      minor: 21_286n,
      minimum: 100n,
      state: 'due',
      valueDate: '2026-11-24',
      currencies: ['THB', 'JPY'],
      reason: 'next business day',
    },
    {
      participant: 'acq_k',
      role: 'acquirer',
      currency: 'JPY',
      own: -880n,
      carriedIn: 30n,
      minor: -850n,
      minimum: 1_000n,
      state: 'carried',
      valueDate: null,
      currencies: ['JPY', 'THB'],
      reason: 'below the minimum',
    },
  ],
};

type Change = { readonly what: string; readonly proof: NettingProof };

/** Every number one larger, every list one entry shorter, every state another one. */
function* changesOf(value: unknown, path: string): Generator<[string, unknown]> {
  if (typeof value === 'bigint') yield [path, value + 1n];
  else if (typeof value === 'number') yield [path, value + 1];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object')
        yield [`${path} without ${String(index)}`, value.toSpliced(index, 1)];
      for (const [where, changed] of changesOf(item, `${path}.${String(index)}`)) {
        yield [where, value.with(index, changed)];
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const [where, changed] of changesOf(item, `${path}.${key}`)) {
        yield [where, { ...value, [key]: changed }];
      }
    }
  }
}

const changes = [...changesOf(proof, 'proof')].map(([what, changed]): Change => ({
  what,
  proof: changed as NettingProof,
}));

describe('a netting proof', () => {
  it('passes as it is', () => {
    expect(checkProof(proof).flatMap(({ faults }) => faults)).toEqual([]);
  });

  // A larger minimum below the amount changes nothing that could be paid wrongly.
  const harmless = changes.filter(({ what }) => what.endsWith('minimum'));
  it.each(changes.filter((change) => !harmless.includes(change)))(
    'fails with another $what',
    (c) => {
      expect(checkProof(c.proof).flatMap(({ faults }) => faults).length).toBeGreaterThan(0);
    },
  );

  it('is changed in many places', () => {
    expect(changes.length - harmless.length).toBeGreaterThan(45);
    expect(harmless).toHaveLength(2);
  });

  it.each([
    ['a small amount that is due', 1, { state: 'due', valueDate: '2026-11-24' }],
    ['a large amount that is carried', 0, { state: 'carried', valueDate: null }],
    ['an obligation without a day', 0, { valueDate: null }],
  ] as const)('fails with %s', (_what, index, change) => {
    const obligations = proof.obligations.map((o, i) => (i === index ? { ...o, ...change } : o));
    const faults = checkProof({ ...proof, obligations }).filter((f) => f.faults.length > 0);
    expect(faults.map(({ name }) => name)).toEqual(['amounts-due']);
  });
});
