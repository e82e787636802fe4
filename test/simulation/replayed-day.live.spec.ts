// Goal: a simulated day sent through a hub that really runs ends as payments there, is told as data on
// one stream and talk on the other.
// Method: the whole system is started on an empty database; the built command line replays a day of
// Thais in Japan on it, a few payments at many times the speed of life.
import { Machine } from '../docs/started-hub.js';

const DAY = ['sim', 'replay', 'thailand-japan', '--day', '2025-05-03'];

interface Replayed {
  readonly day: string;
  readonly purchasesOfDay: number;
  readonly sent: number;
  readonly paid: number;
  readonly skipped: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open();
}, 60_000);
afterAll(() => machine.close(), 60_000);

it('says how to start a hub where none runs', async () => {
  const { status, stdout, stderr } = await machine.verb(DAY);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^wayfare: no hub with simulated partners runs .*npm start\n$/);
}, 60_000);

describe('on a hub that runs', () => {
  beforeAll(() => machine.start(), 120_000);

  it('each purchase becomes one answered payment, told as data', async () => {
    const words = [...DAY, '--speed', '6000', '--limit', '12', '--json'];
    const { status, stdout } = await machine.verb(words);
    expect(status).toBe(0);
    const told = JSON.parse(stdout) as Replayed;
    expect(told).toMatchObject({ day: '2025-05-03', sent: 12 });
    expect(Object.values(told.outcomes).reduce((sum, count) => sum + count, 0)).toBe(12);
    // Nearly all payers of a day can pay; who cannot has a code of its own.
    expect(told.paid).toBeGreaterThan(6);
    expect(told.outcomes['SUCCESS']).toBe(told.paid);
    expect(told.purchasesOfDay).toBeGreaterThan(told.skipped + told.sent);
    // Every replayed payment is in books that agree to the last minor unit.
    expect(await machine.verb(['verify'])).toMatchObject({ status: 0 });
  }, 120_000);

  it('a day outside the scenario is refused with the days there are', async () => {
    const words = ['sim', 'replay', 'thailand-japan', '--day', '2031-05-03'];
    const { status, stdout, stderr } = await machine.verb(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^wayfare: 2031-05-03 is not a day .* from 2025-01-01 to 2025-12-31; .*\n$/,
    );
  }, 60_000);
});
