/**
 * Goal: whoever is given a folder of files can prove it at the command line without hub or
 * database, is told file, line and column of a difference, and a script gets exit code and JSON.
 * Method: command lines through the real program on the example that ships, and on copies of it
 * that were tampered with; no database is running.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { projectRoot } from '#platform/project-root';
import { run } from '../run.js';

const EXAMPLE = join(projectRoot, 'docs', 'examples', 'files');

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-files-'));
  out = '';
  process.exitCode = undefined;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

const recompute = (path: string, ...rest: string[]) => run(['files', 'recompute', path, ...rest]);

it('proves the example that ships', async () => {
  expect(await recompute(EXAMPLE)).toBe(0);
  expect(out).toBe('8 files in 1 sets, 5 transactions: everything computes.\n');
});

it('names file, line and column of a changed amount, and exits with 1', async () => {
  cpSync(EXAMPLE, folder, { recursive: true });
  const name = readdirSync(folder).find((file) => file.startsWith('transactionItems_')) ?? '';
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(',JPY,25054,', ',JPY,25055,').replace(',1234,JPY,', ',1235,JPY,');
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
  expect(await recompute(folder)).toBe(1);
  expect(out).toContain(`${name}:4 settlementAmountValue: says`);
  out = '';
  expect(await recompute(folder, '--json')).toBe(1);
  const report = JSON.parse(out) as { ok: boolean; count: number; findings: unknown[] };
  expect(report).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ file: name, line: 4, column: 'settlementAmountValue' }),
    ]) as unknown,
  });
});

it('takes an empty folder for no proof, and no folder for a slip', async () => {
  expect(await recompute(folder)).toBe(1);
  expect(await recompute(join(folder, 'none'))).not.toBe(0);
  expect(out).toContain('holds no manifest');
});
