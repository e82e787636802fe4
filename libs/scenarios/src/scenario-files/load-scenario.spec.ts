/**
 * Goal: chains and settings do what docs/scenarios.md says, and all faults are told at once.
 * Method: small files in a folder of their own; chains and settings by their effect, faults by
 * file, line and pointer.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHILD, HEAD, figure, scenarioFolder } from '#testkit/scenario-folder';
import { faultText, loadScenario, readScenario } from './load-scenario.js';
import type { ScenarioFault } from './scenario-fault.js';

const files = scenarioFolder();

function faultsIn(text: string): readonly ScenarioFault[] {
  const read = readScenario(files.write('mine.yaml', text), { folder: files.path });
  return read.ok ? [] : read.faults;
}
const JOINING = `wallets:
  joining:
    - id: lotus
      name: Lotus
      origin: TH
      currency: THB
      joins: 2025-03-01
      wishPercent: { value: WISH, because: a test says so }
      cannibalisationPercent: { value: 10, because: a test says so }
      destinations: [JP]
`;

it('adds up what an origin would like to pay by wallet', () => {
  const fits = `${CHILD}${JOINING.replace('WISH', '20')}`;
  const exceeds = `${CHILD}${JOINING.replace('WISH', '95')}`;
  expect(faultsIn(fits)).toEqual([]);
  expect(faultsIn(exceeds).map(({ pointer, at }) => [pointer, at.line])).toEqual([
    ['/wallets/joining/0/wishPercent', 12],
  ]);
});

it('refuses an id that joins twice, or is another country’s', () => {
  const twice = `${JOINING}${JOINING.split('\n').slice(2).join('\n')}`.replaceAll('WISH', '2');
  expect(faultsIn(`${CHILD}${twice}`).map(({ pointer }) => pointer)).toContain(
    '/wallets/joining/0/id'.replace('0', '1'),
  );
  const foreign = JOINING.replace('WISH', '2').replace('id: lotus', 'id: gcash');
  expect(faultsIn(`${CHILD}${foreign}`)[0]?.message).toContain('gcash is a wallet of PH');
});

it('tells all faults of all files at once, each in its own file', () => {
  files.write('parent.yaml', `${HEAD}extends: thailand-japan\nfees:\n  mdrBps: 3\n`);
  const child = `${HEAD}extends: parent.yaml\nfes: {}\nsettlement:\n  netting: nett\n  capsHold: perhaps\n`;
  const faults = faultsIn(child);
  const found = faults.map(({ at, pointer }) => [at.file, at.line, pointer]);
  expect(found).toEqual([
    ['mine.yaml', 5, '/fes'],
    ['mine.yaml', 7, '/settlement/netting'],
    ['mine.yaml', 8, '/settlement/capsHold'],
    ['parent.yaml', 6, '/fees/mdrBps'],
  ]);
  expect(() => loadScenario('mine.yaml', { folder: files.path })).toThrow(
    expect.objectContaining({
      name: 'ExplainedError',
      exitCode: 3,
      message: faultText(faults),
    }) as Error,
  );
});

describe('files that are none', () => {
  it.each([
    ['text', 'hello', 'begins with wayfareScenario: 1'],
    ['a key twice', `${HEAD}title: Again\n`, 'title is here twice; keep one'],
    ['no YAML', `${HEAD}fees: [\n`, 'is not YAML'],
    ['nothing', '', 'has nothing in it; `wayfare sim init'],
    [
      'a later format',
      'wayfareScenario: 2\nname: a\ntitle: abc\nextends: thailand-japan\n',
      '2 is not known here; write 1',
    ],
    ['no period and no parent', HEAD, 'is missing; write period'],
    [
      'more than a scenario',
      `${HEAD}description: ${'x'.repeat(1_000_001)}`,
      'larger than a scenario',
    ],
  ])('refuses %s', (_, text, advice) => {
    expect(faultText(faultsIn(text))).toContain(advice);
  });

  it.each([
    ['thailand-japn', 'did you mean thailand-japan?'],
    ['nothing-like-it', 'shipped: '],
    ['./missing.yaml', 'no file is called'],
  ])('knows no scenario %s', (name, advice) => {
    const read = readScenario(name, { folder: files.path });
    expect(read.ok ? '' : faultText(read.faults)).toContain(advice);
  });
});

describe('a chain', () => {
  it('merges maps, replaces figures whole and lists whole, and adds where asked', () => {
    files.write(
      'grand.yaml',
      `${CHILD}fees:\n  mdrBps: { value: 200, range: { low: 150, high: 250 }, source: fee_split }\nshocks:\n  - { kind: default, participant: kplus, on: 2025-02-01 }\n`,
    );
    files.write(
      'parent.yaml',
      `${HEAD}extends: grand.yaml\nfees:\n  interchangeBps: ${figure(70)}\nshocks:\n  add:\n    - { kind: default, participant: truemoney, on: 2025-03-01 }\n`,
    );
    files.write(
      'child.yaml',
      `${HEAD}extends: ./parent\nfees:\n  mdrBps: ${figure(190)}\nwallets:\n  leaving: { add: [{ wallet: truemoney, on: 2025-06-01 }] }\n`,
    );
    const { fees, shocks, wallets } = loadScenario('child', { folder: files.path });
    expect(fees.mdrBps).toEqual({ value: 190, because: 'a test says so', quality: 'estimated' });
    expect(fees.interchangeBps.value).toBe(70);
    expect(shocks.map((shock) => (shock.kind === 'default' ? shock.participant : ''))).toEqual([
      'kplus',
      'truemoney',
    ]);
    expect(wallets.leaving).toEqual([{ wallet: 'truemoney', on: '2025-06-01' }]);
  });

  it('finds a parent beside the file that names it, and places added items in their file', () => {
    mkdirSync(join(files.path, 'deep'), { recursive: true });
    files.write('deep/parent.yaml', CHILD);
    files.write(
      'deep/child.yaml',
      `${HEAD}extends: parent.yaml\nshocks:\n  add:\n    - { kind: default, participant: nobody, on: 2025-03-01 }\n`,
    );
    const read = readScenario('deep/child.yaml', { folder: files.path });
    expect(read.ok ? [] : read.faults).toMatchObject([
      { at: { file: 'deep/child.yaml', line: 7 }, pointer: '/shocks/0/participant' },
    ]);
  });

  it('ends where it leads back to itself', () => {
    files.write('one.yaml', `${HEAD}extends: two.yaml\n`);
    files.write('two.yaml', `${HEAD}extends: one.yaml\n`);
    const read = readScenario('one.yaml', { folder: files.path });
    expect(read.ok ? [] : read.faults).toMatchObject([
      { at: { file: 'two.yaml', line: 4 }, pointer: '/extends' },
    ]);
  });

  it('takes the quality of the source, and reads JSON as well', () => {
    const fees = {
      mdrBps: { value: 190, source: 'jnto' },
      interchangeBps: { value: 80, source: 'https://example.org/a' },
    };
    const text = JSON.stringify({
      wayfareScenario: 1,
      name: 'mine',
      title: 'Mine',
      extends: 'thailand-japan',
      fees,
    });
    files.write('mine.json', text);
    const scenario = loadScenario('mine.json', { folder: files.path });
    expect(scenario.fees.mdrBps.quality).toBe('measured');
    expect(scenario.fees.interchangeBps.quality).toBe('secondary');
  });
});

describe('settings', () => {
  it('make a figure that says it was asked for, without range or source of the former', () => {
    const { fees } = loadScenario('thailand-japan', {
      set: ['fees.mdrBps=150', 'fees.mdrBps=160'],
    });
    expect(fees.mdrBps).toEqual({
      value: 160,
      because: 'asked for on the command line',
      quality: 'fictional',
    });
  });

  it('reach lists, dates, words, nothing, and figures that were not there', () => {
    const scenario = loadScenario('yen-down-8', {
      set: [
        'shocks.0.percent=-12',
        'corridors.origins=TH,KR',
        'corridors.destinations=JP',
        'period.to=2025-06-30',
        'settlement.netting=gross',
        'settlement.capDays=3',
        'settlement.prefundDays=null',
        'settlement.capsHold=false',
        'visitors.growthPercentPerYearByOrigin.KR=4',
      ],
    });
    expect(scenario.shocks[0]).toMatchObject({ kind: 'rate', percent: { value: -12 } });
    expect(scenario.corridors).toEqual({ origins: ['TH', 'KR'], destinations: ['JP'] });
    expect(scenario.period.to).toBe('2025-06-30');
    expect(scenario.settlement).toMatchObject({
      netting: 'gross',
      capDays: { value: 3 },
      prefundDays: null,
      capsHold: false,
    });
    expect(scenario.visitors.growthPercentPerYearByOrigin['KR']?.value).toBe(4);
  });

  it.each([
    ['fees.mdrBp=3', '/fees/mdrBp', 'did you mean mdrBps?'],
    ['fees.mdrBps=1.5%', '/fees/mdrBps', 'is no number'],
    ['fees.mdrBps=-4', '/fees/mdrBps/value', 'below'],
    ['fees.mdrBps.value=4', '/fees/mdrBps', 'set as a whole'],
    ['fees.mdrBps', '', 'is not path=value'],
    ['shocks.4.percent=4', '/shocks', 'there is no 4'],
    ['period.to=2024-01-01', '/period/to', 'before the start'],
    ['corridors.origins=QQ', '/corridors/origins/0', 'no market is called QQ'],
  ])('refuse %s', (word, pointer, advice) => {
    const read = readScenario('thailand-japan', { set: [word] });
    const [fault] = read.ok ? [] : read.faults;
    expect(fault).toMatchObject({ at: { file: '--set', line: null }, pointer });
    expect(fault?.message).toContain(advice);
  });
});
