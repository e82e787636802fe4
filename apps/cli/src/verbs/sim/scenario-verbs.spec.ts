/**
 * Goal: a person who has never seen the tool finds the way from the help alone, and is never left
 * with a stack trace, an overwritten file or half the truth.
 * Method: command lines run as a shell would, in a folder of their own, with both streams collected;
 * the start file is loaded, once as it is and once with every suggestion taken.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { projectRoot } from '#platform/project-root';
import { run } from '../../run.js';

let folder: string;
let out: string;
let told: string;
const before = process.env['INIT_CWD'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-sim-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  process.env['INIT_CWD'] = folder;
  [out, told] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(() => {
  if (before === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = before;
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

const sim = (...words: string[]): Promise<number> => run(['sim', ...words]);

/** The start file with every line taken that is behind a `#` as a suggestion. */
function withSuggestions(text: string): string {
  const at = text.indexOf('# period:');
  const suggested = text
    .slice(at)
    .split('\n')
    .map((line) => {
      const isWords = /^# (A figure|because, the|  *# )/.test(line);
      return isWords ? line : line.replace(/^# ?/, '');
    });
  return text.slice(0, at) + suggested.join('\n');
}

it('opens its help with the question and its three commands', async () => {
  expect(await sim('--help')).toBe(0);
  const commands = out.split('\n').filter((line) => line.startsWith('  wayfare sim '));
  expect(out.split('\n')[0]).toBe('What if the yen falls 8 %? Three commands:');
  expect(commands.slice(0, 3).map((line) => line.trim().split(/\s{2,}/)[0])).toEqual([
    'wayfare sim list',
    'wayfare sim run thailand-japan',
    'wayfare sim compare thailand-japan yen-down-8',
  ]);
});

it('shows for every subcommand how it is used, and names nothing a reader cannot type', async () => {
  expect(await sim('--help')).toBe(0);
  const names = [...out.matchAll(/^ {2}([a-z]+) (?:\[options\]|<|\[| {2})/gm)].map(
    ([, name]) => name,
  );
  expect(names).toEqual(expect.arrayContaining(['run', 'compare', 'plan', 'schema', 'cancel']));
  for (const name of names.filter((word) => word !== 'help')) {
    out = '';
    expect(await sim(name ?? '', '--help')).toBe(0);
    expect({ name, out }).toMatchObject({
      out: expect.stringMatching(`\nExamples:\n  wayfare sim ${name ?? ''}`) as unknown,
    });
    expect(out).not.toMatch(/default: \[/);
  }
  // Whoever slips is sent to the help of what was meant.
  expect(await sim('plan')).toBe(2);
  expect(told).toContain('(wayfare sim plan --help says more)');
});

it('lists what ships, for persons and for programs', async () => {
  expect(await sim('list')).toBe(0);
  expect(out).toMatch(/^ {2}thailand-japan +Thailand to Japan, 2025$/m);
  expect(out).toMatch(/^ {4}yen-down-8 +The yen/m);
  out = '';
  expect(await sim('list', '--json')).toBe(0);
  const { scenarios } = JSON.parse(out) as {
    scenarios: { name: string; extends: string | null }[];
  };
  expect(scenarios.find(({ name }) => name === 'yen-down-8')?.extends).toBe('thailand-japan');
});

it('writes a start file once, which is valid with and without its suggestions', async () => {
  expect(await sim('init', 'my-plan')).toBe(0);
  const path = join(folder, 'my-plan.yaml');
  const text = readFileSync(path, 'utf8');
  expect(await sim('check', 'my-plan.yaml')).toBe(0);
  expect(out).toContain('my-plan is valid');
  writeFileSync(join(folder, 'taken.yaml'), withSuggestions(text));
  told = '';
  expect(await sim('check', 'taken')).toBe(0);
  expect(told).toBe('');
  out = '';
  expect(await sim('explain', 'taken')).toBe(0);
  expect(out).toContain('My Wallet of Thailand joins on 2025-01-01');
  expect(out).toContain('JPY is 8 % cheaper');

  expect(await sim('init', 'my-plan')).toBe(2);
  expect(told).toContain('is left as it is');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('starts from a file of one’s own, and refuses names that are none', async () => {
  expect(await sim('init', 'first')).toBe(0);
  expect(await sim('init', 'second', '--from', 'first.yaml')).toBe(0);
  expect(await sim('check', 'second.yaml')).toBe(0);
  expect(await sim('init', 'Third Plan')).toBe(2);
  expect(await sim('init', 'fourth', '--from', 'nothing-such')).toBe(3);
});

it('names every fault with its place, in lines or as data, and exits with 3', async () => {
  writeFileSync(
    join(folder, 'bad.yaml'),
    'wayfareScenario: 1\nname: bad\ntitle: Bad\nextends: thailand-japan\nfees:\n  mdrBps: 3\n  mdr: 3\n',
  );
  expect(await sim('check', 'bad.yaml')).toBe(3);
  expect(told).toMatch(
    /^wayfare: 2 faults\n {2}bad\.yaml:6:11 \/fees\/mdrBps: .*\n {2}bad\.yaml:7:3 \/fees\/mdr: /,
  );
  process.exitCode = undefined;
  expect(await sim('check', 'bad.yaml', '--json')).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    valid: false,
    faults: [
      { at: { file: 'bad.yaml', line: 6, column: 11 }, pointer: '/fees/mdrBps' },
      { pointer: '/fees/mdr' },
    ],
  });
  process.exitCode = undefined;
  expect(await sim('explain', 'bad.yaml')).toBe(3);
});

it('tells once what the figures cannot give', async () => {
  expect(await sim('check', 'thailand-japan', '--set', 'fx.year=2017')).toBe(3);
  const lines = told.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^wayfare: --set \/fx\/year: .*some days of 2017; rates are known from/);
});

it('explains first what differs, and takes --set before or after the name', async () => {
  expect(await sim('explain', '--set', 'fees.mdrBps=150', 'twice-daily')).toBe(0);
  const [head] = out.split('\n\nWho travels');
  expect(head).toContain('What differs from thailand-japan');
  expect(head).toContain('Merchants pay their acquirer 150 basis points.');
  expect(head).toContain('cut off 2 times a day');
  expect(out.indexOf('GCash')).toBe(-1);
  out = '';
  expect(await sim('explain', 'twice-daily', '--all', '--set', 'fees.mdrBps=150')).toBe(0);
  expect(out).toContain('GCash weighs 86');
  out = '';
  expect(await sim('explain', 'twice-daily', '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ name: 'twice-daily', extends: 'thailand-japan' });
});

it('prints the schema that is published', async () => {
  expect(await sim('schema')).toBe(0);
  expect(out).toBe(readFileSync(join(projectRoot, 'data/scenarios/scenario.schema.json'), 'utf8'));
});

it('accepts the example of the page about scenarios', async () => {
  const page = readFileSync(join(projectRoot, 'docs/scenarios.md'), 'utf8');
  const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
  expect(example).toContain('shocks:');
  writeFileSync(join(folder, 'example.yaml'), example);
  expect(await sim('check', 'example.yaml')).toBe(0);
});
