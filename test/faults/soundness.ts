import { setTimeout as sleep } from 'node:timers/promises';
import { compareLedger } from '#testkit/expected-ledger';
import { verifyInvariants } from '#verification';
import type { HubUnderTest } from '../payments/hub-under-test.js';

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 60_000;
  let fault: unknown;
  const quietly = (): Promise<boolean> =>
    holds().catch((error: unknown) => {
      fault = error;
      return false;
    });
  while (!(await quietly())) {
    if (Date.now() > giveUpAtMs) throw new Error(`not in time: ${what}`, { cause: fault });
    await sleep(50);
  }
}

/**
 * What must hold after every fault: each invariant, an end for each payment and refund, wallets
 * that agree, and books that say what the rules make of the outcomes.
 *
 * @param atLeast entries that the run must have made, so that an empty ledger proves nothing
 */
export async function expectSound(hub: HubUnderTest, atLeast: number): Promise<void> {
  await hub.idle();
  await hub.posted();
  const { dataSource } = hub.database;
  const report = await verifyInvariants(dataSource);
  // Nobody's duty is overdue by a clock that the database does not know.
  const broken = report.checks.filter(({ ok, name }) => !ok && name !== 'no-duty-is-forgotten');
  expect(broken).toEqual([]);
  expect(
    await hub.count(
      `payments WHERE state IN ('awaitingPayer', 'authorising', 'pushing', 'cancelling')`,
    ),
  ).toBe(0);
  expect(await hub.count(`refunds WHERE state = 'processing'`)).toBe(0);
  expect(await hub.faults()).toEqual([]);
  const { ledger, expected } = await compareLedger(dataSource.manager);
  expect(ledger).toEqual(expected);
  expect(ledger.entries).toBeGreaterThanOrEqual(atLeast);
}
