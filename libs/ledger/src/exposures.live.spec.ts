/*
 * Goal: a net debit cap holds whatever happens in parallel, and terms can change under use.
 * Method: payers race for room that suffices for a known number of them.
 */
import {
  commitExposures,
  exposureKeyOf,
  gatherExposures,
  openExposures,
  type Exposure,
} from './exposures.js';
import { openTestDatabase, type TestDatabase } from '#testkit/database';

const KEY = { participantId: 'wal_truemoney', currency: 'THB' };
const OTHER = { participantId: 'wal_alpha', currency: 'KRW' };

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await openExposures(db.dataSource.manager, [
    { ...KEY, cap: 900n, prefund: 100n },
    { ...OTHER, cap: 9_007_199_254_740_993n, prefund: 0n },
  ]);
});
afterAll(async () => {
  await db.close();
});

async function read(): Promise<Exposure | undefined> {
  return (await gatherExposures(db.dataSource.manager, [KEY])).get(exposureKeyOf(KEY));
}

it('gives room to exactly as many parallel payers as the cap and the prefund hold', async () => {
  const pay = () =>
    db.dataSource.transaction(async (tx) => {
      const exposure = (await gatherExposures(tx, [OTHER, KEY])).get(exposureKeyOf(KEY));
      if (exposure === undefined) throw new Error('no terms');
      const room = exposure.cap + exposure.prefund - exposure.reserved - exposure.outstanding;
      if (room < 30n) return false;
      await commitExposures(tx, [{ ...KEY, reserved: 30n, outstanding: 0n }]);
      return true;
    });
  const outcomes = await Promise.all(Array.from({ length: 60 }, pay));
  expect(outcomes.filter(Boolean)).toHaveLength(33);
  expect(await read()).toMatchObject({ reserved: 990n, outstanding: 0n });
});

it('has the last word when a decision forgets the cap', async () => {
  await expect(
    commitExposures(db.dataSource.manager, [{ ...KEY, reserved: 11n, outstanding: 0n }]),
  ).rejects.toMatchObject({ driverError: { constraint: 'exposures_within_cap' } });
  expect(await read()).toMatchObject({ reserved: 990n });
});

it('turns reservations into debt and lets them go, adding up deltas of one key', async () => {
  await commitExposures(db.dataSource.manager, [
    { ...KEY, reserved: -30n, outstanding: 30n },
    { ...KEY, reserved: -30n, outstanding: 0n },
  ]);
  expect(await read()).toMatchObject({ reserved: 930n, outstanding: 30n });
});

it('releases no more than is reserved', async () => {
  await expect(
    commitExposures(db.dataSource.manager, [{ ...KEY, reserved: -931n, outstanding: 0n }]),
  ).rejects.toMatchObject({ driverError: { constraint: 'exposures_reserved' } });
});

it('keeps what is in use when terms are lowered below it, and only lets it fall', async () => {
  await openExposures(db.dataSource.manager, [{ ...KEY, cap: 500n, prefund: 0n }]);
  expect(await read()).toMatchObject({ cap: 500n, reserved: 930n, outstanding: 30n });
  await expect(
    commitExposures(db.dataSource.manager, [{ ...KEY, reserved: 1n, outstanding: 0n }]),
  ).rejects.toMatchObject({ driverError: { constraint: 'exposures_within_cap' } });
  await commitExposures(db.dataSource.manager, [{ ...KEY, reserved: -100n, outstanding: 0n }]);
  expect(await read()).toMatchObject({ reserved: 830n });
});

it('holds amounts beyond what a double can', async () => {
  await commitExposures(db.dataSource.manager, [
    { ...OTHER, reserved: 9_007_199_254_740_993n, outstanding: 0n },
  ]);
  const found = await gatherExposures(db.dataSource.manager, [OTHER]);
  expect(found.get(exposureKeyOf(OTHER))?.reserved).toBe(9_007_199_254_740_993n);
});

it('treats a participant without terms as absent, and a delta for it as a bug', async () => {
  const nobody = { participantId: 'wal_nobody', currency: 'THB' };
  expect((await gatherExposures(db.dataSource.manager, [nobody])).size).toBe(0);
  await expect(
    commitExposures(db.dataSource.manager, [{ ...nobody, reserved: 1n, outstanding: 0n }]),
  ).rejects.toThrow(/does not exist/);
});
