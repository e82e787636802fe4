/*
 * Goal: a payment's cycle is a recorded fact that a close cannot overtake.
 * Method: cycles of a fifth of a second are closed the moment they end, while many transactions
 * assign themselves and dawdle before they commit. Members counted right after a close must be
 * the members for ever. The same load with a rule that reads the clock without the lock must be
 * caught, or the test would prove nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import {
  assignCycle,
  closeCycle,
  cycleOf,
  dailyCycleAt,
  ensureCycles,
  listDueCycles,
} from './cycles.js';
import { setHubClock } from './hub-clock.js';
import { openTestDatabase, type TestDatabase } from '#testkit/database';

type Assign = (tx: EntityManager) => Promise<{ cycleId: string; completedAtMs: number }>;

const CYCLES = 12;
const CYCLE_MS = 200;

const assignDaily: Assign = async (tx) => {
  const assignment = await assignCycle(tx);
  return { cycleId: cycleOf(assignment, 'daily'), completedAtMs: assignment.completedAtMs };
};

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
        const { atClose, late } = await raceCycles(db, assignDaily);
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

  it('refuses another isolation level', () =>
    withDatabase(async ({ dataSource }) => {
      await expect(
        dataSource.transaction('REPEATABLE READ', (tx) => assignCycle(tx)),
      ).rejects.toThrow(/read committed/);
    }));

  it('opens the cycle itself where there is none, one for many that come at once', () =>
    withDatabase(async ({ dataSource }) => {
      const kinds = new Set(['daily', 'twiceDaily', 'hourly'] as const);
      const all = await Promise.all(
        Array.from({ length: 6 }, () => dataSource.transaction((tx) => assignCycle(tx, kinds))),
      );
      const rows = await dataSource.query<{ id: string; kind: string; holds: boolean }[]>(
        `SELECT id, kind, $1 >= starts_at AND $1 < ends_at AS holds FROM cycles ORDER BY kind`,
        [new Date(all[0]?.completedAtMs ?? 0)],
      );
      // Within the hour, unless the hour ended while the six were at it.
      expect(rows.map((row) => row.kind).slice(0, 3)).toEqual(['daily', 'hourly', 'twiceDaily']);
      expect(rows.some((row) => row.kind === 'daily' && row.holds)).toBe(true);
      for (const assignment of all) {
        for (const kind of kinds) {
          const cycleId = cycleOf(assignment, kind);
          expect(rows.find((row) => row.id === cycleId)?.kind).toBe(kind);
        }
      }
    }));

  it('goes on to the next cycle when the clock steps back behind a closed one', () =>
    withDatabase(async ({ dataSource }) => {
      const hourly = new Set(['hourly'] as const);
      const assign = async () =>
        cycleOf(await dataSource.transaction((tx) => assignCycle(tx, hourly)), 'hourly');
      const first = await assign();
      await setHubClock(dataSource.manager, Date.now() + 3_600_000);
      expect(await dataSource.transaction((tx) => closeCycle(tx, first))).toBe('closed');
      await setHubClock(dataSource.manager, Date.now() + 3_000_000);
      const next = await assign();
      expect(next > first).toBe(true);
      const rows = await dataSource.query<unknown[]>(
        `SELECT FROM cycles a JOIN cycles b ON a.ends_at = b.starts_at
         WHERE a.id = $1 AND b.id = $2`,
        [first, next],
      );
      expect(rows).toHaveLength(1);
    }));

  it('does not wait for ever for a transaction that hangs', () =>
    withDatabase(async ({ dataSource }) => {
      await dataSource.query(
        `INSERT INTO cycles (id, starts_at, ends_at)
         VALUES ('cyc_past', now() - interval '2 hours', now() - interval '1 hour')`,
      );
      const hanging = dataSource.createQueryRunner();
      await hanging.startTransaction();
      await assignCycle(hanging.manager);
      await expect(
        dataSource.transaction((tx) => closeCycle(tx, 'cyc_past', 50)),
      ).rejects.toMatchObject({ driverError: { code: '55P03' } });
      await hanging.rollbackTransaction();
      await hanging.release();
      expect(await dataSource.transaction((tx) => closeCycle(tx, 'cyc_past', 50))).toBe('closed');
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
