// Goal: what a person gets from `sim run` and `sim verify`: one result whatever the threads, a run that
// survives Ctrl-C, exit codes that scripts can trust, data and talk on streams of their own.
// Method: the built command line is run as a process of its own on three days of Thais in Japan.
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { simulationRun } from '#contracts/simulation/run';
import type { RunManifest } from '#scenarios';

const MAIN = join(projectRoot, 'dist/apps/cli/src/main.js');
const SCENARIO = `
wayfareScenario: 1
name: three-days
title: Three days of Thais in Japan
extends: thailand-japan
period: { from: 2025-03-03, to: 2025-03-05 }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-sim-run-'));
  writeFileSync(join(folder, 'days.yaml'), SCENARIO);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, NO_COLOR: '1', INIT_CWD: '' };

function sim(...words: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, 'sim', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
}

const manifestOf = (name: string): RunManifest =>
  JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8')) as RunManifest;

const QUICK = ['--draws', '0', '--progress', 'none'];

/** A run that is stopped by Ctrl-C as soon as its progress says what is waited for. */
async function interrupted(
  words: readonly string[],
  when: RegExp,
): Promise<{ readonly status: unknown; readonly data: string; readonly talk: string }> {
  const child = spawn(process.execPath, [MAIN, 'sim', ...words, '--progress', 'json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let [talk, data] = ['', ''];
  let isStopped = false;
  child.stdout.on('data', (chunk: Buffer) => (data += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    talk += chunk.toString();
    if (isStopped || !when.test(talk)) return;
    isStopped = true;
    child.kill('SIGINT');
  });
  const status = await new Promise((done) => child.on('close', done));
  return { status, data, talk };
}

describe('sim run', () => {
  it('gives one result on one thread and on two, and JSON as published', () => {
    const runs = ['1', '2'].map((jobs) =>
      sim('run', 'days.yaml', '--seed', '7', '--reps', '2', '--jobs', jobs, '--json', ...QUICK),
    );
    expect(runs.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ]);
    expect(runs[1]!.stdout).toBe(runs[0]!.stdout);
    const run = simulationRun.parse(JSON.parse(runs[0]!.stdout));
    expect(run).toMatchObject({ seed: 7, replications: 2, fidelity: 'fast', partial: false });
    expect(run.payments).toBeGreaterThan(10_000);
  }, 60_000);

  it('is kept, verified, and found out when changed', () => {
    const told = sim('run', 'days.yaml', '--reps', '1', '--out', 'kept', ...QUICK);
    expect(told.stdout).toContain('Three days of Thais in Japan');
    expect(told.stdout).toContain('wayfare sim verify kept');
    const { files, resultHash } = manifestOf('kept');
    expect(told.stdout).toContain(resultHash);
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['daily.csv', 'dictionary.json', 'report.html', 'run.json']),
    );
    expect(sim('verify', 'kept')).toMatchObject({ status: 0 });
    const path = join(folder, 'kept', 'daily.csv');
    writeFileSync(path, `${readFileSync(path, 'utf8')}0,2025-03-06\r\n`);
    const changed = sim('verify', 'kept');
    expect(changed).toMatchObject({ status: 1 });
    expect(changed.stdout).toMatch(/FAIL {2}file daily\.csv/);
  }, 60_000);

  it.each(['fast', 'exact'])(
    'keeps what is whole at Ctrl-C, says so, and it verifies: %s',
    async (kernel) => {
      const words = ['run', 'days.yaml', '--reps', '5000', '--draws', '0', '--jobs', '1'];
      const kept = ['--out', 'stopped', '--format', 'csv', '--fidelity', kernel];
      const { status, data } = await interrupted([...words, ...kept], /"replicationsDone":[1-9]/);
      expect(status).toBe(130);
      expect(data).toContain('INTERRUPTED');
      const { partial, replications, replicationsAsked } = manifestOf('stopped');
      expect(partial).toBe(true);
      expect(replicationsAsked).toBe(5_000);
      expect(replications).toBeGreaterThanOrEqual(1);
      expect(replications).toBeLessThan(5_000);
      expect(sim('verify', 'stopped')).toMatchObject({ status: 0 });
    },
    90_000,
  );

  it('ends at Ctrl-C within the first replication of a long one, and keeps nothing', async () => {
    const words = ['run', 'days.yaml', '--set', 'period.to=2025-12-31', '--fidelity', 'exact'];
    const { status, data, talk } = await interrupted(
      [...words, '--out', 'nothing'],
      /"replicationsDone":0,.*"purchases":[1-9].*"share":0\.0*[1-9].*"etaSeconds":\d/,
    );
    expect({ status, data }).toEqual({ status: 130, data: '' });
    expect(talk).toContain('before the first replication was whole');
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  }, 90_000);

  it('says in text, JSON and report alike what growth took to its end', () => {
    const words = ['run', 'days.yaml', '--fidelity', 'fluid', '--set'];
    const grown = [...words, 'acceptance.growthPercentPerYear=60', ...QUICK];
    const { remarks } = simulationRun.parse(
      JSON.parse(sim(...grown, '--json', '--out', 'grown', '--format', 'html').stdout),
    );
    const remark = remarks.find((one) => one.includes('convenience_store')) ?? 'none';
    // 92 % are stated, and merchants that grow by 60 % a year take the rest.
    expect(remark).toMatch(/would come to 1\d\d\.\d %; it is everywhere, 100 %/);
    expect(readFileSync(join(folder, 'grown', 'report.html'), 'utf8')).toContain(remark);
    expect(sim(...grown).stdout.replace(/\s+/g, ' ')).toContain(remark);
  }, 60_000);

  it('keeps a whole run at Ctrl-C while its page plays something beside it', async () => {
    const words = ['run', 'days.yaml', '--fidelity', 'fluid', '--draws', '0', '--out', 'left'];
    const child = spawn(
      process.execPath,
      [MAIN, 'sim', ...words, '--tornado', 'valueUsd', '--format', 'html', '--progress', 'json'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env },
    );
    let talk = '';
    let isStopped = false;
    child.stderr.on('data', (chunk: Buffer) => {
      talk += chunk.toString();
      if (isStopped || !/"part":\{"name":"tornado of valueUsd","step":"figure/.test(talk)) return;
      isStopped = true;
      child.kill('SIGINT');
    });
    const status = await new Promise((done) => child.on('close', done));
    expect({ status, isStopped }).toEqual({ status: 130, isStopped: true });
    expect(manifestOf('left')).toMatchObject({ partial: false, replications: 1 });
    const page = readFileSync(join(folder, 'left', 'report.html'), 'utf8');
    expect(page).toMatch(/Interrupted\.<\/strong> The run is whole/);
    expect(page).not.toContain('id="tornado"');
    expect(sim('verify', 'left')).toMatchObject({ status: 0 });
  }, 90_000);

  it.each([
    ['a number that is none', ['run', 'days.yaml', '--reps', 'many'], 2, /whole number from 1/],
    ['an unknown kernel', ['run', 'days.yaml', '--fidelity', 'best'], 2, /exact, fast, fluid/],
    ['an unknown format', ['run', 'days.yaml', '--format', 'xls'], 2, /csv, parquet/],
    ['an unknown scenario', ['run', 'nowhere'], 3, /no scenario is called nowhere/],
    ['a folder that is not ours', ['run', 'days.yaml', '--out', '.', ...QUICK], 2, /days\.yaml/],
    ['a comparison without a report', ['run', 'days.yaml', '--against', 'typhoon'], 2, /--out/],
    ['a folder that is no run', ['verify', '.'], 2, /manifest\.json/],
  ])('refuses %s', (_, words, status, message) => {
    const refused = sim(...words);
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status, stdout: '' });
    expect(refused.stderr).toMatch(message);
  });
});
