import type { InvariantCheck } from '#platform/invariant-check';

const RANGES = `
  SELECT string_agg(lower(r) || '-' || (upper(r) - 1), ',' ORDER BY r) AS text,
         sum(upper(r) - lower(r)) AS size
  FROM unnest(b.entries) r`;

const CONTENT = `
  SELECT sha256(string_agg(d.digest, ''::bytea ORDER BY d.entry_no)) AS content
  FROM unnest(b.entries) r
  JOIN journal_digests d ON d.entry_no >= lower(r) AND d.entry_no < upper(r)`;

/**
 * What must hold of the chain. `wayfare ledger check` goes further: it recomputes every digest
 * from the rows, outside the database.
 */
export const chainChecks: readonly InvariantCheck[] = [
  {
    name: 'chain-linked',
    why: 'Every block follows on the one before, names its hash, and has the hash of its content.',
    sql: `
      SELECT 'block ' || no AS offender, CASE
               WHEN no <> due THEN 'block ' || due || ' should come here'
               WHEN previous <> before THEN 'does not name the hash of the block before it'
               WHEN size <> listed THEN 'says ' || size || ' entries, lists ' || listed
               ELSE 'its hash is not that of its content' END AS detail
      FROM (SELECT b.no, b.previous, b.size, b.hash, r.size AS listed,
                   row_number() OVER w AS due,
                   coalesce(lag(b.hash) OVER w, decode(repeat('00', 32), 'hex')) AS before,
                   sha256(convert_to('wayfare-block-1|' || b.no || '|' || encode(b.previous, 'hex')
                     || '|' || r.text || '|' || encode(b.content, 'hex') || '|'
                     || (extract(epoch FROM b.sealed_at) * 1000000)::bigint, 'UTF8')) AS own
            FROM journal_blocks b CROSS JOIN LATERAL (${RANGES}) r
            WINDOW w AS (ORDER BY b.no)) c
      WHERE no <> due OR previous <> before OR size <> listed OR hash <> own`,
  },
  {
    name: 'block-content-kept',
    why: 'The digests of the entries of every block are those it sealed.',
    sql: `
      SELECT 'block ' || b.no AS offender, 'a digest was changed or is gone' AS detail
      FROM journal_blocks b CROSS JOIN LATERAL (${CONTENT}) c
      WHERE c.content IS DISTINCT FROM b.content`,
  },
  {
    name: 'entry-sealed-or-waiting',
    why: 'Every entry has a digest or waits for one in the row its posting wrote, and no digest is without its entry.',
    sql: `
      SELECT coalesce(e.id, 'entry ' || d.entry_no) AS offender,
             CASE WHEN e.id IS NULL THEN 'was digested and is gone'
                  ELSE 'did not come through posting' END AS detail
      FROM journal_entries e FULL JOIN journal_digests d ON d.entry_no = e.entry_no
      WHERE e.id IS NULL OR (d.entry_no IS NULL AND e.entry_no NOT IN
              (SELECT unnest(entry_nos) FROM journal_unsealed))`,
  },
  {
    name: 'entry-sealed-once',
    why: 'Every digest is in exactly one block, or waits for its block.',
    sql: `
      WITH holders AS MATERIALIZED (
             SELECT r, 'block ' || no AS holder FROM journal_blocks, unnest(entries) r
             UNION ALL
             SELECT r, 'posting ' || no FROM journal_unsealed u CROSS JOIN LATERAL unnest(
               (SELECT range_agg(int8range(n, n, '[]')) FROM unnest(u.entry_nos) n)) r
             WHERE digested_at IS NOT NULL)
      SELECT 'entry ' || lower(r) AS offender, holder || ' and ' || other || ' hold it' AS detail
      FROM (SELECT r, holder, lag(upper(r)) OVER w AS last_end, lag(holder) OVER w AS other
            FROM holders WINDOW w AS (ORDER BY lower(r), holder)) h
      WHERE lower(r) < last_end
      UNION ALL
      SELECT 'entry ' || entry_no, 'no block holds its digest' FROM journal_digests
      WHERE NOT entry_no <@ (SELECT coalesce(range_agg(r), '{}'::int8multirange) FROM holders)`,
  },
  {
    name: 'sealing-moving',
    why: 'Nothing that was posted waits for its block for more than five minutes.',
    sql: `
      SELECT 'posting ' || no AS offender,
             cardinality(entry_nos) || ' entries wait since ' || posted_at AS detail
      FROM journal_unsealed WHERE posted_at < clock_timestamp() - interval '5 minutes'`,
  },
  {
    name: 'sealed-before-final',
    why: 'A cycle with entries became final under a head of this chain that seals all of them.',
    sql: `
      WITH sealed AS MATERIALIZED (
             SELECT e.cycle_id, max(b.no) AS last_block
             FROM journal_blocks b CROSS JOIN LATERAL unnest(b.entries) r
             JOIN journal_entries e ON e.entry_no >= lower(r) AND e.entry_no < upper(r)
             GROUP BY e.cycle_id),
           waiting AS MATERIALIZED (
             SELECT DISTINCT e.cycle_id FROM journal_unsealed u CROSS JOIN LATERAL unnest(entry_nos) n
             JOIN journal_entries e ON e.entry_no = n)
      SELECT c.id AS offender, CASE
               WHEN w.cycle_id IS NOT NULL THEN 'is final, and has entries that are not sealed'
               WHEN s.cycle_id IS NULL THEN 'is final without a head'
               WHEN l.last_block > s.block_no
                 THEN 'has entries in block ' || l.last_block || ', its head is block ' || s.block_no
               ELSE 'its head is not the hash of block ' || s.block_no END AS detail
      FROM cycles c
      LEFT JOIN waiting w ON w.cycle_id = c.id
      LEFT JOIN sealed l ON l.cycle_id = c.id
      LEFT JOIN cycle_seals s ON s.cycle_id = c.id
      LEFT JOIN journal_blocks b ON b.no = s.block_no
      WHERE c.state = 'final' AND (w.cycle_id IS NOT NULL
        OR (s.cycle_id IS NULL AND l.cycle_id IS NOT NULL) OR l.last_block > s.block_no
        OR (s.cycle_id IS NOT NULL
            AND s.head <> coalesce(b.hash, decode(repeat('00', 32), 'hex'))))`,
  },
];
