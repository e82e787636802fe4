/*
 * Goal: statements of one transaction that are started together are executed in the order they
 * were started, each with a snapshot of its own, and fail together. Rules of locking rest on it:
 * a counter is read only after the lock that guards it.
 * Method: many statements at once through the ORM and the driver as the product uses them, each
 * noting its turn; then a lock that another session holds while a second statement, sent with
 * the one that waits for it, must see what that session wrote; then a fault in the middle.
 */
import type { DataSource } from 'typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '#testkit/database';

let db: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  db = await openTestDatabase();
  ({ dataSource } = db);
  await dataSource.query(
    'CREATE TABLE turns (turn bigint GENERATED ALWAYS AS IDENTITY, started integer UNIQUE)',
  );
});
afterAll(() => db.close());

describe('statements started together', () => {
  it('are executed in the order they were started', async () => {
    const started = Array.from({ length: 300 }, (_, index) => index);
    await dataSource.transaction((tx) =>
      Promise.all(
        started.map((index) =>
          index % 3 === 0
            ? tx.query('INSERT INTO turns (started) VALUES ($1)', [index])
            : tx.query(
                'INSERT INTO turns (started) SELECT n FROM unnest($1::integer[]) n RETURNING turn',
                [[index]],
              ),
        ),
      ),
    );
    const rows = await dataSource.query<{ started: number }[]>(
      'SELECT started FROM turns ORDER BY turn',
    );
    expect(rows.map((row) => row.started)).toEqual(started);
  });

  it('see what was committed while the one before them waited for a lock', async () => {
    await dataSource.query('CREATE TABLE counters (id integer PRIMARY KEY, used integer)');
    await dataSource.query('CREATE TABLE notes (used integer)');
    await dataSource.query('INSERT INTO counters VALUES (1, 0)');
    let reading: Promise<unknown> | undefined;
    let seen: { used: number }[] = [];
    await dataSource.transaction(async (first) => {
      await first.query('UPDATE counters SET used = 7 WHERE id = 1');
      reading = dataSource.transaction(async (second) => {
        [, seen] = await Promise.all([
          second.query('SELECT used FROM counters WHERE id = 1 FOR NO KEY UPDATE'),
          second.query<{ used: number }[]>('SELECT used FROM notes'),
        ]);
      });
      await untilWaiting();
      await first.query('INSERT INTO notes VALUES (7)');
    });
    await reading;
    expect(seen).toEqual([{ used: 7 }]);
  });

  it('fail together, and leave a connection that works', async () => {
    const before = await count();
    const failing = dataSource.transaction((tx) =>
      Promise.all([
        tx.query('INSERT INTO turns (started) VALUES (1001)'),
        tx.query('INSERT INTO turns (started) VALUES (1001)'),
        tx.query('INSERT INTO turns (started) VALUES (1002)'),
      ]),
    );
    await expect(failing).rejects.toThrow('duplicate key');
    expect(await count()).toBe(before);
    await dataSource.transaction((tx) => tx.query('INSERT INTO turns (started) VALUES (1001)'));
    expect(await count()).toBe(before + 1);
  });
});

async function count(): Promise<number> {
  const [row] = await dataSource.query<{ n: number }[]>('SELECT count(*)::integer AS n FROM turns');
  return row?.n ?? NaN;
}

async function untilWaiting(): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const [row] = await dataSource.query<{ n: number }[]>(
      `SELECT count(*)::integer AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if ((row?.n ?? 0) > 0) return;
    await sleep(10);
  }
  throw new Error('nobody waits for the lock');
}
