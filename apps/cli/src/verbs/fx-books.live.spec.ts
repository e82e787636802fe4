/**
 * Goal: `wayfare fx pnl` and `fx covers` tell a day's result and choices, exit 0 while they hold and
 * 1 when the database was bent, and refuse in one line where there is nothing to tell.
 * Method: the command line's own entry, in this process, on a played clearing day.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { coverList, fxStatement } from '#contracts/operator/fx-books';
import { firmQuotes, FxWorld } from '#testkit/fx-book-cases';
import { run } from '../run.js';

jest.setTimeout(60_000);
let world: FxWorld;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  world = await FxWorld.open();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-fx-books-'));
  process.env['DATABASE_URL'] = world.database.url;
  process.env['WAYFARE_DATA_DIR'] = folder;
});
afterAll(async () => {
  process.env = environment;
  await world.close();
  await rm(folder, { recursive: true });
});

async function wayfare(...args: string[]) {
  const written = { out: '', err: '' };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += String(text);
    return true;
  });
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const code = await run(['fx', ...args]);
    return { code: Math.max(code, process.exitCode), ...written };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
  }
}

it('has nothing to tell before the first cut-off', async () => {
  const refused = await wayfare('pnl');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err.trimEnd().split('\n')).toHaveLength(1);
  expect(refused.err).toContain('NOT_FOUND');
  expect((await wayfare('covers', '--day', 'today')).err).toContain('--day today');
});

it('tells the day, account by account, and the quotes it chose from', async () => {
  await world.playDay('2026-11-16', [{ bought: ['THB', 100_000n, 3_100n] }]);
  world.answers = firmQuotes({
    prv_meridian: ['0.0312', 60_000n],
    prv_plover: ['0.0308', 900_000n],
  });
  await world.desk.runDue();
  await world.post();
  const told = await wayfare('pnl', '--day', '2026-11-16');
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(/fxMargin +THB 0\.10 {2}≈ USD 0\.00/);
  // 18.72 and 12.32 taken for what cost 31.00.
  expect(told.out).toMatch(/fxRealised +USD 0\.04\n/);
  expect(told.out).toContain('tied: journal, totals and cut-offs agree');
  const covers = await wayfare('covers');
  expect(covers).toMatchObject({ code: 0, err: '' });
  expect(covers.out).toContain('sell THB 1,000.00');
  expect(covers.out).toContain('prv_harbourline  is not available');
  expect(covers.out).toContain('taken: THB 600.00 for USD 18.72 from prv_meridian, traded');
  expect(covers.out).toContain('the same quotes give the same choice');
  fxStatement.parse(JSON.parse((await wayfare('pnl', '--json')).out));
  coverList.parse(JSON.parse((await wayfare('covers', '--json')).out));
});

it('lists the providers, and reads all of a file before anything is proposed', async () => {
  const listed = await wayfare('providers');
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toContain('prv_plover       Plover Exchange, answers 99.00 % of the time');
  const file = join(folder, 'providers.jsonl');
  const line = {
    id: 'prv_plover',
    name: 'Plover Exchange',
    seed: 'other',
    availability: 5_000,
    terms: [{ currency: 'THB', spreadBps: 9, jitterBps: 1, minUsd: '100', maxUsd: '5000' }],
    fictional: true,
    source: 'a test',
  };
  await writeFile(file, `${JSON.stringify(line)}\n${JSON.stringify({ ...line, seed: 4 })}\n`);
  const why = ['--reason', 'a test'];
  const refused = await wayfare('providers', '--set', file, ...why);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('line 2, seed');
  await writeFile(file, JSON.stringify(line));
  expect(await wayfare('providers', '--set', file)).toMatchObject({ code: 2, out: '' });
  // Nobody sets them past a hub, where a second person is asked.
  expect((await wayfare('providers', '--set', file, ...why)).err).toContain('no key can be read');
  expect((await wayfare('providers')).out).toBe(listed.out);
});

it('exits 1 when the database was bent', async () => {
  const bend = (sql: string) =>
    world.database.dataSource.transaction(async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query(sql);
    });
  await bend(`UPDATE fx_positions SET realised_usd = realised_usd + 3`);
  const result = await wayfare('pnl');
  expect(result.code).toBe(1);
  expect(result.out).toContain('decided USD 0.07');
  expect(result.out).toContain('NOT TIED');
  await bend(`UPDATE fx_cover_quotes SET price = 0.05 WHERE provider_id = 'prv_plover'`);
  const covers = await wayfare('covers');
  expect(covers.code).toBe(1);
  expect(covers.out).toContain('THE STORED QUOTES GIVE ANOTHER CHOICE');
});
