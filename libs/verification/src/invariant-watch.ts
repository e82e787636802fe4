import { countStaged, countUnsealed } from '#ledger';
import { runChecks, type InvariantCheck } from '#platform/invariant-check';
import type { Logger } from '#platform/telemetry/logger';
import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** Held by the one process that looks. */
const LOOK_LOCK = '7521, 8';
/** Looks take at most this part of the time, however large the books have become. */
const REST = 20;

export interface WatchTerms {
  readonly everyMs: number;
  readonly checks: readonly InvariantCheck[];
}

/**
 * Checks the invariants from time to time, and tells what it found as gauges. Any number of
 * processes may watch: one of them looks, and all tell the same.
 */
export class InvariantWatch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
    private readonly terms: WatchTerms,
  ) {}

  /**
   * Looks, unless somebody else is looking or has looked lately.
   *
   * @returns whether it looked
   */
  async look(): Promise<boolean> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const [turn] = (await runner.query(`SELECT pg_try_advisory_lock(${LOOK_LOCK}) AS mine`)) as {
        mine: boolean;
      }[];
      if (turn?.mine !== true) return false;
      try {
        return await this.lookIfDue();
      } finally {
        await runner.query(`SELECT pg_advisory_unlock(${LOOK_LOCK})`);
      }
    } finally {
      await runner.release();
    }
  }

  private async lookIfDue(): Promise<boolean> {
    const [last] = await this.dataSource.query<{ due: boolean }[]>(
      `SELECT coalesce(max(checked_at) + greatest($1, $2 * sum(duration_ms)) * interval '1 ms'
                         <= clock_timestamp(), true) AS due
       FROM invariant_looks`,
      [this.terms.everyMs, REST],
    );
    if (last?.due !== true) return false;
    const results = await runChecks(this.dataSource, this.terms.checks);
    for (const { name, ok, count, offenders } of results) {
      if (!ok) this.log.error({ check: name, count, offenders }, `invariant ${name} is broken`);
    }
    await this.dataSource.query(
      `WITH found AS (SELECT * FROM unnest($1::text[], $2::integer[], $3::integer[])
                        AS f(name, offenders, duration_ms)),
            gone AS (DELETE FROM invariant_looks WHERE name NOT IN (SELECT name FROM found))
       INSERT INTO invariant_looks (name, offenders, duration_ms) SELECT * FROM found
       ON CONFLICT (name) DO UPDATE
         SET offenders = excluded.offenders, duration_ms = excluded.duration_ms,
             checked_at = excluded.checked_at`,
      [
        results.map(({ name }) => name),
        results.map(({ count }) => count),
        results.map(({ durationMs }) => durationMs),
      ],
    );
    return true;
  }
}

/** Publishes the last look, and what can be told at every moment without one. */
export function measureInvariants(registry: Registry, dataSource: DataSource): void {
  const registers = [registry];
  new Gauge({
    name: 'wayfare_invariant_offenders',
    help: 'Rows that broke an invariant at the last look; anything above 0 is an alarm.',
    labelNames: ['check'],
    registers,
    async collect() {
      const rows = await dataSource.query<{ name: string; offenders: number }[]>(
        'SELECT name, offenders FROM invariant_looks',
      );
      this.reset();
      for (const { name, offenders } of rows) this.set({ check: name }, offenders);
    },
  });
  new Gauge({
    name: 'wayfare_invariants_checked_at',
    help: 'When the invariants were last looked at, in seconds since 1970; 0 when never.',
    registers,
    async collect() {
      const [row] = await dataSource.query<{ at: number }[]>(
        `SELECT coalesce(extract(epoch FROM min(checked_at)), 0)::float8 AS at FROM invariant_looks`,
      );
      this.set(row?.at ?? 0);
    },
  });
  measureBooks(registry, dataSource);
}

function measureBooks(registry: Registry, dataSource: DataSource): void {
  const registers = [registry];
  new Gauge({
    name: 'wayfare_ledger_imbalance_minor',
    help: 'What all accounts of a currency sum to, in minor units: 0, or the books are wrong.',
    labelNames: ['currency'],
    registers,
    async collect() {
      const rows = await dataSource.query<{ currency: string; minor: number }[]>(
        `SELECT currency, sum(minor)::float8 AS minor FROM account_balances GROUP BY currency`,
      );
      for (const { currency, minor } of rows) this.set({ currency }, minor);
    },
  });
  new Gauge({
    name: 'wayfare_ledger_waiting_seconds',
    help: 'Age of the oldest entry that waits to be posted, and of the oldest that waits for its seal.',
    labelNames: ['for'],
    registers,
    async collect() {
      const [staged, unsealed] = await Promise.all([
        countStaged(dataSource.manager),
        countUnsealed(dataSource.manager),
      ]);
      this.set({ for: 'posting' }, staged.oldestAgeMs / 1_000);
      this.set({ for: 'sealing' }, unsealed.oldestAgeMs / 1_000);
    },
  });
}
