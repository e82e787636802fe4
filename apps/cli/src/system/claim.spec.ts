/**
 * Goal: a data folder has one system at a time, and a killed one does not keep it for ever.
 * Method: claim a folder twice, then claim it after claims that dead processes and old files left.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder, isClaim, readClaim, type Claim } from './claim.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wayfare-claim-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fileOf = (): string => join(folder, 'system.json');

async function claimed(): Promise<Claim> {
  const result = await claimFolder(folder, 'serving');
  if (!isClaim(result)) throw new Error(`held by ${String(result.pid)}`);
  return result;
}

it('is given to one, and to the next when that one lets go', async () => {
  const first = await claimed();
  expect(await claimFolder(folder, 'passing')).toEqual({ pid: process.pid, stay: 'serving' });
  expect(await readClaim(folder)).toEqual({ pid: process.pid, stay: 'serving' });
  await first.release();
  expect(await readClaim(folder)).toBe('free');
  await (await claimed()).release();
  expect(existsSync(fileOf())).toBe(false);
});

it('is given to exactly one of many who come at once', async () => {
  const results = await Promise.all(
    Array.from({ length: 8 }, () => claimFolder(folder, 'passing')),
  );
  const claims = results.filter(isClaim);
  expect(claims).toHaveLength(1);
  await claims[0]?.release();
});

it.each([
  ['a process that is dead', () => String(spawnSync(process.execPath, ['-e', '']).pid), 0],
  ['a number that another process has by now', () => String(process.pid), 120],
])('is free again after %s', async (_, pidOf, ageSeconds) => {
  writeFileSync(fileOf(), `{"pid":${pidOf()},"stay":"serving"}`);
  const writtenAt = Date.now() / 1_000 - ageSeconds;
  utimesSync(fileOf(), writtenAt, writtenAt);
  expect(await readClaim(folder)).toBe('abandoned');
  await (await claimed()).release();
});

it('is free again after a file that says nothing', async () => {
  writeFileSync(fileOf(), '{"pid":');
  expect(await readClaim(folder)).toBe('abandoned');
  await (await claimed()).release();
});
