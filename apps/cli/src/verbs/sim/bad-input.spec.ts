/**
 * Goal: whatever a person gives that cannot be, the answer is the place and what to do, the right
 * exit code, nothing on standard output and never a stack.
 * Method: one file or command line for each way of being wrong, through the real command line. The
 * words looked for are those that the person needs, which are given here by what was done wrong.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { captureStreams } from '#testkit/captured-streams';
import { run } from '../../run.js';

const HEAD = 'wayfareScenario: 1\nname: bad\ntitle: A bad one\nextends: thailand-japan\n';
const BILLION_LAUGHS = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b', 'c', 'd'].reduce((text, key) => {
  const above = String.fromCharCode(key.charCodeAt(0) - 1);
  return `${text}\n${key}: &${key} [${Array(9).fill(`*${above}`).join(',')}]`;
});

// Worlds of millions of merchants are made slowly in a test runner.
jest.setTimeout(60_000);

let folder: string;
const before = process.env['INIT_CWD'];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-bad-input-'));
  process.env['INIT_CWD'] = folder;
  writeFileSync(join(folder, 'good.yaml'), HEAD.replace('bad', 'good'));
  mkdirSync(join(folder, 'folder.yaml'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = before;
});

const streams = captureStreams();

async function refused(words: readonly string[]): Promise<{ exit: number; talk: string }> {
  const exit = await run(['sim', ...words, '--json']);
  const { data, talk } = streams;
  // `check` answers as data; everybody else has nothing to say there.
  if (words[0] !== 'check') expect(data).toBe('');
  expect(talk).not.toMatch(/^\s+at |\bundefined\b|\[object/m);
  return { exit, talk: words[0] === 'check' ? data : talk };
}

describe('a file that is no scenario', () => {
  it.each([
    ['nothing', '', 'sim init'],
    ['only a comment', '# later\n', 'sim init'],
    ['words', 'just words\n', 'begins with wayfareScenario: 1'],
    ['a list', '- a\n- b\n', 'begins with wayfareScenario: 1'],
    ['bytes', '\u0000\u0001PNG', 'wayfareScenario'],
    ['not YAML', 'a: [1, 2\nb: }', 'is not YAML'],
    ['two documents', `---\n${HEAD}---\nb: 1\n`, 'second document'],
    ['the end of all depth', `a: ${'['.repeat(20_000)}`, 'nested too deep'],
    ['itself over and over', BILLION_LAUGHS, 'write out what they stand for'],
    ['a megabyte', '#'.repeat(1_000_001), 'larger than a scenario'],
  ])('%s', async (_, text, words) => {
    writeFileSync(join(folder, 'bad.yaml'), text);
    const { exit, talk } = await refused(['run', 'bad.yaml']);
    expect(exit).toBe(3);
    expect(talk).toMatch(/^wayfare: bad\.yaml/);
    expect(talk.trim().split('\n')).toHaveLength(1);
    expect(talk).toContain(words);
  });

  it('a folder, or nothing at all', async () => {
    expect(await refused(['run', 'folder.yaml'])).toEqual({
      exit: 3,
      talk: 'wayfare: folder.yaml: is a folder; name a file in it\n',
    });
    streams.talk = '';
    const missing = await refused(['compare', 'good.yaml', './nowhere.yaml']);
    expect(missing).toEqual({
      exit: 3,
      talk: 'wayfare: ./nowhere.yaml: no file is called ./nowhere.yaml\n',
    });
  });

  it('files that extend each other', async () => {
    const head = HEAD.replace('thailand-japan', 'b.yaml');
    writeFileSync(join(folder, 'a.yaml'), head);
    writeFileSync(join(folder, 'b.yaml'), HEAD.replace('thailand-japan', 'a.yaml'));
    const { exit, talk } = await refused(['explain', 'a.yaml']);
    expect(exit).toBe(3);
    expect(talk).toContain('b.yaml:4:10 /extends: leads back to a.yaml');
  });
});

const figure = (value: number | string): string => `{ value: ${String(value)}, because: I say so }`;

describe('a scenario that cannot be', () => {
  it.each([
    ['an unknown section', 'setlement: {}', '/setlement', 'did you mean settlement?'],
    ['an unknown key', `fees: { mdrBp: ${figure(9)} }`, '/fees/mdrBp', 'did you mean mdrBps?'],
    ['another unit', `fx: { markupPercent: ${figure(1)} }`, '/fx/markupPercent', 'markupBps'],
    ['a unit in the value', `fx: { markupBps: ${figure('80 bps')} }`, '/fx/markupBps/value', '80'],
    ['a negative number', `fees: { mdrBps: ${figure(-5)} }`, '/fees/mdrBps/value', '0'],
    ['a number that is none', `fees: { mdrBps: ${figure('.nan')} }`, '/fees/mdrBps/value', 'NaN'],
    [
      'a key twice',
      `fees:\n  mdrBps: ${figure(150)}\n  mdrBps: ${figure(160)}`,
      '/fees/mdrBps',
      'keep one',
    ],
    [
      'shares that come to more than all',
      `conduct: { abandonedPercent: ${figure(70)}, timedOutPercent: ${figure(50)} }`,
      '/conduct',
      'cannot exceed 100 %',
    ],
    [
      'more acceptance than there are purchases',
      `acceptance: { scalePercent: ${figure(140)} }`,
      '/acceptance/scalePercent',
      // 92 % of purchases in convenience stores: 108 % of that is the last whole number below all.
      'lower it to 108 at most',
    ],
    [
      'a share above 100 %',
      `acceptance: { percentByCategory: { taxi: ${figure(101)} } }`,
      '/acceptance/percentByCategory/taxi/value',
      '100',
    ],
    [
      'a date that is none',
      'period: { from: 2025-02-30, to: 2025-03-31 }',
      '/period/from',
      'YYYY-MM-DD',
    ],
    [
      'an end before the start',
      'period: { from: 2025-03-31, to: 2025-03-01 }',
      '/period/to',
      'before the start',
    ],
    [
      'dates outside the rates',
      'period: { from: 2017-03-01, to: 2017-03-31 }',
      '/period',
      'rates are known from',
    ],
    [
      'dates outside the calendars',
      'period: { from: 2031-03-01, to: 2031-03-31 }',
      '/period',
      'calendar of THB covers',
    ],
    [
      'a market nobody has figures of',
      'corridors: { origins: [TH], destinations: [BR] }',
      '/corridors/destinations/0',
      'acceptance.merchants.BR',
    ],
    [
      'a market’s code that is none',
      'corridors: { origins: [THA], destinations: [JP] }',
      '/corridors/origins/0',
      'does not fit',
    ],
  ])('%s', async (_, text, pointer, words) => {
    writeFileSync(join(folder, 'bad.yaml'), `${HEAD}${text}\n`);
    const { exit, talk } = await refused(['check', 'bad.yaml']);
    expect(exit).toBe(3);
    const { faults } = JSON.parse(talk) as {
      faults: { pointer: string; message: string; at: { file: string; line: number } }[];
    };
    const found = faults.find(
      (fault) => fault.pointer === pointer && fault.message.includes(words),
    );
    expect({ faults, found: found !== undefined }).toEqual({ faults, found: true });
    expect(found?.at.file).toBe('bad.yaml');
    expect(found?.at.line).toBeGreaterThanOrEqual(5);
  });

  it('is refused by every verb that would play it, in the same words', async () => {
    writeFileSync(join(folder, 'bad.yaml'), `${HEAD}fees: { mdrBp: ${figure(9)} }\n`);
    const told = new Set<string>();
    for (const words of [
      ['run', 'bad.yaml'],
      ['compare', 'good.yaml', 'bad.yaml'],
      ['sweep', 'bad.yaml', '--set', 'fx.markupBps=20..40:2'],
      ['tornado', 'bad.yaml'],
      ['plan', 'bad.yaml'],
      ['whatif', 'bad.yaml'],
      ['calibrate', 'bad.yaml'],
      ['explain', 'bad.yaml'],
    ]) {
      streams.talk = '';
      const { exit, talk } = await refused(words);
      expect({ words, exit }).toEqual({ words, exit: 3 });
      told.add(talk);
    }
    expect([...told]).toEqual([
      'wayfare: bad.yaml:5:9 /fees/mdrBp: unknown key; did you mean mdrBps?\n',
    ]);
  });
});

describe('a command line that is not understood', () => {
  it.each([
    [['run'], /missing required argument 'scenario'/],
    [['run', 'good.yaml', '--bogus'], /unknown option '--bogus'/],
    [['runn', 'good.yaml'], /Did you mean run\?/],
    [['run', 'good.yaml', '--seed', '-1'], /whole number from 0/],
    [['run', 'good.yaml', '--seed', '1e3'], /whole number/],
    [['run', 'good.yaml', '--seed', '99999999999999999999'], /whole number/],
    [['run', 'good.yaml', '--reps', '0'], /from 1 to 10000/],
    [['run', 'good.yaml', '--reps', '1000000000'], /from 1 to 10000/],
    [['run', 'good.yaml', '--jobs', '100000'], /from 1 to 256/],
    [['run', 'good.yaml', '--draws', '1'], /one draw has no spread/],
    [['run', 'good.yaml', '--draws', '100000000'], /from 0 to 1000/],
    [['run', 'good.yaml', '--until-rel-error', '2'], /between 0 and 1/],
    [['compare', 'good.yaml'], /missing required argument 'other'/],
    [['compare', 'good.yaml', 'good.yaml', '--reps', '1'], /from 2 to 10000/],
    [['sweep', 'good.yaml'], /--set fx\.markupBps=20\.\.100:5/],
    [['sweep', 'good.yaml', '--set', 'fx.markupBps=100..20'], /the low end comes first/],
    [['sweep', 'good.yaml', '--set', 'fx.markupBps=20..x'], /write path=lo\.\.hi:steps/],
    [['sweep', 'good.yaml', '--set', 'fx.markupBps=2..9:99999'], /99,999 points.*--lhs/],
    [
      ['sweep', 'good.yaml', '--set', 'fx.markupBps=2..9:2', '--headline', 'valueUs'],
      /did you mean valueUsd\?/,
    ],
    [['tornado', 'good.yaml', '--headline', 'vlaueUsd'], /did you mean valueUsd\?/],
    [['plan', 'good.yaml', '--kinds', 'shop'], /wallet, market, segment, link/],
    [['plan', 'good.yaml', '--cost', 'wallet'], /write wallet=3/],
    [['whatif', 'good.yaml', '--shock', 'JPY'], /JPY=-8/],
    [['replay', 'good.yaml'], /--day/],
    [['replay', 'good.yaml', '--day', '2025-13-01'], /such as 2025-05-03/],
    [['replay', 'good.yaml', '--day', '2025-05-03', '--speed', '0'], /times faster than life/],
  ])('%j', async (words, told) => {
    const { exit, talk } = await refused(words);
    expect({ exit, talk }).toEqual({ exit: 2, talk: expect.stringMatching(told) as unknown });
  });

  it.each([
    [['sweep', 'good.yaml', '--set', 'fx.markupBp=20..100:2'], /\/fx\/markupBp: .*markupBps/],
    [['sweep', 'good.yaml', '--set', 'fx.markupBps=-20..100:2'], /\/fx\/markupBps\/value: -20/],
    [['sweep', 'good.yaml', '--set', 'acceptance.scalePercent=90..120:2'], /108 at most/],
    [['whatif', 'good.yaml', '--shock', 'XXX=-8'], /XXX/],
    [['whatif', 'good.yaml', '--shock', 'JPY=-800'], /lose all it is worth|-100/],
    [['whatif', 'good.yaml', '--fx-year', '2050'], /rates are known from/],
  ])('%j is understood, and no scenario', async (words, told) => {
    const { exit, talk } = await refused(words);
    expect({ exit, talk }).toEqual({ exit: 3, talk: expect.stringMatching(told) as unknown });
  });
});
