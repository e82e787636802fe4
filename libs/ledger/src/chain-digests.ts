import type { EntityManager } from 'typeorm';

/** How the database writes what `entryText` of #domain/chain/entry-digest writes; a test compares. */
const ENTRY_TEXT = `
  'wayfare-entry-1|' || e.entry_no || '|' || e.id || '|' || e.event || '|' || e.kind || '|'
    || coalesce(e.payment_id, '') || '|' || e.cycle_id || '|' || coalesce(e.trace_id, '') || '|'
    || (extract(epoch FROM e.staged_at) * 1000000)::bigint || '|'
    || (extract(epoch FROM e.posted_at) * 1000000)::bigint || '|'
    || e.batch_no || '|' || e.line_count`;

const DIGEST = `
  WITH picked AS MATERIALIZED (
         SELECT no, entry_nos FROM journal_unsealed WHERE digested_at IS NULL
         ORDER BY no LIMIT $1 FOR UPDATE SKIP LOCKED),
       numbers AS MATERIALIZED (SELECT unnest(entry_nos) AS entry_no FROM picked),
       names AS MATERIALIZED (
         SELECT id, owner || '|' || kind || '|' || currency || '|' || coalesce(of, '') || '|' AS name
         FROM accounts),
       sides AS (
         SELECT n.entry_no,
                string_agg(l.line_no || '|' || a.name || l.minor, E'\\n' ORDER BY l.line_no) AS text,
                array_agg((((l.minor % 2147483647) * 31 + l.account_id * 1000003::bigint)
                           % 2147483647)::integer ORDER BY l.line_no) AS marks
         FROM numbers n
         JOIN journal_lines l ON l.entry_no = n.entry_no
         JOIN names a ON a.id = l.account_id
         GROUP BY n.entry_no),
       digested AS (
         INSERT INTO journal_digests (entry_no, digest, marks)
         SELECT e.entry_no, sha256(convert_to(${ENTRY_TEXT} || E'\\n' || s.text, 'UTF8')), s.marks
         FROM sides s JOIN journal_entries e ON e.entry_no = s.entry_no
         RETURNING entry_no),
       done AS (
         UPDATE journal_unsealed u SET digested_at = clock_timestamp()
         FROM picked WHERE u.no = picked.no)
  SELECT (SELECT count(*) FROM digested)::integer AS digested,
         (SELECT count(*) FROM picked)::integer AS postings`;

/**
 * Digests the oldest postings that nobody else is digesting. Any number of workers may do it at
 * once: a posting is locked by the one that digests it and passed over by the others.
 *
 * @param postings most of them taken at once; each has as many entries as its batch
 * @returns how many entries, and how many postings, were digested
 */
export async function digestPosted(
  tx: EntityManager,
  postings: number,
): Promise<{ readonly digested: number; readonly postings: number }> {
  const [row] = await tx.query<{ digested: number; postings: number }[]>(DIGEST, [postings]);
  return { digested: row?.digested ?? 0, postings: row?.postings ?? 0 };
}

/** What is posted and in no block yet. */
export async function countUnsealed(
  tx: EntityManager,
): Promise<{ readonly entries: number; readonly oldestAgeMs: number }> {
  const [row] = await tx.query<{ entries: number; age: number }[]>(
    `SELECT coalesce(sum(cardinality(entry_nos)), 0)::integer AS entries,
            coalesce(extract(epoch FROM clock_timestamp() - min(posted_at)) * 1000, 0)::float8 AS age
     FROM journal_unsealed`,
  );
  return { entries: row?.entries ?? 0, oldestAgeMs: Math.max(0, row?.age ?? 0) };
}
