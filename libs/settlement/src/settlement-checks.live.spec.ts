/*
 * Goal: every check finds its own kind of fault and names the row, and nothing else cries wolf.
 * Method: a healthy database with a day that was paid, small amounts that were carried, a deposit
 * and a default; then one planted fault at a time, with triggers and constraints switched off.
 */
import { AccountBook, OutboxBell, setHubClock } from '#ledger';
import { settableClock } from '#platform/clock';
import { seededIds } from '#platform/id-source';
import { runChecks } from '#platform/invariant-check';
import { createLogger } from '#platform/telemetry/logger';
import { postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { alarmsOf } from '#testkit/planted-fault';
import { playCycle, prepareSettlement } from '#testkit/settlement-cases';
import { DefaultDesk } from './default-desk.js';
import { PrefundDesk } from './prefund-desk.js';
import { setBehaviour } from './settlement-bank.js';
import { settlementChecks } from './settlement-checks.js';
import { SettlementDesk } from './settlement-desk.js';
import { SettlementKeeper } from './settlement-keeper.js';
import { SettlementRuns } from './settlement-runs.js';

/** What the columns' own rules would refuse is a fault that they cannot have let by. */
const UNCONSTRAINED = ['obligations_ended', 'obligations_released']
  .map((name) => `ALTER TABLE obligations DROP CONSTRAINT ${name}`)
  .join(';');
const log = createLogger({ name: 'test', level: 'silent' });

async function playHealthy(db: TestDatabase): Promise<void> {
  const { dataSource } = db;
  const book = new AccountBook();
  const ids = seededIds(3);
  const desk = new SettlementDesk(book, ids);
  const prefunds = new PrefundDesk(book, ids);
  const runs = new SettlementRuns(dataSource, ids, settableClock(0), log);
  const parts = { runs, desk, prefunds, bell: new OutboxBell() };
  const keeper = new SettlementKeeper(dataSource, parts, { simulatedBank: true }, log);
  await prepareSettlement(dataSource);
  await dataSource.query(`UPDATE exposures SET prefund = 900 WHERE participant_id = 'wal_gone'`);
  await setBehaviour(dataSource.manager, 'wal_gone', { behaviour: 'fail', shareBps: 5_000 });
  await playCycle(dataSource, book, '2026-11-23', [
    { wallet: 'wal_siam', owes: 90_000n, acquirer: 'acq_kamo', receives: 400n },
    { wallet: 'wal_gone', owes: 7_000n, acquirer: 'acq_yodo', receives: 7_000n },
  ]);
  await playCycle(dataSource, book, '2026-11-24', [
    { wallet: 'wal_siam', owes: 80_000n, acquirer: 'acq_kamo', receives: 300n },
  ]);
  await keeper.turn();
  await setHubClock(dataSource.manager, Date.parse('2026-11-27T09:00:00+08:00'));
  await keeper.turn();
  const defaults = new DefaultDesk(book, ids, prefunds, new Map());
  await dataSource.transaction((tx) =>
    defaults.declare(tx, { participantId: 'wal_gone', reason: 'gone', by: 'ana' }),
  );
  await postOutbox(dataSource.manager);
}

/** Fault, the checks that must fail, and what the first offender must name. */
const FAULTS: readonly [string, readonly string[], string, string][] = [
  [
    'an obligation that is not what the books say',
    ['obligations-equal-ledger', 'settlement-zero-sum'],
    'cyc_20261123 wal_siam THB',
    `UPDATE obligations SET own_minor = own_minor + 1, minor = minor + 1
     WHERE participant_id = 'wal_siam' AND cycle_id = 'cyc_20261123'`,
  ],
  [
    'an obligation that is gone',
    ['obligations-equal-ledger', 'settlement-zero-sum', 'carried-amounts-arrive'],
    'cyc_20261124 acq_kamo JPY',
    `DELETE FROM obligations WHERE participant_id = 'acq_kamo' AND cycle_id = 'cyc_20261124'`,
  ],
  [
    'a carried amount that went nowhere',
    ['carried-amounts-arrive'],
    'cyc_20261124 acq_kamo JPY',
    `UPDATE obligations SET carried_to = NULL WHERE carried_to IS NOT NULL`,
  ],
  [
    'an obligation settled by nobody',
    ['settled-equals-payments'],
    'obl_',
    `UPDATE obligations SET settled_minor = settled_minor - 1
     WHERE id IN (SELECT obligation_id FROM settlement_payments WHERE state = 'confirmed' LIMIT 1)`,
  ],
  [
    'a confirmed payment that is not booked',
    ['settlement-payments-booked'],
    'ent_',
    `UPDATE settlement_payments SET entry_id = 'ent_lost'
     WHERE id = (SELECT min(id) FROM settlement_payments WHERE state = 'confirmed')`,
  ],
  [
    'a payment that says more than the books',
    ['settled-equals-payments', 'settlement-payments-booked'],
    'obl_',
    `UPDATE settlement_payments SET minor = minor + 1, confirmed_minor = confirmed_minor + 1
     WHERE id = (SELECT min(id) FROM settlement_payments WHERE state = 'confirmed')`,
  ],
  [
    'exposure let go although no money came',
    ['exposure-released-only-by-settlement'],
    'spm_',
    `UPDATE exposure_releases SET cause_id = (SELECT min(id) FROM settlement_payments
                                              WHERE state = 'failed')
     WHERE cause = 'payment'`,
  ],
  [
    'a release that nobody wrote down',
    ['exposure-released-only-by-settlement'],
    'obl_',
    `UPDATE obligations SET released_minor = released_minor + 5, exposure_minor = exposure_minor + 5
     WHERE participant_id = 'wal_siam' AND cycle_id = 'cyc_20261123'`,
  ],
  [
    'a deposit that is not in the books',
    ['prefund-in-books'],
    'wal_gone USD',
    `INSERT INTO prefund_movements (id, participant_id, currency, minor, kind, reference, moved_by, at)
     VALUES ('pfm_x', 'wal_gone', 'USD', 5, 'deposit', 'x', 'x', now())`,
  ],
  [
    'a survivor whose share is gone',
    ['default-borne-in-full'],
    'USD',
    `DELETE FROM obligations WHERE role = 'lossShare'`,
  ],
  [
    'a final cycle that cannot be netted',
    ['final-cycle-is-netted'],
    'cyc_20261125',
    `INSERT INTO cycles (id, kind, starts_at, ends_at, state, closed_at, final_at, members)
     VALUES ('cyc_20261125', 'daily', '2026-11-24T16:00:00Z', '2026-11-25T16:00:00Z', 'final',
             '2026-11-25T16:00:00Z', '2026-11-25T16:30:00Z', 0)`,
  ],
];

describe('settlement checks', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await playHealthy(db);
  }, 30_000);
  afterAll(() => db.close());

  it('find nothing in a healthy database', async () => {
    const results = await runChecks(db.dataSource, settlementChecks);
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(results).toHaveLength(settlementChecks.length);
  });

  it.each(FAULTS)('find %s', async (_what, failing, offender, sql) => {
    const ringing = await alarmsOf(db.dataSource, settlementChecks, `${UNCONSTRAINED}; ${sql}`);
    expect([...ringing.keys()]).toEqual(failing);
    expect(ringing.get(failing[0] ?? '')?.[0]).toContain(offender);
  });

  it('have a planted fault each', () => {
    const planted = new Set(FAULTS.flatMap(([, failing]) => failing));
    const names = settlementChecks.map(({ name }) => name);
    expect(names.filter((name) => !planted.has(name))).toEqual([]);
  });
});
