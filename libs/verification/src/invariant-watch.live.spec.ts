/*
 * Goal: a broken invariant shows in the figures of every process soon, one process looks at a time,
 * and a look is not repeated before its time. Method: two watches with registries of their own on
 * one database with one planted fault.
 */
import { createLogger } from '#platform/telemetry/logger';
import { stageCases, withSealedLedger } from '#testkit/ledger-cases';
import type { TestDatabase } from '#testkit/database';
import { Registry } from 'prom-client';
import { CHECKS } from './checks.js';
import { InvariantWatch, measureInvariants } from './invariant-watch.js';

const lines: string[] = [];
const log = createLogger({
  name: 'test',
  level: 'info',
  destination: { write: (line) => void lines.push(line) },
});

function openWatch(db: TestDatabase, everyMs: number) {
  const registry = new Registry();
  measureInvariants(registry, db.dataSource);
  const watch = new InvariantWatch(db.dataSource, log, { everyMs, checks: CHECKS });
  return { registry, watch };
}

async function valueOf(registry: Registry, name: string, label = ''): Promise<number | undefined> {
  const text = await registry.getSingleMetricAsString(name);
  const line = text.split('\n').find((row) => row.startsWith(`${name}${label} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

it('tells in every process what one of them found', async () => {
  await withSealedLedger(async (db) => {
    const [first, second] = [openWatch(db, 60_000), openWatch(db, 60_000)];
    expect(await valueOf(second.registry, 'wayfare_invariants_checked_at')).toBe(0);
    await db.dataSource.query(
      `SET session_replication_role = replica;
       UPDATE journal_lines SET minor = minor + 1 WHERE entry_no = 2 AND line_no = 1;
       SET session_replication_role = DEFAULT`,
    );
    const looked = await Promise.all([first.watch.look(), second.watch.look()]);
    expect(looked.filter(Boolean)).toHaveLength(1);
    for (const { registry } of [first, second]) {
      const broken = '{check="entry-balanced"}';
      expect(await valueOf(registry, 'wayfare_invariant_offenders', broken)).toBe(1);
      const whole = '{check="chain-linked"}';
      expect(await valueOf(registry, 'wayfare_invariant_offenders', whole)).toBe(0);
      expect(await valueOf(registry, 'wayfare_invariants_checked_at')).toBeGreaterThan(
        1_700_000_000,
      );
    }
    expect(lines.some((line) => line.includes('invariant entry-balanced is broken'))).toBe(true);
    expect(await second.watch.look()).toBe(false);
  });
}, 30_000);

it('looks again when it is time, and the alarm ends with its cause', async () => {
  await withSealedLedger(async (db) => {
    const { registry, watch } = openWatch(db, 1);
    const bend = (by: number) =>
      db.dataSource.query(`UPDATE account_totals SET minor = minor + (${String(by)})
                           WHERE (batch_no, account_id) = (SELECT batch_no, account_id
                                   FROM account_totals ORDER BY 1, 2 LIMIT 1)`);
    await bend(7);
    expect(await watch.look()).toBe(true);
    const zeroSum = '{check="ledger-zero-sum"}';
    expect(await valueOf(registry, 'wayfare_invariant_offenders', zeroSum)).toBe(1);
    await bend(-7);
    await db.dataSource.query(`UPDATE invariant_looks SET checked_at = now() - interval '1 hour'`);
    expect(await watch.look()).toBe(true);
    expect(await valueOf(registry, 'wayfare_invariant_offenders', zeroSum)).toBe(0);
  });
}, 30_000);

it('tells the imbalance of each currency and what waits, without a look', async () => {
  await withSealedLedger(async (db) => {
    const { registry } = openWatch(db, 1);
    const yen = '{currency="JPY"}';
    expect(await valueOf(registry, 'wayfare_ledger_imbalance_minor', yen)).toBe(0);
    await stageCases(db, [31]);
    await db.dataSource.query(`UPDATE staged_entries SET staged_at = staged_at - interval '9 s'`);
    const posting = '{for="posting"}';
    const waiting = await valueOf(registry, 'wayfare_ledger_waiting_seconds', posting);
    expect(waiting).toBeGreaterThanOrEqual(9);
    const sealing = '{for="sealing"}';
    expect(await valueOf(registry, 'wayfare_ledger_waiting_seconds', sealing)).toBeGreaterThan(0);
  });
}, 30_000);
