/*
 * Goal: a marked statement is prepared once a connection and answers like any other, also when it
 * is sent twice before the first answer, and after it has failed.
 * Method: marked and unmarked texts through the ORM on one connection; the server's own list of
 * prepared statements tells what it parsed.
 */
import type { DataSource } from 'typeorm';
import { createDataSource } from './database.js';
import { prepared } from './prepared-statements.js';
import { openTestDatabase, type TestDatabase } from '#testkit/database';

const DOUBLE = prepared('SELECT n * 2 AS twice FROM unnest($1::integer[]) AS n ORDER BY n');
const INVERSE = prepared('SELECT 12 / $1::integer AS part');
const RENAME = prepared('UPDATE things SET name = $2 WHERE id = $1 RETURNING id');
const PLAIN = 'SELECT $1::text AS said';

let db: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  db = await openTestDatabase();
  dataSource = await createDataSource(db.url, { poolSize: 1 });
  await dataSource.query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
  await dataSource.query(`INSERT INTO things VALUES (1, 'a'), (2, 'b')`);
});
afterAll(async () => {
  await dataSource.destroy();
  await db.close();
});

const known = (): Promise<{ statement: string }[]> =>
  dataSource.query('SELECT statement FROM pg_prepared_statements ORDER BY statement');

it('prepares what is marked, once, and nothing else', async () => {
  expect(await dataSource.query(DOUBLE, [[3, 1]])).toEqual([{ twice: 2 }, { twice: 6 }]);
  expect(await dataSource.query(DOUBLE, [[5]])).toEqual([{ twice: 10 }]);
  expect(await dataSource.query(PLAIN, ['hello'])).toEqual([{ said: 'hello' }]);
  expect(await known()).toEqual([{ statement: DOUBLE }]);
});

it('takes the same statement several times at once', async () => {
  const answers = await dataSource.transaction((tx) =>
    Promise.all([3, 4, 6].map((n) => tx.query<{ part: number }[]>(INVERSE, [n]))),
  );
  expect(answers.map(([row]) => row?.part)).toEqual([4, 3, 2]);
});

it('runs again after it has failed', async () => {
  await expect(dataSource.query(INVERSE, [0])).rejects.toThrow('division by zero');
  expect(await dataSource.query(INVERSE, [2])).toEqual([{ part: 6 }]);
});

it('answers an update as the ORM does: rows and how many', async () => {
  const as = await dataSource.query<unknown>(RENAME, [1, 'c']);
  const unmarked = `${RENAME} `;
  expect(as).toEqual([[{ id: 1 }], 1]);
  expect(await dataSource.query<unknown>(unmarked, [2, 'd'])).toEqual([[{ id: 2 }], 1]);
});
