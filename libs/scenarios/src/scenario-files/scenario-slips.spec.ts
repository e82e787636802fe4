/**
 * Goal: whatever a person gets wrong in a scenario is told where it stands, and with what to write
 * instead.
 * Method: small files in a folder of their own, each with one fault, against the line, the pointer
 * and the advice a person would expect.
 */
import { CHILD, figure, scenarioFolder } from '#testkit/scenario-folder';
import { faultText, readScenario } from './load-scenario.js';
import type { ScenarioFault } from './scenario-fault.js';

const files = scenarioFolder();

function faultsIn(text: string): readonly ScenarioFault[] {
  const read = readScenario(files.write('mine.yaml', text), { folder: files.path });
  return read.ok ? [] : read.faults;
}
/** The body begins on line 5, after four lines of head. */
const SLIPS: readonly (readonly [string, string, string, number, string])[] = [
  ['an unknown key', 'visitor: {}', '/visitor', 5, 'did you mean visitors?'],
  [
    'a key without its unit',
    'visitors:\n  growthPercent: 5',
    '/visitors/growthPercent',
    6,
    'growthPercentPerYear',
  ],
  ['a key in another unit', 'fees:\n  mdrPercent: 1.5', '/fees/mdrPercent', 6, 'mdrBps'],
  ['a bare number', 'fees:\n  mdrBps: 150', '/fees/mdrBps', 6, '{ value: 150, source:'],
  ['a number with its unit', 'fees:\n  mdrBps: 150 bps', '/fees/mdrBps', 6, '{ value: 150, '],
  [
    'a value with its unit',
    'fees:\n  mdrBps: { value: "150 bps", because: why }',
    '/fees/mdrBps/value',
    6,
    'write the number alone, 150',
  ],
  [
    'a figure nobody vouches for',
    'fees:\n  mdrBps: { value: 150 }',
    '/fees/mdrBps',
    6,
    'neither where it is from nor why',
  ],
  [
    'an unknown source',
    'fees:\n  mdrBps: { value: 150, source: fee_splits }',
    '/fees/mdrBps/source',
    6,
    'did you mean fee_split?',
  ],
  [
    'a range upside down',
    'fees:\n  mdrBps: { value: 150, range: { low: 200, high: 100 }, because: why }',
    '/fees/mdrBps/range',
    6,
    'swap them',
  ],
  [
    'a value outside its range',
    'fees:\n  mdrBps: { value: 150, range: { low: 160, high: 170 }, because: why }',
    '/fees/mdrBps/value',
    6,
    'outside its own range',
  ],
  [
    'half a range',
    'fees:\n  mdrBps: { value: 150, range: { low: 160 }, because: why }',
    '/fees/mdrBps/range/high',
    6,
    'is missing',
  ],
  [
    'a share above 100',
    `conduct:\n  abandonedPercent: ${figure(101)}`,
    '/conduct/abandonedPercent/value',
    6,
    '100 %',
  ],
  [
    'a share below 0',
    `conduct:\n  abandonedPercent: ${figure(-1)}`,
    '/conduct/abandonedPercent/value',
    6,
    '0 %',
  ],
  [
    'chances beyond certainty',
    `conduct:\n  abandonedPercent: ${figure(60)}\n  timedOutPercent: ${figure(50)}`,
    '/conduct',
    6,
    'cannot exceed 100 %',
  ],
  [
    'fees that leave an acquirer less than nothing',
    `fees:\n  mdrBps: ${figure(90)}`,
    '/fees/mdrBps',
    6,
    'raise mdrBps',
  ],
  [
    'a date that is none',
    'period: { from: 2025-02-30, to: 2025-03-31 }',
    '/period/from',
    5,
    'YYYY-MM-DD',
  ],
  [
    'a date in another order',
    'period: { from: 01.03.2025, to: 2025-03-31 }',
    '/period/from',
    5,
    'YYYY-MM-DD',
  ],
  [
    'an end before the start',
    'period: { from: 2025-03-31, to: 2025-03-01 }',
    '/period/to',
    5,
    'before the start',
  ],
  ['an unknown market', 'corridors:\n  origins: [THA]', '/corridors/origins/0', 6, 'does not fit'],
  [
    'a market in small letters',
    'corridors:\n  origins: [th]',
    '/corridors/origins/0',
    6,
    'did you mean TH?',
  ],
  [
    'a market nobody knows',
    'corridors:\n  origins: [TH, QQ]',
    '/corridors/origins/1',
    6,
    'no market is called QQ',
  ],
  [
    'an origin without a wallet',
    'corridors:\n  origins: [TH, BR]',
    '/corridors/origins/1',
    6,
    'wallets.joining',
  ],
  [
    'a destination without merchants',
    'corridors:\n  destinations: [JP, AU]',
    '/corridors/destinations/1',
    6,
    'acceptance.merchants.AU',
  ],
  [
    'an unknown wallet',
    `wallets:\n  weights:\n    truemony: ${figure(3)}`,
    '/wallets/weights/truemony',
    7,
    'did you mean truemoney?',
  ],
  [
    'an unknown category',
    `acceptance:\n  percentByCategory:\n    resturant: ${figure(3)}`,
    '/acceptance/percentByCategory/resturant',
    7,
    'did you mean restaurant?',
  ],
  [
    'an unknown area',
    `shocks:\n  - { kind: outage, area: JP-99, percent: ${figure(3)}, from: 2025-05-01, to: 2025-05-02 }`,
    '/shocks/0/area',
    6,
    'no area is called JP-99',
  ],
  [
    'an unknown acquirer',
    `shocks:\n  - { kind: outage, acquirer: acq_kamogwa, percent: ${figure(3)}, from: 2025-05-01, to: 2025-05-02 }`,
    '/shocks/0/acquirer',
    6,
    'did you mean acq_kamogawa?',
  ],
  [
    'an unknown participant',
    'shocks:\n  - { kind: default, participant: truemony, on: 2025-05-01 }',
    '/shocks/0/participant',
    6,
    'did you mean truemoney?',
  ],
  [
    'a currency of no destination',
    `shocks:\n  - { kind: rate, currency: EUR, percent: ${figure(3)}, from: 2025-05-01, to: 2025-05-02 }`,
    '/shocks/0/currency',
    6,
    'theirs: JPY',
  ],
  [
    'a shock of no kind',
    'shocks:\n  - { kind: outages }',
    '/shocks/0/kind',
    6,
    'did you mean outage?',
  ],
  [
    'a shock after the period',
    'shocks:\n  - { kind: default, participant: truemoney, on: 2026-05-01 }',
    '/shocks/0/on',
    6,
    'outside the period',
  ],
  [
    'a shock that ends before it begins',
    `shocks:\n  - { kind: rate, currency: JPY, percent: ${figure(3)}, from: 2025-05-02, to: 2025-05-01 }`,
    '/shocks/0/to',
    6,
    'before the start',
  ],
  [
    'a wallet that leaves too late',
    'wallets:\n  leaving: [{ wallet: truemoney, on: 2027-01-01 }]',
    '/wallets/leaving/0/on',
    6,
    'outside the period',
  ],
  [
    'a model that is none',
    'settlement:\n  netting: bilatral',
    '/settlement/netting',
    6,
    'did you mean bilateral?',
  ],
  [
    'a number of cycles that is none',
    'settlement:\n  cyclesPerDay: 3',
    '/settlement/cyclesPerDay',
    6,
    '1, 2, 4, 6, 12, 24',
  ],
  ['a list where a map belongs', 'fees: []', '/fees', 5, 'map of keys'],
  ['a fixed rate of no day', 'fx:\n  path: fixed', '/fx/path', 6, 'add on: '],
  [
    'fewer runs than runs',
    'run:\n  untilRelativeError: 0.01\n  mostReplications: 2',
    '/run/mostReplications',
    7,
    'fewer than replications',
  ],
  [
    'a stop that needs no stopping',
    'run:\n  untilRelativeError: 2',
    '/run/untilRelativeError',
    6,
    'above',
  ],
];

it.each(SLIPS)('names %s', (_, body, pointer, line, advice) => {
  const faults = faultsIn(`${CHILD}${body}\n`);
  const at = faults.find((fault) => fault.pointer === pointer);
  expect(faults.map((fault) => fault.pointer)).toContain(pointer);
  expect(at?.message).toContain(advice);
  expect(at?.at).toMatchObject({ file: 'mine.yaml', line });
  expect(faultText(faults)).not.toMatch(/undefined|\[object/);
});
