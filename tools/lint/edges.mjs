/**
 * Who may import whom, as one table. The linter's walls, the architecture page and the test that
 * feeds the linter forbidden imports all read it, so the rule cannot mean three things.
 *
 * A key is a folder of `libs/` or `apps/`; its list names the other folders it may enter. What is
 * not listed is refused. The table has no loops, and the test beside it says so.
 */

const FOUNDATION = ['domain', 'contracts', 'platform'];

/** Libraries one may enter by any file; every other one is entered by its `index.ts` alone. */
export const OPEN_LIBRARIES = ['domain', 'contracts', 'platform', 'simulation', 'testkit'];

export const LIBRARY_EDGES = {
  domain: [],
  simulation: ['domain'],
  contracts: ['domain'],
  platform: ['domain', 'contracts'],
  wallets: [...FOUNDATION],
  acquirers: [...FOUNDATION],
  merchants: [...FOUNDATION],
  fx: [...FOUNDATION],
  ledger: [...FOUNDATION],
  corridors: [...FOUNDATION, 'wallets', 'acquirers', 'merchants'],
  payments: [...FOUNDATION, 'corridors', 'wallets', 'acquirers', 'merchants', 'fx', 'ledger'],
  clearing: [...FOUNDATION, 'payments', 'ledger'],
  settlement: [
    ...FOUNDATION,
    'clearing',
    'payments',
    'ledger',
    'fx',
    'corridors',
    'wallets',
    'acquirers',
    'merchants',
  ],
  reconciliation: [...FOUNDATION, 'settlement', 'payments', 'ledger', 'wallets', 'acquirers'],
  disputes: [...FOUNDATION, 'payments', 'corridors', 'wallets', 'acquirers'],
  onboarding: [...FOUNDATION, 'wallets', 'acquirers', 'payments'],
  coverage: [...FOUNDATION, 'corridors', 'wallets', 'acquirers', 'merchants'],
  agents: [...FOUNDATION, 'payments'],
  scenarios: [...FOUNDATION, 'simulation', 'corridors', 'fx', 'settlement'],
  'simulation-runs': [...FOUNDATION, 'simulation', 'scenarios', 'clearing'],
  verification: [
    ...FOUNDATION,
    'payments',
    'ledger',
    'clearing',
    'settlement',
    'reconciliation',
    'disputes',
    'fx',
  ],
};

const FEATURES = Object.keys(LIBRARY_EDGES).filter((name) => !OPEN_LIBRARIES.includes(name));

/** Test tools see every library, and no shipped code sees them. */
export const TESTKIT_EDGES = [...FOUNDATION, 'simulation', ...FEATURES];

/**
 * The sandbox plays the partners, so it knows the wire and nothing behind it: a feature imported
 * there would let a simulated partner read what a real one never could. The command line is the
 * one composition root that may start the others, each by its `index.ts`.
 */
export const APP_EDGES = {
  hub: [...FOUNDATION, ...FEATURES],
  clearing: [...FOUNDATION, ...FEATURES, 'simulation'],
  sandbox: [...FOUNDATION],
  cli: [...FOUNDATION, ...FEATURES, 'simulation', 'app:hub', 'app:clearing', 'app:sandbox'],
};
