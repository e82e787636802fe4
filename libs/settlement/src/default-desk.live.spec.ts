/*
 * Goal: a default is borne layer by layer, in the books too, and ends what the defaulter could still
 * do; the survivors then pay their shares like any other obligation.
 * Method: one wallet that stops paying after a day with another wallet and two acquirers in the same
 * currency; prefund, a receivable and little capital, so that every layer is reached.
 */
import { AccountBook, ledgerChecks, OutboxBell, setHubClock } from '#ledger';
import { settableClock } from '#platform/clock';
import { seededIds } from '#platform/id-source';
import { paymentChecks } from '#payments';
import { runChecks } from '#platform/invariant-check';
import { createLogger } from '#platform/telemetry/logger';
import { postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase } from '#testkit/database';
import { playCycle, prepareSettlement, type TrafficCase } from '#testkit/settlement-cases';
import { DefaultDesk } from './default-desk.js';
import { PrefundDesk } from './prefund-desk.js';
import { setBehaviour } from './settlement-bank.js';
import { settlementChecks } from './settlement-checks.js';
import { SettlementDesk } from './settlement-desk.js';
import { SettlementKeeper } from './settlement-keeper.js';
import { SettlementRuns } from './settlement-runs.js';

const log = createLogger({ name: 'test', level: 'silent' });
const CHECKS = [
  ...ledgerChecks,
  ...settlementChecks,
  ...paymentChecks.filter(({ name }) => name === 'exposure-equals-payments'),
];

function traffic(wallet: string, acquirer: string, minor: bigint): TrafficCase {
  return { wallet, owes: minor, acquirer, receives: minor };
}

it('spreads a loss over prefund, receivables, capital and survivors, and stops the defaulter', async () => {
  const db = await openTestDatabase();
  const { dataSource } = db;
  const { manager } = dataSource;
  const book = new AccountBook();
  const ids = seededIds(11);
  const prefunds = new PrefundDesk(book, ids);
  const desk = new SettlementDesk(book, ids);
  const defaults = new DefaultDesk(book, ids, prefunds, new Map([['USD', 30_000n]]));
  const runs = new SettlementRuns(dataSource, ids, settableClock(0), log);
  const parts = { runs, desk, prefunds, bell: new OutboxBell() };
  const keeper = new SettlementKeeper(dataSource, parts, { simulatedBank: true }, log);
  const declare = () =>
    dataSource.transaction((tx) =>
      defaults.declare(tx, { participantId: 'wal_gone', reason: 'insolvent', by: 'ana' }),
    );
  try {
    await prepareSettlement(dataSource);
    await manager.query(`UPDATE exposures SET prefund = 20000 WHERE participant_id = 'wal_gone'`);
    await setBehaviour(manager, 'wal_gone', { behaviour: 'fail', shareBps: 5_000 });
    expect(await declare()).toMatchObject({ rejection: { code: 'PRECONDITION_FAILED' } });
    // 100,000 are owed of Thursday; Friday's refund of 10,000 makes it a creditor.
    const cycleId = await playCycle(dataSource, book, '2026-11-19', [
      traffic('wal_gone', 'acq_yodo', 100_000n),
      traffic('wal_dollar', 'acq_yodo', 20_000n),
      traffic('wal_dollar', 'acq_hudson', 40_000n),
    ]);
    await playCycle(dataSource, book, '2026-11-20', [
      { ...traffic('wal_gone', 'acq_yodo', 10_000n), refund: { released: 10_000n, held: 0n } },
    ]);
    await keeper.turn();
    await setHubClock(manager, Date.parse('2026-11-23T09:00:00+08:00'));
    await keeper.turn();
    const declared = await declare();
    // 40,000 are left for traffic of 120,000, 60,000 and 40,000: 2/11 of it, and 6/11, and 3/11.
    expect(declared).toMatchObject({
      ok: true,
      value: {
        layers: [
          {
            currency: 'USD',
            lossMinor: 100_000n,
            prefundMinor: 20_000n,
            receivablesMinor: 10_000n,
            hubCapitalMinor: 30_000n,
            residualMinor: 0n,
            survivors: [
              { participantId: 'acq_hudson', minor: 7_273n },
              { participantId: 'acq_yodo', minor: 21_818n },
              { participantId: 'wal_dollar', minor: 10_909n },
            ],
          },
        ],
      },
    });
    await postOutbox(manager);
    const states = async (): Promise<string[]> =>
      (
        await manager.query<{ text: string }[]>(
          `SELECT participant_id || ' ' || role || ' ' || minor || ' ' || state AS text
           FROM obligations WHERE cycle_id = $1 OR participant_id = 'wal_gone'
           ORDER BY participant_id, role, minor`,
          [cycleId],
        )
      ).map(({ text }) => text);
    expect((await states()).filter((text) => text.startsWith('wal_gone'))).toEqual([
      'wal_gone wallet -10000 settled',
      'wal_gone wallet 100000 defaulted',
    ]);
    const [exposure] = await manager.query<Record<string, string>[]>(
      `SELECT cap, prefund, outstanding FROM exposures WHERE participant_id = 'wal_gone'`,
    );
    // Of 90,000 held, cover and set-off let go 30,000, and the paid-out credit gave back 10,000.
    expect(exposure).toEqual({ cap: '0', prefund: '0', outstanding: '70000' });
    const sound = async () => {
      await postOutbox(manager);
      const results = await runChecks(dataSource, CHECKS);
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
    };
    await sound();
    await setHubClock(manager, Date.parse('2026-11-24T09:00:00+08:00'));
    await keeper.turn();
    expect((await states()).filter((text) => text.includes('lossShare'))).toEqual([
      'acq_hudson lossShare 7273 settled',
      'acq_yodo lossShare 21818 settled',
      'wal_dollar lossShare 10909 settled',
    ]);
    await sound();
    const left = await manager.query<{ text: string }[]>(
      `SELECT a.owner || ' ' || a.kind || ' ' || sum(b.minor) AS text
       FROM account_balances b JOIN accounts a ON a.id = b.account_id
       WHERE a.kind IN ('walletReceivable', 'lossShare', 'prefund', 'hubCapital')
       GROUP BY a.owner, a.kind HAVING sum(b.minor) <> 0`,
    );
    expect(left.map(({ text }) => text)).toEqual(['hub hubCapital 30000']);
  } finally {
    await db.close();
  }
}, 30_000);
