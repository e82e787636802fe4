/**
 * Goal: a calibration tells every total with its role, and exit codes say whether errors are small
 * enough. Method: command lines through the real program on a small scenario, streams collected.
 */
import { captureStreams } from '#testkit/captured-streams';
import { run } from '../../run.js';

const streams = captureStreams();

const calibrate = (...words: string[]) => run(['sim', 'calibrate', 'thailand-japan', ...words]);

it('judges what a scenario plays, says why not the rest, and names the freedom used', async () => {
  expect(await calibrate()).toBe(0);
  expect(streams.data).toMatch(/that take them, September +3\.00 m merchants +3\.00 m merchants/);
  expect(streams.data).toContain('japan-wallet-share-2024: needs Japan and all of 2024');
  expect(streams.data).toContain('Freedom used: 1 parameter');
  expect(streams.data).toContain('Fitted totals prove nothing.');
});

it('ends with 4 where an error is larger than it may be, in JSON too', async () => {
  expect(await calibrate('--json', '--set', 'acceptance.growthPercentPerYear=0')).toBe(4);
  expect(JSON.parse(streams.data)).toMatchObject({ outside: ['japan-merchants-2025'] });
});

it('refuses a tolerance that is none', async () => {
  expect(await calibrate('--tolerance', 'little')).toBe(2);
  expect(streams.talk).toContain('--tolerance is a percentage');
});
