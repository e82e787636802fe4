/**
 * Goal: `wayfare fx` shows, imports and quotes; faults are one line on standard error with exit
 * code 1, and standard output holds nothing but the answer.
 * Method: the command line's own entry, run in this process against a test database.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { fxPath, fxRates } from '#contracts/operator/fx';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { run } from '../run.js';

let database: TestDatabase;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-fx-'));
  process.env['DATABASE_URL'] = database.url;
  process.env['WAYFARE_DATA_DIR'] = folder;
});
afterAll(async () => {
  process.env = environment;
  await database.close();
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
  try {
    return { code: await run(args), ...written };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

async function fileOf(text: string): Promise<string> {
  const file = join(folder, 'rates.csv');
  await writeFile(file, text);
  return file;
}

const today = new Date().toISOString().slice(0, 10);

it('shows shipped rates with source and day, on a database that never had any', async () => {
  const shown = await wayfare('fx', 'rates');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('EUR/JPY 186.75       2026-04-13  ECB euro reference rates');
  const json = await wayfare('fx', 'rates', '--json');
  expect(fxRates.parse(JSON.parse(json.out)).pinned).toBe(true);
});

it('quotes an amount, in small letters too', async () => {
  // JPY 1,200 at 0.203034216868 is THB 243.64 (worked out in the pricing tests).
  const shown = await wayfare('fx', 'quote', 'jpy', 'thb', '--amount', '1200');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('JPY 1,200 costs THB 243.64');
  expect(shown.out).toContain('pinned');
  const json = await wayfare('fx', 'quote', 'JPY', 'THB', '--amount', '1200', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    price: '0.203034216868',
    payToAmount: { currency: 'THB', value: '24364' },
  });
});

it.each([
  [['fx', 'path', 'JPY', 'XCG'], 'RATE_MISSING', 'XCG'],
  [['fx', 'quote', 'JPY', 'THB', '--tier', 'gold'], 'NOT_FOUND', 'gold'],
  [['fx', 'quote', 'JPY', 'THB', '--amount', '1.5'], '--amount 1.5', 'decimals'],
  [['fx', 'quote', 'YEN', 'THB', '--amount', '1'], 'CURRENCY_NOT_SUPPORT', 'YEN'],
  [['fx', 'import', '/no/such/file.csv'], 'cannot read', '/no/such/file.csv'],
])('explains %j in one line', async (args, what, which) => {
  const shown = await wayfare(...args);
  expect(shown).toMatchObject({ code: 1, out: '' });
  expect(shown.err.trim().split('\n')).toHaveLength(1);
  expect(shown.err).toContain(what);
  expect(shown.err).toContain(which);
});

it('imports nothing from a file with one bad cell, and names it', async () => {
  const shown = await wayfare('fx', 'import', await fileOf(`Date,USD,JPY\n${today},1.1,n\n`));
  expect(shown).toMatchObject({ code: 1, out: '' });
  expect(shown.err).toContain('line 2, column JPY');
  expect((await wayfare('fx', 'rates')).out).toContain('Shipped rates');
});

it('imports a file, says so, and quotes with it at once', async () => {
  const file = await fileOf(`Date,USD,JPY,THB,\n${today},1.16,180,36,\n`);
  const shown = await wayfare('fx', 'import', file);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('3 figures: 3 added');
  const again = JSON.parse((await wayfare('fx', 'import', file, '--json')).out) as unknown;
  expect(again).toMatchObject({ added: 0, unchanged: 3, refusal: null });
  const path = fxPath.parse(JSON.parse((await wayfare('fx', 'path', 'JPY', 'THB', '--json')).out));
  expect(path).toMatchObject({ mid: '0.2', pinned: false, refusal: null });
});

it('says that nobody will be quoted by a file that is too old', async () => {
  await wayfare('fx', 'forget');
  const shown = await wayfare('fx', 'import', await fileOf('Date,USD,JPY\n2026-01-05,1.1,170\n'));
  expect(shown.out).toContain('refuses to quote');
  expect(shown.out).toContain('2026-01-05');
  expect(shown.out).toContain('fx forget');
  const quote = await wayfare('fx', 'quote', 'JPY', 'USD');
  expect(quote).toMatchObject({ code: 1, out: '' });
  expect(quote.err).toContain('RATE_STALE');
});

it('goes back to the shipped rates on request', async () => {
  const shown = await wayfare('fx', 'forget');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('2 imported figures dropped');
  expect((await wayfare('fx', 'forget')).out).toContain('0 imported figures dropped');
  expect((await wayfare('fx', 'quote', 'JPY', 'THB')).out).toContain('JPY/THB 0.203034216868');
});

it('keeps who changed the rates', async () => {
  const log = JSON.parse((await wayfare('audit', '--json')).out) as {
    items: { action: string; person: string; after: Record<string, unknown> }[];
  };
  const acts = log.items.filter(({ action }) => action.startsWith('rates.'));
  // Three imports that were taken, a file with a bad cell that was not, and three times forgotten.
  expect(acts.map(({ action }) => action).sort()).toEqual([
    ...['rates.forget', 'rates.forget', 'rates.forget'],
    ...['rates.import', 'rates.import', 'rates.import'],
  ]);
  expect(acts.at(-1)).toMatchObject({ person: 'bootstrap', after: { added: 3, newest: today } });
});
