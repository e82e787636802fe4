import type { EntityManager } from 'typeorm';

/** How a relay takes entries out of the outbox. */
export interface ClaimTerms {
  /** Most entries of one batch. */
  readonly size: number;
  /** After this, entries that are still there are free for another batch. */
  readonly leaseMs: number;
  /** No new batch while so many, leased and not posted, are under way anywhere. */
  readonly maxOpen: number;
  /** Name of the claiming process, for the explanation of a payment. */
  readonly relay: string;
}

export interface ClaimedBatch {
  readonly batchNo: number;
  readonly entries: number;
}

/** Where the batch came through; kept so that a payment's way can be told. */
export interface PostingHop {
  readonly queueBackend: string;
  readonly jobId: string;
  /** UTC milliseconds, of the enqueuing process. */
  readonly enqueuedAtMs: number;
  readonly worker: string;
}

export interface PostedBatch {
  readonly posted: number;
  /** Entries whose event was in the books already; they are dropped. */
  readonly duplicates: number;
  readonly lines: number;
  /** From staging to posting of the oldest entry, milliseconds of the database's clock. */
  readonly maxLagMs: number;
}

const CLAIM = `
  WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(7521, 3) AS mine),
       open AS MATERIALIZED (
         SELECT first_seq, last_seq FROM posting_batches
         WHERE posted_at IS NULL AND leased_until > statement_timestamp()),
       taken AS MATERIALIZED (
         SELECT coalesce(range_agg(int8range(first_seq, last_seq, '[]')), '{}') AS ranges,
                count(*) < $3 AS room
         FROM open),
       head AS MATERIALIZED (
         SELECT seq FROM staged_entries
         WHERE (SELECT mine FROM turn) AND (SELECT room FROM taken)
           AND NOT seq <@ (SELECT ranges FROM taken) AND retry_at <= statement_timestamp()
         ORDER BY seq LIMIT 1),
       picked AS MATERIALIZED (
         SELECT seq FROM staged_entries
         WHERE seq >= (SELECT seq FROM head) AND retry_at <= statement_timestamp()
           AND seq < coalesce((SELECT min(first_seq) FROM open
                               WHERE first_seq > (SELECT seq FROM head)), 9223372036854775807)
         ORDER BY seq LIMIT $1)
  INSERT INTO posting_batches (first_seq, last_seq, claimed, claimed_at, leased_until, relay)
  SELECT min(seq), max(seq), count(*), statement_timestamp(),
         statement_timestamp() + $2 * interval '1 millisecond', $4
  FROM picked HAVING count(*) > 0
  RETURNING no, claimed`;

/**
 * Leases the oldest run of free entries to a new batch; null if there are none, if enough batches
 * are open, or while another relay claims. Nothing of the entries is written: updating them cost a
 * quarter of the whole clearing when it was measured.
 */
export async function claimBatch(
  tx: EntityManager,
  terms: ClaimTerms,
): Promise<ClaimedBatch | null> {
  const [row] = await tx.query<{ no: string; claimed: number }[]>(CLAIM, [
    terms.size,
    terms.leaseMs,
    terms.maxOpen,
    terms.relay,
  ]);
  return row === undefined ? null : { batchNo: Number(row.no), entries: row.claimed };
}

/**
 * Ends a batch's lease at once, when its job could not be enqueued. The job may have arrived all
 * the same: then two batches share entries, and whichever is posted first has them.
 */
export async function releaseBatch(tx: EntityManager, batchNo: number): Promise<void> {
  await tx.query(
    `UPDATE posting_batches SET leased_until = claimed_at WHERE no = $1 AND posted_at IS NULL`,
    [batchNo],
  );
}

/**
 * Keeps the leases of what is under way, while nobody posts by an operator's wish: else the same
 * entries would go out again and again, under a new number each time.
 */
export async function extendLeases(tx: EntityManager, leaseMs: number): Promise<void> {
  await tx.query(
    `UPDATE posting_batches SET leased_until = statement_timestamp() + $1 * interval '1 millisecond'
     WHERE posted_at IS NULL AND leased_until > statement_timestamp()
       AND leased_until < statement_timestamp() + $1 * interval '500 microseconds'`,
    [leaseMs],
  );
}

// The number of an entry is its place in the outbox, so that one statement moves it: what leaves
// the outbox and what enters the books can only happen together. Membership in `posted` is asked
// as `(… IN …) IS TRUE` to get a hashed look-up: planned as a join, whose size the planner cannot
// know, it was a nested loop that took two thirds of the whole statement.
const POST = `
  WITH range AS MATERIALIZED (
         SELECT first_seq, last_seq FROM posting_batches
         WHERE no = $1 AND (posted_at IS NULL OR $2::bigint IS NOT NULL)),
       gone AS (
         DELETE FROM staged_entries
         WHERE seq BETWEEN coalesce($2::bigint, (SELECT first_seq FROM range))
                       AND coalesce($2::bigint, (SELECT last_seq FROM range))
           AND retry_at <= statement_timestamp()
         RETURNING *),
       posted AS (
         INSERT INTO journal_entries (entry_no, id, event, kind, payment_id, cycle_id, trace_id,
                                      staged_at, posted_at, batch_no, line_count)
         SELECT seq, entry_id, event, kind, payment_id, cycle_id, trace_id, staged_at,
                statement_timestamp(), $1, cardinality(account_ids)
         FROM gone ORDER BY event
         ON CONFLICT DO NOTHING
         RETURNING entry_no),
       unsealed AS (
         INSERT INTO journal_unsealed (batch_no, entry_nos)
         SELECT $1, array_agg(entry_no) FROM posted HAVING count(*) > 0),
       sides AS MATERIALIZED (
         SELECT g.seq, g.cycle_id, s.account_id, s.minor, s.line_no
         FROM gone g
         CROSS JOIN LATERAL unnest(g.account_ids, g.amounts) WITH ORDINALITY
           AS s(account_id, minor, line_no)
         WHERE (g.seq IN (SELECT entry_no FROM posted)) IS TRUE),
       lines AS (
         INSERT INTO journal_lines (entry_no, minor, account_id, line_no)
         SELECT seq, minor, account_id, line_no FROM sides),
       totals AS (
         INSERT INTO account_totals AS t (batch_no, cycle_id, account_id, minor, lines)
         SELECT $1, cycle_id, account_id, sum(minor), count(*) FROM sides
         GROUP BY cycle_id, account_id
         ON CONFLICT (batch_no, cycle_id, account_id)
           DO UPDATE SET minor = t.minor + excluded.minor, lines = t.lines + excluded.lines),
       counted AS MATERIALIZED (
         SELECT (SELECT count(*) FROM gone)::integer AS gone,
                (SELECT count(*) FROM posted)::integer AS posted,
                (SELECT count(*) FROM sides)::integer AS lines,
                (SELECT extract(epoch FROM clock_timestamp() - min(staged_at)) * 1000
                 FROM gone)::float8 AS lag_ms),
       batch AS (
         UPDATE posting_batches b
         SET posted_at = statement_timestamp(), posted = coalesce(b.posted, 0) + counted.posted,
             duplicates = coalesce(b.duplicates, 0) + counted.gone - counted.posted,
             started_at = statement_timestamp(), queue_backend = $3, job_id = $4,
             enqueued_at = to_timestamp($5 / 1000.0), worker = $6
         FROM counted
         WHERE b.no = $1 AND (counted.gone > 0 OR b.posted_at IS NULL))
  SELECT gone, posted, lines, coalesce(lag_ms, 0) AS lag_ms FROM counted`;

/**
 * Moves a batch from the outbox into the books. Exactly once, however often and by however many
 * workers it is tried: the entries leave the outbox in the same statement, an event that is
 * posted already is dropped, and a batch that is gone posts nothing.
 *
 * @param only a single entry's outbox number, to find the one at fault
 */
export async function postBatch(
  tx: EntityManager,
  batchNo: number,
  hop: PostingHop,
  only: number | null = null,
): Promise<PostedBatch> {
  const [row] = await tx.query<{ gone: number; posted: number; lines: number; lag_ms: number }[]>(
    POST,
    [batchNo, only, hop.queueBackend, hop.jobId, hop.enqueuedAtMs, hop.worker],
  );
  const { gone = 0, posted = 0, lines = 0, lag_ms = 0 } = row ?? {};
  return { posted, duplicates: gone - posted, lines, maxLagMs: lag_ms };
}

/** Outbox numbers of the entries in a batch's range, in order. */
export async function listBatchEntries(tx: EntityManager, batchNo: number): Promise<number[]> {
  const rows = await tx.query<{ seq: string }[]>(
    `SELECT s.seq FROM posting_batches b
     JOIN staged_entries s ON s.seq BETWEEN b.first_seq AND b.last_seq
     WHERE b.no = $1 AND s.retry_at <= statement_timestamp() ORDER BY s.seq`,
    [batchNo],
  );
  return rows.map((row) => Number(row.seq));
}

/** Puts an entry that cannot be posted aside, with the reason, for `retryMs`. */
export async function setEntryAside(
  tx: EntityManager,
  seq: number,
  fault: string,
  retryMs: number,
): Promise<void> {
  await tx.query(
    `UPDATE staged_entries
     SET fault = $2, retry_at = clock_timestamp() + $3 * interval '1 millisecond'
     WHERE seq = $1`,
    [seq, fault, retryMs],
  );
}

/** How much waits: for gauges, and for tests that wait until nothing does. */
export async function countStaged(
  tx: EntityManager,
): Promise<{ waiting: number; aside: number; oldestAgeMs: number }> {
  const [row] = await tx.query<{ waiting: number; aside: number; age: number }[]>(
    `SELECT count(*) FILTER (WHERE fault IS NULL)::integer AS waiting,
            count(*) FILTER (WHERE fault IS NOT NULL)::integer AS aside,
            coalesce(extract(epoch FROM clock_timestamp() - min(staged_at)) * 1000, 0)::float8 AS age
     FROM staged_entries`,
  );
  return { waiting: row?.waiting ?? 0, aside: row?.aside ?? 0, oldestAgeMs: row?.age ?? 0 };
}

/**
 * Sums the totals that batches appended into one row per cycle and account. Safe at any time and
 * by several at once: whoever comes second finds the lock taken and leaves.
 *
 * @returns rows folded away
 */
export async function foldAccountTotals(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ folded: number }[]>(
    `WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(7521, 4) AS mine),
          gone AS (DELETE FROM account_totals WHERE (SELECT mine FROM turn) RETURNING *),
          folded AS (
            INSERT INTO account_folds AS f (cycle_id, account_id, minor, lines)
            SELECT cycle_id, account_id, sum(minor), sum(lines) FROM gone
            GROUP BY cycle_id, account_id ORDER BY 1, 2
            ON CONFLICT (cycle_id, account_id)
              DO UPDATE SET minor = f.minor + excluded.minor, lines = f.lines + excluded.lines)
     SELECT count(*)::integer AS folded FROM gone`,
  );
  return row?.folded ?? 0;
}
