// Goal: a run is what its replications were, however it ends; its folder is whole or not there; and
// what was changed afterwards is named.
// Method: a pretended kernel whose figures are known by arithmetic takes the place of the real one.
// Runs are played to their end, until a precision, and interrupted at every point; folders are read
// back, damaged and verified.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import {
  pretendAnswers,
  pretendParts,
  pretendPlay,
  pretendRequest,
  pretendScenario,
  pretendTotals,
} from '#testkit/pretend-run';
import { smallWorld } from '#testkit/small-world';
import type { World } from '#simulation/world';
import { TABLES } from '../exports/dictionary.js';
import { canonicalJson, hashOfScenario } from './content-hash.js';
import { recordRun, type Keeping } from './record-run.js';
import { playRun } from './run-scenario.js';
import type { RunProgress } from './simulation-run.js';
import { readManifest, verifyFiles, verifyInputs, verifyResult } from './verify-run.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'wayfare-runs-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const keeping = (name: string, changes: Partial<Keeping> = {}): Keeping => ({
  place: join(root, name),
  formats: ['csv'],
  given: 'pretend',
  set: [],
  jobs: 1,
  report: undefined,
  ...changes,
});

describe('a run', () => {
  it('is the mean of its replications, with an interval', async () => {
    const { run } = await playRun(pretendRequest(), {}, pretendParts(), '1.0.0');
    // Two flows of 107 + 7 r payments, r = 0 … 3.
    const counts = [214, 228, 242, 256];
    expect(run).toMatchObject({
      replications: 4,
      partial: false,
      payments: counts.reduce((a, b) => a + b),
      purchases: counts.reduce((a, b) => a + b) + 4 * 50,
      precision: { asked: null, reached: null },
    });
    const [payments] = run.headlines;
    // Deviation 14 · √(5/3), Student's t with three degrees 3.1824.
    const halfWidth = (3.1824 * 14 * Math.sqrt(5 / 3)) / 2;
    expect(payments).toMatchObject({ id: 'payments', mean: 235, fidelity: 'fast' });
    expect(payments!.samplingHalfWidth).toBeCloseTo(halfWidth, 2);
    expect(payments!.assumption).toBeNull();
    expect(run.answers.headlines.payments).toBe(235);
  });

  it('has one hash however its replications are cut into parts, and another for another seed', async () => {
    const whole = await playRun(pretendRequest(), {}, pretendParts(), '1');
    const inParts = await playRun(
      pretendRequest({ replications: 1, untilRelativeError: 1e-9, mostReplications: 4 }),
      {},
      pretendParts(),
      '1',
    );
    expect(inParts.run.replications).toBe(4);
    expect(inParts.run.resultHash).toBe(whole.run.resultHash);
    expect(inParts.run.precision).toMatchObject({ asked: 1e-9, reached: false });
    const other = await playRun(pretendRequest({ seed: 8 }), {}, pretendParts(), '1');
    expect(other.run.resultHash).not.toBe(whole.run.resultHash);
  });

  it('goes on until it is sure, and no longer', async () => {
    // Every other replication is one payment more: the mean of 200 is sure to 1 % at once.
    const play: typeof pretendPlay = async (world, options) => {
      for (let index = options.first; index < options.first + options.count; index++) {
        await Promise.resolve();
        options.onReplication(index, pretendTotals(world, index % 2, 0));
      }
    };
    const { run } = await playRun(
      pretendRequest({ replications: 2, untilRelativeError: 0.01 }),
      {},
      pretendParts({ play }),
      '1',
    );
    expect(run.precision).toMatchObject({ asked: 0.01, reached: true });
    expect(run.replications).toBeGreaterThanOrEqual(5);
    expect(run.replications).toBeLessThan(20);
  });

  it('widens intervals by what the assumptions leave open', async () => {
    const alone = await playRun(pretendRequest(), {}, pretendParts(), '1');
    const { run } = await playRun(pretendRequest({ assumptionDraws: 8 }), {}, pretendParts(), '1');
    const [before, after] = [alone.run.headlines[0]!, run.headlines[0]!];
    expect(run.assumptionDraws).toBe(8);
    expect(after.samplingHalfWidth).toBe(before.samplingHalfWidth);
    expect(after.assumption).toMatchObject({ draws: 8, below: 0 });
    expect(after.assumption!.above).toBeGreaterThan(0);
    expect(after.high).toBeGreaterThan(before.high);
    expect(after.low).toBe(before.low);
    expect(run.resultHash).toBe(alone.run.resultHash);
  });

  it.each([1, 2, 3])('stopped after %p replications keeps just those', async (kept) => {
    const stop = new AbortController();
    const { run } = await playRun(
      pretendRequest({ assumptionDraws: 8 }),
      {
        signal: stop.signal,
        onReplication: ({ replication }) => {
          if (replication === kept - 1) stop.abort();
        },
      },
      pretendParts(),
      '1',
    );
    expect(run).toMatchObject({ partial: true, replications: kept, replicationsAsked: 4 });
    expect(run.assumptionDraws).toBe(0);
    const whole = await playRun(pretendRequest({ replications: kept }), {}, pretendParts(), '1');
    expect(run.resultHash).toBe(whole.run.resultHash);
  });

  it('stopped before the first replication is explained, with the exit code of Ctrl-C', async () => {
    const signal = AbortSignal.abort();
    await expect(playRun(pretendRequest(), { signal }, pretendParts(), '1')).rejects.toMatchObject({
      name: 'ExplainedError',
      exitCode: 130,
    });
  });

  it('stopped between assumptions is partial and claims nothing of them', async () => {
    const stop = new AbortController();
    const expect_ = jest.fn((world: World) => {
      stop.abort();
      return pretendTotals(world, 0, 0);
    });
    const parts = pretendParts({ expect: expect_ });
    const { run } = await playRun(
      pretendRequest({ assumptionDraws: 8 }),
      { signal: stop.signal },
      parts,
      '1',
    );
    expect(expect_).toHaveBeenCalledTimes(1);
    expect(run).toMatchObject({ partial: true, replications: 4, assumptionDraws: 0 });
    expect(run.headlines[0]!.assumption).toBeNull();
  });

  it('tells how far it is', async () => {
    const told: RunProgress[] = [];
    await playRun(
      pretendRequest({ assumptionDraws: 4 }),
      { onProgress: (progress) => told.push(progress) },
      pretendParts(),
      '1',
    );
    expect([...new Set(told.map(({ stage }) => stage))]).toEqual([
      'preparing',
      'playing',
      'assumptions',
      'writing',
    ]);
    const played = told.filter(({ stage }) => stage === 'playing').at(-1)!;
    expect(played).toMatchObject({ replicationsDone: 4, replicationsPlanned: 4, share: 1 });
    expect(played.widest?.relativeError).toBeGreaterThan(0);
  });

  it('tells how far it is within a replication, by the purchases it expects', async () => {
    const expected = smallWorld().flows.reduce(
      (sum, { intended }) => sum + intended.reduce((all, day) => all + day, 0),
      0,
    );
    // Half of the first of four; then more than were expected of all. Words closer than a tenth of
    // a second to the last are not passed on.
    const play: typeof pretendPlay = async (world, options) => {
      for (const count of [expected / 2, expected * 9]) {
        await setTimeout(150);
        options.onPurchases(count);
      }
      await pretendPlay(world, options);
    };
    const told: RunProgress[] = [];
    const watch = { onProgress: (progress: RunProgress) => told.push(progress) };
    await playRun(pretendRequest(), watch, pretendParts({ play }), '1');
    const [, half, beyond] = told.filter(({ stage }) => stage === 'playing');
    expect(half).toMatchObject({ replicationsDone: 0, purchases: expected / 2 });
    expect(half!.share).toBeCloseTo(1 / 8, 9);
    expect(half!.etaSeconds! / 0.15).toBeGreaterThan(6);
    expect(beyond).toMatchObject({ replicationsDone: 0, share: 1 });
  });
});

describe('a scenario’s hash', () => {
  it('is that of what it says, not of how its keys are ordered', () => {
    const { name, ...rest } = pretendScenario();
    const turned = { ...rest, name };
    expect(Object.keys(turned)).not.toEqual(Object.keys(pretendScenario()));
    expect(hashOfScenario(turned)).toBe(hashOfScenario(pretendScenario()));
    expect(hashOfScenario(pretendScenario({ title: 'another' }))).not.toBe(hashOfScenario(turned));
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 2 })).toBe('{"a":2,"b":[{"c":null,"d":1}]}');
  });
});

describe('a run’s folder', () => {
  const record = (
    name: string,
    changes: Partial<Keeping> = {},
    watch = {},
    parts = pretendParts(),
  ) => recordRun(pretendRequest(), keeping(name, changes), watch, parts, '1.0.0');

  it('holds every table, and what they say adds up to the run', async () => {
    const { played, manifest } = await record('whole', { report: async () => '<!doctype html>' });
    const names = readdirSync(join(root, 'whole')).sort();
    expect(names).toEqual(
      [
        ...TABLES.map(({ id }) => `${id}.csv`),
        'dictionary.json',
        'manifest.json',
        'report.html',
        'run.json',
      ].sort(),
    );
    expect(manifest.files.map(({ path }) => path)).toEqual(
      names.filter((name) => name !== 'manifest.json'),
    );
    const table = (id: string): Record<string, string>[] =>
      parse(readFileSync(join(root, 'whole', `${id}.csv`)), { columns: true });
    const sum = (rows: Record<string, string>[], column: string): number =>
      rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(sum(table('corridors'), 'payments')).toBe(played.run.payments);
    expect(sum(table('corridors'), 'purchases')).toBe(played.run.purchases);
    expect(sum(table('funnel'), 'purchases')).toBe(played.run.purchases);
    expect(sum(table('funnel'), 'share')).toBeCloseTo(8, 9);
    expect(sum(table('categories'), 'payments')).toBe(played.run.payments);
    expect(sum(table('areas'), 'payments')).toBe(played.run.payments);
    expect(sum(table('daily'), 'refunded_minor')).toBe(4 * 5_000);
    expect(sum(table('wallets'), 'pay_to_minor')).toBe(sum(table('daily'), 'pay_to_minor'));
    expect(sum(table('acquirers'), 'paid_minor')).toBe(sum(table('daily'), 'paid_minor'));
    // Clearing days are counted from the day before the period, so the third is its second day.
    expect(new Set(table('daily').map((row) => row['clearing_day']))).toEqual(
      new Set(['2025-03-04']),
    );
    const values = table('replications').filter((row) => row['headline'] === 'payments');
    expect(values.map((row) => Number(row['value']))).toEqual([214, 228, 242, 256]);
    for (const { path, rows } of manifest.files.filter((file) => file.rows !== null)) {
      expect(rows).toBe(table(path.replace('.csv', '')).length);
    }
  });

  it('is the same bytes twice, but for the clock in its manifest', async () => {
    await record('first', { formats: ['csv', 'json', 'parquet', 'arrow'] });
    await record('second', { formats: ['csv', 'json', 'parquet', 'arrow'] });
    const [first, second] = ['first', 'second'].map((name) => readManifest(join(root, name)));
    expect(first!.files.length).toBeGreaterThan(4 * TABLES.length);
    expect(second!.files).toEqual(first!.files);
  });

  it('takes the place of an older run, and nothing else’s', async () => {
    await record('again');
    await record('again', { formats: ['json'] });
    expect(readdirSync(join(root, 'again'))).not.toContain('headlines.csv');
    expect(readdirSync(join(root, 'again'))).toContain('headlines.jsonl');
    writeFileSync(join(root, 'again', 'notes.txt'), 'mine');
    await expect(record('again')).rejects.toMatchObject({
      message: expect.stringContaining('notes.txt'),
      exitCode: 2,
    });
    mkdirSync(join(root, 'foreign'));
    writeFileSync(join(root, 'foreign', 'thesis.tex'), '');
    await expect(record('foreign')).rejects.toThrow('thesis.tex');
    writeFileSync(join(root, 'a-file'), '');
    await expect(record('a-file')).rejects.toThrow('no folder');
    mkdirSync(join(root, 'empty'));
    await record('empty');
    expect(existsSync(join(root, 'empty', 'manifest.json'))).toBe(true);
  });

  it('is not there when the run fails, and what was there before stays', async () => {
    await record('kept');
    const before = readFileSync(join(root, 'kept', 'manifest.json'), 'utf8');
    const broken = pretendParts({
      play: async (world, options) => {
        options.onReplication(0, pretendTotals(world, 0, 0));
        throw new Error('a worker died for good');
      },
    });
    await expect(record('kept', {}, {}, broken)).rejects.toThrow('died for good');
    await expect(record('never', {}, {}, broken)).rejects.toThrow('died for good');
    expect(readFileSync(join(root, 'kept', 'manifest.json'), 'utf8')).toBe(before);
    expect(existsSync(join(root, 'never'))).toBe(false);
    expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is marked partial when it was interrupted', async () => {
    const stop = new AbortController();
    const watch = { signal: stop.signal, onReplication: () => stop.abort() };
    const { manifest } = await record('partial', {}, watch);
    expect(manifest).toMatchObject({ partial: true, replications: 1, replicationsAsked: 4 });
    const findings = await verifyResult(manifest, {}, pretendParts(), '1.0.0');
    expect(findings.map(({ ok }) => ok)).toEqual([true, true, true]);
  });
});

describe('verifying', () => {
  const findingsOf = async (folder: string, parts = pretendParts()) => {
    const manifest = readManifest(folder);
    return [
      ...(await verifyFiles(folder, manifest)),
      ...verifyInputs(manifest, '1.0.0'),
      ...(await verifyResult(manifest, {}, parts, '1.0.0')),
    ];
  };
  const faults = (findings: Awaited<ReturnType<typeof findingsOf>>): string[] =>
    findings.filter(({ ok }) => !ok).map(({ what }) => what);

  let folder: string;
  beforeEach(async () => {
    const place = mkdtempSync(join(root, 'verified-'));
    await recordRun(pretendRequest(), keeping('any', { place }), {}, pretendParts(), '1.0.0');
    folder = place;
  });

  it('finds nothing in a run as it was written', async () => {
    const findings = await findingsOf(folder);
    expect(findings.length).toBeGreaterThan(TABLES.length);
    expect(faults(findings)).toEqual([]);
  });

  it('names a file that was changed, one that is missing and one that came', async () => {
    const path = join(folder, 'corridors.csv');
    writeFileSync(path, readFileSync(path, 'utf8').replace('TH', 'TW'));
    rmSync(join(folder, 'funnel.csv'));
    writeFileSync(join(folder, 'extra.csv'), '');
    const findings = await findingsOf(folder);
    expect(faults(findings).sort()).toEqual([
      'file corridors.csv',
      'file extra.csv',
      'file funnel.csv',
    ]);
    expect(findings.find(({ what }) => what === 'file extra.csv')?.remarkOnly).toBe(true);
    expect(findings.find(({ what }) => what === 'file funnel.csv')?.found).toBe('missing');
  });

  it('names a scenario that was edited, and a kernel that counts otherwise', async () => {
    const path = join(folder, 'manifest.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll('never was', 'always was'));
    expect(faults(await findingsOf(folder))).toContain('scenario');
    writeFileSync(path, text);
    const other = pretendParts({
      play: (world, options) => pretendPlay(world, { ...options, seed: options.seed + 1 }),
    });
    expect(faults(await findingsOf(folder, other))).toEqual([
      'purchases',
      'payments',
      'result hash',
    ]);
  });

  it('says what to do about a folder that is no run', () => {
    expect(() => readManifest(root)).toThrow('wayfare sim run');
    writeFileSync(join(root, 'manifest.json'), '{"wayfareRun":1}');
    expect(() => readManifest(root)).toThrow('no manifest of this version');
    rmSync(join(root, 'manifest.json'));
  });

  it('would see a difference at all: the pretended world is not empty', () => {
    const world = smallWorld();
    expect(pretendAnswers(world, pretendTotals(world, 7, 0)).headlines.payments).toBe(214);
  });
});
