/*
 * Goal: a closed cycle gets its numbers once whoever dies in between, and becomes final only when
 * nothing can change it any more; then nothing does, and what settles it has a place of its own.
 * Method: real rows in a PostgreSQL whose hub clock the test sets; races are played with open
 * transactions, and refusals are asked of the database by statements that bypass this library.
 */
import { jest } from '@jest/globals';
import type { CycleId } from '#domain/ids';
import type { AccountRef, EntryKind } from '#domain/journal';
import {
  AccountBook,
  assignCycle,
  closeCycle,
  currentSettlementPhase,
  cycleOf,
  finaliseCycle,
  findCycle,
  listReasonsToWait,
  setHubClock,
  stageEntries,
  type StagedEntry,
} from '#ledger';
import { createDataSource } from '#platform/database';
import { completePayments, postOutbox, storeCompleted } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import type { EntityManager } from 'typeorm';
import {
  clearingConditions,
  closeDueCycles,
  finaliseDueCycles,
  numberClosedCycles,
} from './cut-off.js';
import { listMembers, numberMembers } from './cycle-members.js';

jest.setTimeout(30_000);

/** 2026-11-21 at UTC+8 ends at 16:00 UTC. */
const NOON_MS = Date.UTC(2026, 10, 21, 4);
const END_MS = Date.UTC(2026, 10, 21, 16);
const FINAL_MS = END_MS + 30 * 60_000;
const CYCLE: CycleId = 'cyc_20261121';

let db: TestDatabase;
let book: AccountBook;
const manager = (): EntityManager => db.dataSource.manager;

beforeEach(async () => {
  db = await openTestDatabase();
  book = new AccountBook();
  await setHubClock(manager(), NOON_MS);
});
afterEach(() => db.close());

async function complete(...numbers: number[]): Promise<void> {
  expect(await completePayments(db.dataSource, book, numbers)).toBe(CYCLE);
}

async function closed(...numbers: number[]): Promise<void> {
  await complete(...numbers);
  await setHubClock(manager(), END_MS);
  expect((await closeDueCycles(db.dataSource, 1_000)).closed).toContain(CYCLE);
}

async function numbered(...numbers: number[]): Promise<void> {
  await closed(...numbers);
  await numberClosedCycles(db.dataSource);
  await postOutbox(manager());
}

function finalise() {
  return db.dataSource.transaction((tx) => finaliseCycle(tx, CYCLE, clearingConditions));
}

async function final(...numbers: number[]): Promise<void> {
  await numbered(...numbers);
  await setHubClock(manager(), FINAL_MS);
  expect(await finalise()).toEqual({ result: 'final' });
}

function contra(n: number, cycleId: CycleId = CYCLE): StagedEntry {
  const entry = entryCase(n, cycleId);
  return {
    ...entry,
    id: `${entry.id}c`,
    kind: 'paymentCancelled',
    event: `${entry.paymentId}:paymentCancelled`,
    lines: entry.lines.map(({ account, minor }) => ({ account, minor: -minor })),
  };
}

function transfer(kind: EntryKind, cycleId: CycleId): StagedEntry {
  const bank: AccountRef = { owner: 'hub', kind: 'nostro', currency: 'JPY' };
  const prefund: AccountRef = { owner: 'wal_truemoney', kind: 'prefund', currency: 'JPY' };
  return {
    id: `ent_${kind}`,
    kind,
    event: `${kind}:1`,
    paymentId: null,
    cycleId,
    traceId: null,
    lines: [
      { account: bank, minor: 5n },
      { account: prefund, minor: -5n },
    ],
  };
}

const idOf = (n: number): string => entryCase(n, CYCLE).paymentId;

describe('a close', () => {
  it('gives way to a payment that hangs, and neither loses it nor holds up the others', async () => {
    await complete(1);
    const hanging = db.dataSource.createQueryRunner();
    await hanging.startTransaction();
    const { cycleIds, completedAtMs } = await assignCycle(hanging.manager);
    expect(cycleIds.get('daily')).toBe(CYCLE);
    await storeCompleted(hanging.manager, book, [2], { cycleId: CYCLE, completedAtMs });
    await setHubClock(manager(), END_MS);
    expect(await closeDueCycles(db.dataSource, 50)).toEqual({ closed: [], gaveWay: true });
    expect(await completePayments(db.dataSource, book, [3])).toBe('cyc_20261122');
    await hanging.commitTransaction();
    await hanging.release();
    expect(await closeDueCycles(db.dataSource, 50)).toEqual({ closed: [CYCLE], gaveWay: false });
    expect(await numberClosedCycles(db.dataSource)).toEqual([{ id: CYCLE, members: 2 }]);
  });
});

describe('numbering', () => {
  it('counts payments and refunds together, by completion and then by id', async () => {
    const at = (n: number, completedAtMs: number) =>
      storeCompleted(manager(), book, [n], { cycleId: CYCLE, completedAtMs });
    await db.dataSource.transaction((tx) => assignCycle(tx));
    await at(3, NOON_MS + 1);
    await at(2, NOON_MS + 5);
    await at(1, NOON_MS + 5);
    await db.dataSource.query(
      `INSERT INTO refunds (id, payment_id, acquirer_id, acquirer_request_id, wallet_id, state,
         payment_currency, refund_minor, pay_to_currency, refund_from_minor, settlement_currency,
         settlement_minor, wallet_credit_minor, acquirer_debit_minor, interchange_minor, terms,
         held_minor, released_minor, created_at, completed_at, cycle_id, trace_id)
       VALUES ('ref_1', $1, 'acq_kyoto', 'r1', 'wal_truemoney', 'succeeded', 'JPY', 10, 'THB', 2,
         'JPY', 10, 2, 10, 0, '{}', 0, 2, now(), to_timestamp($2 / 1000.0), $3, 'trace')`,
      [idOf(3), NOON_MS + 5, CYCLE],
    );
    await setHubClock(manager(), END_MS);
    await closeDueCycles(db.dataSource, 1_000);
    expect(await numberClosedCycles(db.dataSource)).toEqual([{ id: CYCLE, members: 4 }]);
    const members = await listMembers(manager(), CYCLE, 0, 10);
    expect(members.map(({ no, kind, id }) => [no, kind, id])).toEqual([
      [1, 'payment', idOf(3)],
      [2, 'payment', idOf(1)],
      [3, 'payment', idOf(2)],
      [4, 'refund', 'ref_1'],
    ]);
    expect((await listMembers(manager(), CYCLE, 2, 1)).map(({ no }) => no)).toEqual([3]);
  });

  it('is done by the next keeper when one is killed after the close', async () => {
    await closed(1, 2);
    // Whoever closed is gone; nothing but the closed cycle is left.
    expect(await finalise()).toMatchObject({ result: 'waiting' });
    const heir = await createDataSource(db.url, { poolSize: 2 });
    expect(await numberClosedCycles(heir)).toEqual([{ id: CYCLE, members: 2 }]);
    await heir.destroy();
    expect(await numberClosedCycles(db.dataSource)).toEqual([]);
    expect((await findCycle(manager(), CYCLE))?.members).toBe(2);
  });

  it('leaves nothing behind when it is killed half-way, and is done again', async () => {
    await closed(1, 2, 3);
    const victim = await createDataSource(db.url, { poolSize: 1 });
    const killed = victim.transaction(async (tx) => {
      expect(await numberMembers(tx, CYCLE)).toBe(3);
      const [backend] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      await db.dataSource.query('SELECT pg_terminate_backend($1, 5000)', [backend?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(killed).rejects.toThrow();
    expect(await listMembers(manager(), CYCLE, 0, 9)).toEqual([]);
    expect(await numberClosedCycles(db.dataSource)).toEqual([{ id: CYCLE, members: 3 }]);
    await victim.destroy();
  });

  it('is done once by several at the same time', async () => {
    await closed(...Array.from({ length: 40 }, (_, i) => i + 1));
    const all = await Promise.all(
      [1, 2, 3, 4].map(() => db.dataSource.transaction((tx) => numberMembers(tx, CYCLE))),
    );
    expect(all.filter((members) => members !== null)).toEqual([40]);
    expect(await listMembers(manager(), CYCLE, 0, 99)).toHaveLength(40);
  });

  it('cannot be done early, again, or by hand', async () => {
    await complete(1);
    expect(await db.dataSource.transaction((tx) => numberMembers(tx, CYCLE))).toBeNull();
    const add = (cycle: string, no: number) =>
      db.dataSource.query(
        `INSERT INTO cycle_members VALUES ($1, $2, 'payment', 'pay_x', 'wal_x', 'acq_x')`,
        [cycle, no],
      );
    await expect(add(CYCLE, 1)).rejects.toThrow(/takes no numbers: it is open/);
    await setHubClock(manager(), END_MS);
    await closeDueCycles(db.dataSource, 1_000);
    await numberClosedCycles(db.dataSource);
    await expect(add(CYCLE, 2)).rejects.toThrow(/takes no numbers/);
    await expect(add('cyc_none', 1)).rejects.toThrow(/it is unknown/);
    await expect(db.dataSource.query('DELETE FROM cycle_members')).rejects.toThrow(/append-only/);
    await expect(
      db.dataSource.query(`UPDATE cycles SET members = 7 WHERE id = $1`, [CYCLE]),
    ).rejects.toMatchObject({ driverError: { constraint: 'cycles_forward_only' } });
  });

  it('holds a payment to its cycle', async () => {
    await closed(1);
    await expect(
      db.dataSource.query(`UPDATE payments SET cycle_id = 'cyc_20261122'`),
    ).rejects.toMatchObject({ driverError: { constraint: 'payments_cycle_fixed' } });
  });
});

describe('finality', () => {
  it('comes half an hour after the end of the day, not a moment before', async () => {
    await numbered(1);
    await setHubClock(manager(), FINAL_MS - 10_000);
    expect(await finalise()).toEqual({
      result: 'waiting',
      why: 'Payments in it can be cancelled; final from 2026-11-21T16:30:00.000Z.',
    });
    expect((await finaliseDueCycles(db.dataSource)).final).toEqual([]);
    await setHubClock(manager(), FINAL_MS);
    expect((await finaliseDueCycles(db.dataSource)).final).toEqual([CYCLE]);
    expect(await finalise()).toEqual({ result: 'alreadyFinal' });
    expect(await findCycle(manager(), `${CYCLE}_s`)).toMatchObject({
      kind: 'settlement',
      state: 'open',
      endsAtMs: null,
    });
  });

  it('comes once when several want it', async () => {
    await numbered(1);
    await setHubClock(manager(), FINAL_MS);
    const all = await Promise.all([finalise(), finalise(), finalise()]);
    expect(all.map(({ result }) => result).sort()).toEqual([
      'alreadyFinal',
      'alreadyFinal',
      'final',
    ]);
  });

  it('waits for cancels that are not confirmed, and for entries that are not posted', async () => {
    await numbered(1, 2);
    await setHubClock(manager(), FINAL_MS);
    await db.dataSource.query(
      `UPDATE payments SET state = 'cancelling', duty_kind = 'cancelAtWallet', duty_attempt = 0,
         duty_due_at = now() WHERE id = $1`,
      [idOf(1)],
    );
    expect(await finalise()).toMatchObject({ result: 'waiting', why: /^1 cancels in it/ });
    await db.dataSource.transaction(async (tx) => {
      await tx.query(
        `UPDATE payments SET state = 'cancelled', duty_kind = NULL, duty_attempt = NULL,
           duty_due_at = NULL WHERE id = $1`,
        [idOf(1)],
      );
      await stageEntries(tx, book, [contra(1)]);
    });
    expect(await finalise()).toMatchObject({ result: 'waiting', why: /^1 entries are not posted/ });
    expect(await listReasonsToWait(manager(), CYCLE, clearingConditions)).toHaveLength(1);
    await postOutbox(manager());
    expect(await finalise()).toEqual({ result: 'final' });
    expect(await listReasonsToWait(manager(), CYCLE, clearingConditions)).toEqual([]);
  });

  it('asks every condition it is given', async () => {
    await numbered(1);
    await setHubClock(manager(), FINAL_MS);
    const sealed = { name: 'sealed', unmet: () => Promise.resolve('The chain is not sealed.') };
    expect(await db.dataSource.transaction((tx) => finaliseCycle(tx, CYCLE, [sealed]))).toEqual({
      result: 'waiting',
      why: 'The chain is not sealed.',
    });
  });

  it('does not overtake a contra entry that is being staged, nor the other way round', async () => {
    await numbered(1);
    await setHubClock(manager(), FINAL_MS);
    const cancelling = db.dataSource.createQueryRunner();
    await cancelling.startTransaction();
    await stageEntries(cancelling.manager, book, [contra(1)]);
    const overtaking = finalise();
    await waitsFor('FOR NO KEY UPDATE');
    await cancelling.commitTransaction();
    expect(await overtaking).toMatchObject({ result: 'waiting' });
    await postOutbox(manager());

    const finalising = db.dataSource.createQueryRunner();
    await finalising.startTransaction();
    expect(await finaliseCycle(finalising.manager, CYCLE, [])).toEqual({ result: 'final' });
    await cancelling.startTransaction();
    const late = stageEntries(cancelling.manager, book, [{ ...contra(1), event: 'again' }]);
    const refused = expect(late).rejects.toThrow(/may not join cyc_20261121, which is final/);
    await waitsFor('staged_entries');
    await finalising.commitTransaction();
    await refused;
    await cancelling.rollbackTransaction();
    await Promise.all([cancelling.release(), finalising.release()]);
  });

  it('of a short cycle comes sooner', async () => {
    const hourly = await completePayments(db.dataSource, book, [1], { kind: 'hourly' });
    expect(hourly).toBe('cyc_20261121_h12');
    await setHubClock(manager(), NOON_MS + 3_600_000);
    await closeDueCycles(db.dataSource, 1_000);
    await numberClosedCycles(db.dataSource);
    await postOutbox(manager());
    await setHubClock(manager(), NOON_MS + 3_600_000 + 15 * 60_000);
    expect((await finaliseDueCycles(db.dataSource)).final).toEqual([hourly]);
  });
});

/** Waits until some statement that contains the text waits for a lock. */
async function waitsFor(text: string): Promise<void> {
  for (;;) {
    const rows = await db.dataSource.query<unknown[]>(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
      [`%${text}%`],
    );
    if (rows.length > 0) return;
  }
}

describe('a final cycle', () => {
  const staging: readonly [string, () => StagedEntry][] = [
    ['a late payment', () => entryCase(9, CYCLE)],
    ['a contra entry', () => contra(1)],
    ['its own settlement', () => transfer('settlementReceived', CYCLE)],
    ['a payment in its settlement phase', () => entryCase(9, `${CYCLE}_s`)],
  ];
  it.each(staging)('refuses %s', async (_what, entry) => {
    await final(1);
    await expect(stageEntries(manager(), book, [entry()])).rejects.toMatchObject({
      driverError: { constraint: 'staged_entries_cycle' },
    });
  });

  it('refuses what reached the outbox by another way when it is posted', async () => {
    await final(1);
    await db.dataSource.transaction(async (tx) => {
      await tx.query(`SET LOCAL session_replication_role = 'replica'`);
      await stageEntries(tx, book, [entryCase(9, CYCLE)]);
    });
    await expect(postOutbox(manager())).rejects.toMatchObject({
      driverError: { constraint: 'journal_entries_cycle' },
    });
  });

  it('lets its settlement into its phase', async () => {
    await final(1);
    expect(await currentSettlementPhase(manager())).toBe(`${CYCLE}_s`);
    await stageEntries(manager(), book, [transfer('settlementReceived', `${CYCLE}_s`)]);
    expect(await postOutbox(manager())).toBe(1);
  });

  it('never comes back, and no phase is opened before it', async () => {
    await final(1);
    await expect(
      db.dataSource.query(`UPDATE cycles SET final_at = final_at - interval '1 s'
                           WHERE state = 'final'`),
    ).rejects.toMatchObject({ driverError: { constraint: 'cycles_forward_only' } });
    const next = await db.dataSource.transaction((tx) => assignCycle(tx));
    await expect(
      db.dataSource.query(
        `INSERT INTO cycles (id, kind, starts_at) VALUES ($1, 'settlement', now())`,
        [`${cycleOf(next, 'daily')}_s`],
      ),
    ).rejects.toMatchObject({ driverError: { constraint: 'cycles_phase_after_final' } });
  });

  it('is not what a deposit waits for: before the first one there is an opening phase', async () => {
    const phases = await Promise.all([1, 2, 3].map(() => currentSettlementPhase(manager())));
    expect(new Set(phases)).toEqual(new Set(['cyc_opening_s']));
    await stageEntries(manager(), book, [transfer('prefundReceived', 'cyc_opening_s')]);
    expect(await postOutbox(manager())).toBe(1);
  });
});

it('lets a contra entry into a closed cycle, and no new payment', async () => {
  await closed(1);
  await stageEntries(manager(), book, [contra(1)]);
  await expect(stageEntries(manager(), book, [entryCase(2, CYCLE)])).rejects.toThrow(
    /paymentCleared may not join cyc_20261121, which is closed/,
  );
  expect(await db.dataSource.transaction((tx) => closeCycle(tx, CYCLE))).toBe('alreadyClosed');
});
