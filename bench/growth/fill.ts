import { clearingWindowAt, type CycleWindow } from '#domain/clearing-cycles';
import { digestPosted, sealBlock } from '#ledger';
import type { DataSource, QueryRunner } from 'typeorm';
import { Copies } from './copies.js';

export interface FillOptions {
  readonly payments: number;
  readonly nowMs: number;
  readonly tell: (line: string) => void;
}

export interface Filled {
  readonly payments: number;
  readonly cycles: readonly CycleWindow[];
  /** Real payments that the others are copies of. */
  readonly templates: number;
  /** Entries a posting batch had when the real ones were cleared, and has in the copies. */
  readonly entriesPerBatch: number;
  readonly seconds: number;
}

const DAY_MS = 86_400_000;
/** Far enough back that every value date has passed: what was owed then is settled by now. */
const DAYS_SINCE = 14;
const PAYMENTS_PER_DAY = 350_000;
const PAYMENTS_PER_CHUNK = 20_000;
const MOST_TEMPLATES = 2_000;
/** Postings in a block, as the hub's own sealer chains them. */
const POSTINGS_IN_BLOCK = 64;
const POSTINGS_DIGESTED_AT_ONCE = 1_000;
/** A tenth of the payments come from people who were never seen before. */
const PAYMENTS_PER_PAYER = 10;
const FEWEST_PAYERS = 5_000;
const TELL_EVERY_MS = 15_000;

/**
 * Fills past days with copies of payments that really happened: every row one of them left, under
 * ids of their own that sort by time, with triggers off. Each day is given to the hub when it is
 * complete, as a cycle that has ended: the hub itself closes, numbers, nets and settles it.
 */
export async function fillPastDays(dataSource: DataSource, options: FillOptions): Promise<Filled> {
  const { payments, nowMs, tell } = options;
  const days = Math.max(2, Math.ceil(payments / PAYMENTS_PER_DAY));
  const cycles = Array.from({ length: days }, (_, index) =>
    clearingWindowAt('daily', nowMs - (DAYS_SINCE + days - index) * DAY_MS),
  );
  const startedAt = performance.now();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SET synchronous_commit = off');
    const copies = await Copies.prepare(runner, MOST_TEMPLATES, {
      payments,
      payers: Math.max(FEWEST_PAYERS, Math.ceil(payments / PAYMENTS_PER_PAYER)),
    });
    let made = 0;
    let toldAt = startedAt;
    // What one chunk left is chained while the next is copied: two cores have two things to do.
    let sealing = Promise.resolve();
    for (const [index, cycle] of cycles.entries()) {
      const last = Math.floor((payments * (index + 1)) / days);
      const first = made + 1;
      while (made < last) {
        const to = Math.min(last, made + PAYMENTS_PER_CHUNK);
        const chunk = { cycle, first: made + 1, last: to, from: first, until: last };
        await Promise.all([sealing, copies.write(runner, chunk)]);
        sealing = sealPosted(dataSource);
        made = to;
        if (performance.now() - toldAt > TELL_EVERY_MS) {
          toldAt = performance.now();
          tell(`${String(made)} of ${String(payments)} payments, ${rate(made, startedAt)}/s`);
        }
      }
      await sealing;
      await handOver(runner, cycle);
    }
    await copies.close(runner);
    const seconds = (performance.now() - startedAt) / 1_000;
    tell(`${String(made)} payments made, ${rate(made, startedAt)}/s`);
    const { templates, entriesPerBatch } = copies;
    return { payments, cycles, templates, entriesPerBatch, seconds };
  } finally {
    await runner.query(`SET session_replication_role = 'origin'`);
    await runner.query('SET synchronous_commit = on');
    await runner.release();
  }
}

/** By the hub's own statements, only without its pauses. */
async function sealPosted(dataSource: DataSource): Promise<void> {
  for (;;) {
    const { postings } = await digestPosted(dataSource.manager, POSTINGS_DIGESTED_AT_ONCE);
    if (postings === 0) break;
  }
  for (;;) {
    const block = await dataSource.transaction((tx) => sealBlock(tx, POSTINGS_IN_BLOCK));
    if (block === null) break;
  }
}

/**
 * The day exists from here on, has ended, and counts against the caps until the hub has settled it.
 * Its files are put off: they would fill the disk beside the database, and no payment reads them.
 */
async function handOver(runner: QueryRunner, cycle: CycleWindow): Promise<void> {
  await runner.query('BEGIN');
  await runner.query(`SET LOCAL session_replication_role = 'replica'`);
  await runner.query(
    `INSERT INTO cycles (id, kind, starts_at, ends_at)
     VALUES ($1, 'daily', to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0))`,
    [cycle.id, cycle.startsAtMs, cycle.endsAtMs],
  );
  await runner.query(
    `INSERT INTO file_sets (cycle_id, participant_id, currency, seq, role, due_at, created_at)
     SELECT $1, id, currency, 0, 'wallet', clock_timestamp() + interval '1 year', hub_clock()
     FROM current_wallets
     UNION ALL
     SELECT $1, id, settlement_currency, 0, 'acquirer', clock_timestamp() + interval '1 year',
            hub_clock() FROM current_acquirers`,
    [cycle.id],
  );
  await runner.query(
    `WITH owed AS MATERIALIZED (
       SELECT wallet_id, pay_to_currency::text AS currency, sum(wallet_owes_minor) AS minor
       FROM payments WHERE cycle_id = $1 GROUP BY 1, 2),
     held AS MATERIALIZED (
       SELECT e.participant_id, e.currency, o.minor
       FROM exposures e JOIN owed o ON o.wallet_id = e.participant_id AND o.currency = e.currency
       ORDER BY e.participant_id, e.currency FOR NO KEY UPDATE OF e)
     UPDATE exposures e
     SET outstanding = e.outstanding + h.minor,
         over_since = CASE WHEN e.reserved + e.outstanding + h.minor > e.cap + e.prefund
                           THEN coalesce(e.over_since, clock_timestamp()) END
     FROM held h WHERE h.participant_id = e.participant_id AND h.currency = e.currency`,
    [cycle.id],
  );
  await runner.query('COMMIT');
}

function rate(made: number, startedAt: number): string {
  return ((made * 1_000) / (performance.now() - startedAt)).toFixed(0);
}
