/*
 * Goal: a final cycle becomes obligations that equal the books, is paid on its value date whatever
 * the bank answers, and lets exposure go for money that arrived, to the minor unit.
 * Method: clearing days played on the hub's clock over a real PostgreSQL; amounts are small enough
 * to be added up by hand in the test. After each story every check of ledger and settlement holds.
 */
import { checkProof } from '#domain/netting/netting-proof';
import { nettingProofFile, proofOfFile } from '#contracts/netting-proof';
import { AccountBook, ledgerChecks, OutboxBell, setHubClock } from '#ledger';
import { settableClock } from '#platform/clock';
import { seededIds } from '#platform/id-source';
import { paymentChecks } from '#payments';
import { runChecks } from '#platform/invariant-check';
import { createLogger } from '#platform/telemetry/logger';
import { postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { playCycle, prepareSettlement } from '#testkit/settlement-cases';
import { PrefundDesk } from './prefund-desk.js';
import { hashOfProof } from './proof-file.js';
import { setBehaviour } from './settlement-bank.js';
import { settlementChecks } from './settlement-checks.js';
import { SettlementDesk } from './settlement-desk.js';
import { SettlementKeeper } from './settlement-keeper.js';
import { findRun, SettlementRuns } from './settlement-runs.js';

const log = createLogger({ name: 'test', level: 'silent' });
const CHECKS = [
  ...ledgerChecks,
  ...settlementChecks,
  ...paymentChecks.filter(({ name }) => name === 'exposure-equals-payments'),
];

interface Stage {
  readonly db: TestDatabase;
  readonly book: AccountBook;
  readonly desk: SettlementDesk;
  readonly prefunds: PrefundDesk;
  readonly keeper: SettlementKeeper;
  readonly at: (isoTime: string) => Promise<void>;
  /** `participant: state minor settled` of each obligation, in order. */
  readonly obligations: (cycleId: string) => Promise<string[]>;
  readonly exposureOf: (participant: string) => Promise<string>;
  readonly sound: () => Promise<void>;
}

async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const db = await openTestDatabase();
  const { dataSource } = db;
  const book = new AccountBook();
  const ids = seededIds(7);
  const desk = new SettlementDesk(book, ids);
  const prefunds = new PrefundDesk(book, ids);
  const runs = new SettlementRuns(dataSource, ids, settableClock(0), log);
  const parts = { runs, desk, prefunds, bell: new OutboxBell() };
  try {
    await prepareSettlement(dataSource);
    await work({
      db,
      book,
      desk,
      prefunds,
      keeper: new SettlementKeeper(dataSource, parts, { simulatedBank: true }, log),
      at: (isoTime) => setHubClock(dataSource.manager, Date.parse(isoTime)),
      obligations: async (cycleId) => {
        const rows = await dataSource.query<{ text: string }[]>(
          `SELECT participant_id || ': ' || state || ' ' || minor || ' ' || settled_minor AS text
           FROM obligations WHERE cycle_id = $1 ORDER BY participant_id`,
          [cycleId],
        );
        return rows.map(({ text }) => text);
      },
      exposureOf: async (participant) => {
        const [row] = await dataSource.query<{ outstanding: string }[]>(
          'SELECT outstanding FROM exposures WHERE participant_id = $1',
          [participant],
        );
        return row?.outstanding ?? 'none';
      },
      sound: async () => {
        await postOutbox(dataSource.manager);
        const results = await runChecks(dataSource, CHECKS);
        expect(results.filter(({ ok }) => !ok)).toEqual([]);
      },
    });
  } finally {
    await db.close();
  }
}

// 2026-11-19 is a Thursday: two business days later is Monday the 23rd, which is a holiday in Japan.
const THURSDAY = [
  { wallet: 'wal_siam', owes: 28_286n, acquirer: 'acq_kamo', receives: 118_000n, count: 3 },
  { wallet: 'wal_hangang', owes: 90_000n, acquirer: 'acq_yodo', receives: 6_200n },
] as const;

describe('a final cycle', () => {
  it(
    'is netted once, proven, paid on its value date, and only then let go',
    () =>
      withStage(async ({ db, book, keeper, at, obligations, exposureOf, sound }) => {
        const cycleId = await playCycle(db.dataSource, book, '2026-11-19', THURSDAY);
        await Promise.all([keeper.turn(), keeper.turn()]);
        expect(await obligations(cycleId)).toEqual([
          'acq_kamo: due -354000 0',
          'acq_yodo: due -6200 0',
          'wal_hangang: due 90000 0',
          'wal_siam: due 84858 0',
        ]);
        const dates = await db.dataSource.query<{ dates: string[] }[]>(
          'SELECT array_agg(value_date::text ORDER BY participant_id) AS dates FROM obligations',
        );
        expect(dates[0]?.dates).toEqual(['2026-11-24', '2026-11-23', '2026-11-23', '2026-11-24']);
        await sound();

        const run = await findRun(db.dataSource.manager, cycleId);
        const file = nettingProofFile.parse(run?.proof);
        expect(checkProof(proofOfFile(file)).flatMap(({ faults }) => faults)).toEqual([]);
        expect(file.hash).toBe(hashOfProof(file));
        expect(file.flows).toHaveLength(4);
        expect(file.models.find(({ currency }) => currency === 'THB')).toMatchObject({
          gross: { transfers: 3, minor: '84858' },
          multilateral: { transfers: 1, minor: '84858' },
          hub: '-84858',
        });

        await at('2026-11-23T09:00:00+08:00');
        await keeper.turn();
        expect(await exposureOf('wal_hangang')).toBe('0');
        expect(await exposureOf('wal_siam')).toBe('84858');
        await at('2026-11-24T09:00:00+08:00');
        await Promise.all([keeper.turn(), keeper.turn()]);
        expect(await exposureOf('wal_siam')).toBe('0');
        expect(await obligations(cycleId)).toEqual([
          'acq_kamo: settled -354000 354000',
          'acq_yodo: settled -6200 6200',
          'wal_hangang: settled 90000 90000',
          'wal_siam: settled 84858 84858',
        ]);
        await sound();
        const nostro = await db.dataSource.query<{ text: string }[]>(
          `SELECT currency || ' ' || sum(minor) AS text FROM account_balances WHERE kind = 'nostro'
         GROUP BY currency ORDER BY 1`,
        );
        expect(nostro.map(({ text }) => text)).toEqual([
          'JPY -354000',
          'KRW 90000',
          'THB 84858',
          'USD -6200',
        ]);
      }),
    30_000,
  );

  it(
    'is paid later and in parts when the bank says so, day after day',
    () =>
      withStage(async ({ db, book, keeper, at, obligations, exposureOf, sound }) => {
        const { manager } = db.dataSource;
        const cycleId = await playCycle(db.dataSource, book, '2026-11-19', [THURSDAY[0]]);
        await keeper.turn();
        await setBehaviour(manager, 'wal_siam', { behaviour: 'fail', shareBps: 5_000 });
        await at('2026-11-24T09:00:00+08:00');
        await keeper.turn();
        await keeper.turn();
        expect((await obligations(cycleId))[1]).toBe('wal_siam: failed 84858 0');
        expect(await exposureOf('wal_siam')).toBe('84858');
        await setBehaviour(manager, 'wal_siam', { behaviour: 'partial', shareBps: 2_500 });
        await keeper.turn();
        expect((await obligations(cycleId))[1]).toBe('wal_siam: failed 84858 0');
        await at('2026-11-25T09:00:00+08:00');
        await keeper.turn();
        expect((await obligations(cycleId))[1]).toBe('wal_siam: partly 84858 21214');
        expect(await exposureOf('wal_siam')).toBe('63644');
        await sound();
        await setBehaviour(manager, 'wal_siam', { behaviour: 'pay', shareBps: 5_000 });
        await at('2026-11-26T09:00:00+08:00');
        await keeper.turn();
        expect((await obligations(cycleId))[1]).toBe('wal_siam: settled 84858 84858');
        expect(await exposureOf('wal_siam')).toBe('0');
        const attempts = await db.dataSource.query<{ text: string }[]>(
          `SELECT p.state || ' ' || p.due_on AS text FROM settlement_payments p
         JOIN obligations o ON o.id = p.obligation_id WHERE participant_id = 'wal_siam'
         ORDER BY attempt`,
        );
        expect(attempts.map(({ text }) => text)).toEqual([
          'failed 2026-11-24',
          'partial 2026-11-25',
          'confirmed 2026-11-26',
        ]);
        await sound();
      }),
    30_000,
  );

  it(
    'ends with exposures of nothing when refunds turn a wallet into a creditor',
    () =>
      withStage(async ({ db, book, keeper, at, obligations, exposureOf, sound }) => {
        const pays = { wallet: 'wal_siam', acquirer: 'acq_kamo' };
        await playCycle(db.dataSource, book, '2026-11-24', [
          { ...pays, owes: 100_000n, receives: 400_000n },
        ]);
        // The refund takes off all the exposure there is, and its last 10,000 nothing.
        const second = await playCycle(db.dataSource, book, '2026-11-25', [
          {
            ...pays,
            owes: 110_000n,
            receives: 440_000n,
            refund: { released: 100_000n, held: 40_000n },
          },
          { ...pays, owes: 40_000n, receives: 160_000n },
        ]);
        expect(await exposureOf('wal_siam')).toBe('40000');
        // By now the first day's 100,000 are due and arrive: more than the refund left of them.
        await keeper.turn();
        expect(await obligations(second)).toEqual([
          'acq_kamo: due 280000 0',
          'wal_siam: due -70000 0',
        ]);
        expect(await exposureOf('wal_siam')).toBe('0');
        await at('2026-12-30T09:00:00+08:00');
        for (let i = 0; i < 4; i++) await keeper.turn();
        expect(await obligations(second)).toEqual([
          'acq_kamo: settled 280000 280000',
          'wal_siam: settled -70000 70000',
        ]);
        expect([await exposureOf('wal_siam'), await exposureOf('acq_kamo')]).toEqual(['0', '0']);
        await sound();
      }),
    30_000,
  );

  it(
    'carries small amounts to the next cycle, where they are paid once',
    () =>
      withStage(async ({ db, book, keeper, obligations, sound }) => {
        const small = { wallet: 'wal_siam', owes: 200n, acquirer: 'acq_kamo', receives: 900n };
        const first = await playCycle(db.dataSource, book, '2026-11-24', [small]);
        await keeper.turn();
        expect(await obligations(first)).toEqual([
          'acq_kamo: carried -900 0',
          'wal_siam: carried 200 0',
        ]);
        const second = await playCycle(db.dataSource, book, '2026-11-25', [
          { ...small, owes: 70_000n, receives: 300n },
        ]);
        await keeper.turn();
        expect(await obligations(second)).toEqual([
          'acq_kamo: carried -1200 0',
          'wal_siam: due 70200 0',
        ]);
        await sound();
      }),
    30_000,
  );
});

describe('answers and cover', () => {
  it(
    'take one final answer for a payment, from an operator too',
    () =>
      withStage(async ({ db, book, keeper, desk, at, sound }) => {
        const { dataSource } = db;
        await setBehaviour(dataSource.manager, 'wal_siam', {
          behaviour: 'silent',
          shareBps: 5_000,
        });
        await playCycle(dataSource, book, '2026-11-19', [THURSDAY[0]]);
        await keeper.turn();
        await at('2026-11-24T09:00:00+08:00');
        await keeper.turn();
        const [payment] = await dataSource.query<{ id: string }[]>(
          `SELECT p.id FROM settlement_payments p JOIN obligations o ON o.id = p.obligation_id
         WHERE participant_id = 'wal_siam' AND p.state = 'instructed'`,
        );
        const answer = (minor: bigint) =>
          dataSource.transaction((tx) =>
            desk.answer(
              tx,
              payment?.id ?? '',
              { kind: 'confirmed', minor, bankReference: 'x' },
              'ana',
            ),
          );
        expect(await answer(84_859n)).toMatchObject({ rejection: { code: 'PARAM_ILLEGAL' } });
        const both = await Promise.all([answer(84_858n), answer(84_858n)]);
        expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
        await sound();
      }),
    30_000,
  );

  it(
    'books deposits, refuses to give back what is needed, and follows agreed terms',
    () =>
      withStage(async ({ db, prefunds, sound }) => {
        const { dataSource } = db;
        const move = (kind: 'deposit' | 'withdrawal', minor: bigint, reference: string) =>
          dataSource.transaction((tx) =>
            prefunds.move(tx, {
              participantId: 'wal_siam',
              currency: 'THB',
              kind,
              minor,
              reference,
              by: 'ana',
            }),
          );
        await dataSource.query(
          `UPDATE exposures SET prefund = 500 WHERE participant_id = 'wal_siam'`,
        );
        expect(await move('deposit', 1_000n, 'r1')).toMatchObject({
          value: { prefundMinor: 1_500n },
        });
        expect(await move('deposit', 1_000n, 'r1')).toMatchObject({
          value: { prefundMinor: 1_500n },
        });
        expect(await move('deposit', 999n, 'r1')).toMatchObject({
          rejection: { code: 'REPEAT_REQ_INCONSISTENT' },
        });
        expect(await move('withdrawal', 1_501n, 'r2')).toMatchObject({ ok: false });
        await dataSource.query(
          `UPDATE exposures SET cap = 0, reserved = 900 WHERE participant_id = 'wal_siam'`,
        );
        expect(await move('withdrawal', 601n, 'r3')).toMatchObject({
          rejection: { code: 'NET_DEBIT_CAP_EXCEEDED' },
        });
        expect(await move('withdrawal', 600n, 'r3')).toMatchObject({
          value: { prefundMinor: 900n },
        });
        await postOutbox(dataSource.manager);
        const [row] = await dataSource.query<{ minor: string }[]>(
          `SELECT sum(minor) AS minor FROM account_balances WHERE kind = 'prefund'`,
        );
        expect(row?.minor).toBe('-900');
        await dataSource.query('UPDATE exposures SET reserved = 0');
        await sound();
      }),
    30_000,
  );
});
