/**
 * Goal: the schema only ever moves forward, exactly once per step, whoever starts at the same time.
 * Method: real databases cloned from the template; invented migrations are run on them singly, in
 * parallel, broken and altered, and the tables are looked at afterwards.
 */
import { openTestDatabase } from '#testkit/database';
import type { TestDatabase } from '#testkit/database';
import { listMigrations, migrate } from './migrations.js';
import type { Migration } from './migrations.js';

function step(name: string, sql: string, checksum = `sum of ${sql}`): Migration {
  return { name, path: `libs/x/migrations/${name}`, sql, checksum };
}

describe('migrate', () => {
  let database: TestDatabase;
  const shipped = listMigrations();
  const query = async (sql: string): Promise<unknown> => database.dataSource.query(sql);

  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    await database.close();
  });

  it('finds a cloned test database up to date', async () => {
    expect(shipped.length).toBeGreaterThan(0);
    expect(await migrate(database.url)).toEqual([]);
    expect(await query('select name from schema_migrations order by name')).toEqual(
      shipped.map(({ name }) => ({ name })),
    );
  });

  it('applies what is due in order, and a second run applies nothing', async () => {
    const steps = [
      ...shipped,
      step('299901010000-a.sql', '-- Because.\ncreate table roads (id int);'),
      step('299901010001-b.sql', '-- Because.\ninsert into roads values (7);'),
    ];
    expect(await migrate(database.url, steps)).toEqual([
      '299901010000-a.sql',
      '299901010001-b.sql',
    ]);
    expect(await migrate(database.url, steps)).toEqual([]);
    expect(await query('select id from roads')).toEqual([{ id: 7 }]);
  });

  it('lets one of many concurrent starters apply a step', async () => {
    const slow = '-- Because.\nselect pg_sleep(0.2); create table roads (id int);';
    const steps = [...shipped, step('299901010000-a.sql', slow)];
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, steps)));
    expect(applied.flat()).toEqual(['299901010000-a.sql']);
  });

  it('leaves nothing of a step that fails, and says where it failed', async () => {
    const broken = '-- Because.\ncreate table roads (id int);\ninsert into lanes values (1);';
    const steps = [...shipped, step('299901010000-a.sql', broken)];
    await expect(migrate(database.url, steps)).rejects.toThrow(
      /299901010000-a\.sql:3 failed: relation "lanes" does not exist/,
    );
    expect(await query("select to_regclass('roads') as roads")).toEqual([{ roads: null }]);
  });

  it('refuses a step that was changed after it ran', async () => {
    const name = '299901010000-a.sql';
    await migrate(database.url, [...shipped, step(name, '-- Because.\nselect 1;')]);
    const changed = [...shipped, step(name, '-- Because.\nselect 2;')];
    await expect(migrate(database.url, changed)).rejects.toThrow(/a\.sql was changed after/);
  });

  it('refuses a database that a newer version has moved on', async () => {
    await migrate(database.url, [...shipped, step('299901010000-a.sql', '-- Because.\nselect 1;')]);
    await expect(migrate(database.url)).rejects.toThrow(/does not know: 299901010000-a\.sql/);
  });
});

describe('test databases', () => {
  it('are apart from each other and gone when closed', async () => {
    const [one, two] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    await one.dataSource.query('create table roads (id int)');
    expect(await two.dataSource.query("select to_regclass('roads') as roads")).toEqual([
      { roads: null },
    ]);
    const name = new URL(one.url).pathname.slice(1);
    await one.close();
    expect(
      await two.dataSource.query('select 1 from pg_database where datname = $1', [name]),
    ).toEqual([]);
    await two.close();
  });
});
