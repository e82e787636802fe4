/*
 * Goal: the three days end as the story says, by numbers that follow from its own rules, and what
 * they leave behind can be looked at with the commands that the story names.
 * Method: the built command line plays them in a folder of its own and prints JSON; sums, carries
 * and layers are derived here from the parts; then the named commands run on the folder.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { discardDatabase } from '#platform/postgres/index';
import { projectRoot } from '#platform/project-root';
import type { ThreeDaysStory } from '../story/three-days/gather.js';
import { tellThreeDays } from '../story/three-days/tell.js';

const MAIN = join(projectRoot, 'dist/apps/cli/src/main.js');
const run = promisify(execFile);

let dataDir: string;
let story: ThreeDaysStory;

async function wayfare(folder: string, args: readonly string[]): Promise<string> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build first (npm run build)`);
  const env = { ...process.env, WAYFARE_DATA_DIR: folder, DATABASE_URL: '', REDIS_URL: '' };
  const { stdout } = await run(process.execPath, [MAIN, ...args], {
    env,
    maxBuffer: 32 * 1024 * 1024,
  });
  return stdout;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wayfare-three-days-'));
  story = JSON.parse(await wayfare(dataDir, ['demo', 'settlement', '--json'])) as ThreeDaysStory;
}, 180_000);
afterAll(async () => {
  await discardDatabase(join(dataDir, 'rehearsal'));
  await rm(dataDir, { recursive: true, force: true });
});

const minor = (amount: { readonly value: string }): bigint => BigInt(amount.value);

it('plays three clearing days whose obligations sum to what the books say, per currency', () => {
  expect(story.cycles.map(({ cycle }) => cycle.id)).toEqual([
    'cyc_20261202',
    'cyc_20261203',
    'cyc_20261204',
  ]);
  for (const { cycle, models, obligations } of story.cycles) {
    expect(cycle.state).toBe('final');
    for (const { currency, hub, positions } of models) {
      const sum = positions.reduce((total, position) => total + BigInt(position.minor), 0n);
      expect(sum + BigInt(hub)).toBe(0n);
      for (const position of positions) {
        const own = obligations.find(
          (o) => o.participant === position.participant && o.own.currency === currency,
        );
        expect(own === undefined ? undefined : minor(own.own)).toBe(BigInt(position.minor));
      }
    }
  }
});

it('counts the payment that was taken back among the members, and never in what is owed', () => {
  const [first] = story.cycles;
  // Four payments were completed on the first day; the fifth was taken by its acquirer too late.
  expect(first?.cycle.members).toBe(4);
  expect(story.cycles[1]?.cycle.members).toBe(4);
});

it('carries what is below the minimum into the next cycle, and settles it there', () => {
  const carried = story.cycles[1]?.obligations.find(({ state }) => state === 'carried');
  const next = story.cycles[2]?.obligations.find(({ participant }) => participant === 'truemoney');
  if (carried === undefined || next === undefined) throw new Error('nothing was carried');
  expect(minor(carried.amount)).toBeLessThan(minor(carried.minimum));
  expect(minor(next.carriedIn)).toBe(minor(carried.own));
  expect(minor(next.amount)).toBe(minor(next.own) + minor(next.carriedIn));
  expect(next.state).toBe('settled');
});

it('settles baht one day later than yen around a Thai holiday, and says why', () => {
  const baht = story.cycles[2]?.obligations.find(({ participant }) => participant === 'truemoney');
  expect(baht?.valueDate).toBe('2026-12-09');
  expect(baht?.reason).toContain('2026-12-07');
});

it('spreads the default in order: deposit, set-off, capital, survivors', () => {
  const [loss] = story.defaults;
  const [layer] = loss?.layers ?? [];
  if (loss === undefined || layer === undefined) throw new Error('nobody defaulted');
  expect(loss).toMatchObject({ participant: 'gcash', declaredBy: 'ana and ben' });
  const unpaid = story.cycles
    .flatMap(({ obligations }) => obligations)
    .filter(({ state }) => state === 'defaulted')
    .reduce((total, { amount }) => total + minor(amount), 0n);
  expect(minor(layer.loss)).toBe(unpaid);
  // Its prefund was lowered to PHP 5,000.00 on the first day.
  expect(minor(layer.prefund)).toBe(500_000n);
  const borne =
    minor(layer.prefund) +
    minor(layer.receivables) +
    minor(layer.hubCapital) +
    layer.survivors.reduce((total, { amount }) => total + minor(amount), 0n);
  expect(borne + minor(layer.residual)).toBe(unpaid);
});

it('ties every day to the ledger, covers every position, and keeps every invariant', () => {
  expect(story.fx.map(({ tied }) => tied)).toEqual([true, true, true]);
  expect(story.checks.filter(({ ok }) => !ok)).toEqual([]);
});

it('shows what the result of each day is made of, line by line, to the cent', () => {
  const told = tellThreeDays(story, (_style, text) => text, 200);
  for (const { lines, resultUsd } of story.fx) {
    expect(lines.length).toBeGreaterThan(3);
    const words = told.split(/\s{2,}/);
    for (const { amount } of lines) expect(words).toContain(amount.text);
    const dollars = lines.reduce((sum, { usd }) => sum + BigInt(usd?.value ?? 0), 0n);
    expect(dollars).toBe(minor(resultUsd));
    expect(told).toMatch(new RegExp(`in dollars +${resultUsd.text.replace('.', '\\.')} `));
  }
});

it.each([
  ['settle prove', ['settle', 'prove', 'cyc_20261202'], 'cyc_20261202'],
  ['verify', ['verify'], 'invariants hold'],
  ['ledger check', ['ledger', 'check'], ''],
  ['files recompute', ['files', 'recompute', 'files'], 'everything computes'],
  ['fx pnl', ['fx', 'pnl', '--day', '2026-12-02'], '2026-12-02'],
])('leaves a folder in which `%s` answers', async (_name, args, said) => {
  const folder = join(dataDir, 'rehearsal');
  const found = args.map((arg, index) =>
    index === 2 && arg === 'files' ? join(folder, arg) : arg,
  );
  expect(await wayfare(folder, found)).toContain(said);
});
