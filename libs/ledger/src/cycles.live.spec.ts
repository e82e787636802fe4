/*
 * Goal: a payment's cycle is a recorded fact that a close cannot overtake.
 * Method: cycles of a fifth of a second are closed the moment they end, while many transactions
 * assign themselves and dawdle before they commit. Members counted right after a close must be
 * the members for ever. The same load with a rule that reads the clock without the lock must be
 * caught, or the test would prove nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { assignCycle, closeCycle, dailyCycleAt, ensureCycles, listDueCycles } from './cycles.js';
import { openTestDatabase, type TestDatabase } from '#testkit/database';

type Assign = (tx: EntityManager) => Promise<{ cycleId: string; completedAtMs: number }>;

const CYCLES = 12;
const CYCLE_MS = 200;

async function withDatabase(work: (db: TestDatabase) => Promise<void>): Promise<void> {
  const db = await openTestDatabase();
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** Plays all short cycles; returns how many members each had when closed, and at the end. */
async function raceCycles(db: TestDatabase, assign: Assign) {
  const { dataSource } = db;
  await dataSource.query(
    `CREATE TABLE members (no bigint GENERATED ALWAYS AS IDENTITY, cycle_id text, at_ms bigint)`,
  );
  await dataSource.query(
    `WITH t AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at)
     INSERT INTO cycles (id, starts_at, ends_at)
     SELECT 'cyc_short' || lpad(n::text, 3, '0'), at + (n - 1) * $1 * interval '1 ms',
            at + n * $1 * interval '1 ms'
     FROM t, generate_series(1, $2::int) n`,
    [CYCLE_MS, CYCLES],
  );
  await ensureCycles(dataSource.manager, Date.now() + 86_400_000, 1);
  let racing = true;
  const payer = async (dawdleMs: number) => {
    while (racing) {
      await dataSource.transaction(async (tx) => {
        const { cycleId, completedAtMs } = await assign(tx);
        await sleep(dawdleMs);
        await tx.query('INSERT INTO members (cycle_id, at_ms) VALUES ($1, $2)', [
          cycleId,
          completedAtMs,
        ]);
      });
    }
  };
  const count = async (id: string) => {
    const [row] = await dataSource.query<{ n: number }[]>(
      'SELECT count(*)::int AS n FROM members WHERE cycle_id = $1',
      [id],
    );
    return row?.n ?? 0;
  };
  const payers = [1, 3, 5, 9].map(payer);
  const atClose = new Map<string, number>();
  while (atClose.size < CYCLES) {
    for (const id of await listDueCycles(dataSource.manager)) {
      const result = await dataSource.transaction((tx) => closeCycle(tx, id));
      if (result === 'closed') atClose.set(id, await count(id));
    }
    await sleep(1);
  }
  racing = false;
  await Promise.all(payers);
  const late = [];
  for (const [id, members] of atClose) if ((await count(id)) !== members) late.push(id);
  return { atClose, late };
}

describe('assignCycle and closeCycle', () => {
  it(
    'lets nobody into a closed cycle, under load',
    () =>
      withDatabase(async (db) => {
        const { atClose, late } = await raceCycles(db, assignCycle);
        expect(late).toEqual([]);
        expect([...atClose.values()].filter((members) => members > 0).length).toBeGreaterThan(6);
        const outside = await db.dataSource.query<unknown[]>(
          `SELECT m.cycle_id FROM members m JOIN cycles c ON c.id = m.cycle_id
         WHERE to_timestamp(m.at_ms / 1000.0) >= c.ends_at`,
        );
        expect(outside).toEqual([]);
      }),
    30_000,
  );

  it(
    'would catch a rule that reads the clock without the lock',
    () =>
      withDatabase(async (db) => {
        const unlocked: Assign = async (tx) => {
          const [row] = await tx.query<{ id: string }[]>(
            `SELECT id FROM cycles WHERE state = 'open' AND ends_at > clock_timestamp()
           ORDER BY ends_at LIMIT 1`,
          );
          return { cycleId: row?.id ?? '', completedAtMs: 0 };
        };
        const { late } = await raceCycles(db, unlocked);
        expect(late.length).toBeGreaterThan(0);
      }),
    30_000,
  );

  it('closes once when two closers come at the same time, and never before the end', () =>
    withDatabase(async ({ dataSource }) => {
      await dataSource.query(
        `INSERT INTO cycles (id, starts_at, ends_at) VALUES
         ('cyc_past', now() - interval '2 hours', now() - interval '1 hour'),
         ('cyc_running', now() - interval '1 hour', now() + interval '1 hour')`,
      );
      const close = (id: 'cyc_past' | 'cyc_running' | 'cyc_none') =>
        dataSource.transaction((tx) => closeCycle(tx, id));
      const both = await Promise.all([close('cyc_past'), close('cyc_past')]);
      expect(both.sort()).toEqual(['alreadyClosed', 'closed']);
      expect(await close('cyc_running')).toBe('notEnded');
      expect(await close('cyc_none')).toBe('unknown');
    }));

  it('says so when there is no cycle, and refuses another isolation level', () =>
    withDatabase(async ({ dataSource }) => {
      await expect(dataSource.transaction(assignCycle)).rejects.toThrow(/no open clearing cycle/);
      await expect(dataSource.transaction('REPEATABLE READ', assignCycle)).rejects.toThrow(
        /read committed/,
      );
    }));

  it('never moves a cycle backwards', () =>
    withDatabase(async ({ dataSource }) => {
      await dataSource.query(
        `INSERT INTO cycles (id, starts_at, ends_at)
         VALUES ('cyc_past', now() - interval '2 hours', now() - interval '1 hour')`,
      );
      await dataSource.transaction((tx) => closeCycle(tx, 'cyc_past'));
      await expect(
        dataSource.query(`UPDATE cycles SET state = 'open', closed_at = NULL`),
      ).rejects.toThrow(/cannot go from closed to open/);
      await expect(
        dataSource.query(`UPDATE cycles SET ends_at = now() + interval '1 day'`),
      ).rejects.toMatchObject({ driverError: { constraint: 'cycles_forward_only' } });
    }));
});

describe('ensureCycles', () => {
  it('makes UTC+8 days and repeats without effect', () =>
    withDatabase(async ({ dataSource }) => {
      const fromMs = Date.UTC(2026, 10, 20, 16, 0, 0);
      await ensureCycles(dataSource.manager, fromMs, 3);
      await ensureCycles(dataSource.manager, fromMs + 86_400_000, 3);
      const rows = await dataSource.query<unknown[]>(
        `SELECT id, starts_at, ends_at, state FROM cycles ORDER BY id`,
      );
      expect(rows).toHaveLength(4);
      // 16:00 UTC is midnight at UTC+8, so the day is the 21st.
      expect(rows[0]).toEqual({
        id: 'cyc_20261121',
        starts_at: new Date('2026-11-21T00:00:00+08:00'),
        ends_at: new Date('2026-11-22T00:00:00+08:00'),
        state: 'open',
      });
    }));

  it('puts the last millisecond of a day into that day', () => {
    expect(dailyCycleAt(Date.parse('2026-11-21T23:59:59.999+08:00')).id).toBe('cyc_20261121');
    expect(dailyCycleAt(Date.parse('2026-11-22T00:00:00.000+08:00')).id).toBe('cyc_20261122');
  });
});
