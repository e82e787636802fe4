import type { InvariantCheck } from '#platform/invariant-check';

/** What must hold of the books, the outbox, the cycles and the exposures. */
export const ledgerChecks: readonly InvariantCheck[] = [
  {
    name: 'entry-balanced',
    why: 'Every journal entry sums to zero in each of its currencies.',
    sql: `
      SELECT e.id AS offender, a.currency || ' sums to ' || sum(l.minor) AS detail
      FROM journal_lines l
      JOIN journal_entries e ON e.entry_no = l.entry_no
      JOIN accounts a ON a.id = l.account_id
      GROUP BY e.id, a.currency HAVING sum(l.minor) <> 0`,
  },
  {
    name: 'entry-lines-complete',
    why: 'Every journal entry has exactly the lines it came with, at least two.',
    sql: `
      SELECT e.id AS offender, count(l.entry_no) || ' of ' || e.line_count || ' lines' AS detail
      FROM journal_entries e LEFT JOIN journal_lines l ON l.entry_no = e.entry_no
      GROUP BY e.entry_no HAVING count(l.entry_no) <> e.line_count OR e.line_count < 2`,
  },
  {
    name: 'line-has-entry-and-account',
    why: 'Every line belongs to an entry and stands on an account, whose currency is its own.',
    sql: `
      SELECT 'line ' || l.entry_no || '/' || l.line_no AS offender,
             CASE WHEN e.entry_no IS NULL THEN 'no entry ' || l.entry_no
                  ELSE 'no account ' || l.account_id END AS detail
      FROM journal_lines l
      LEFT JOIN journal_entries e ON e.entry_no = l.entry_no
      LEFT JOIN accounts a ON a.id = l.account_id
      WHERE e.entry_no IS NULL OR a.id IS NULL`,
  },
  {
    name: 'ledger-zero-sum',
    why: 'All accounts of a currency, the hub included, sum to zero.',
    sql: `
      SELECT a.currency AS offender, 'sums to ' || sum(b.minor) AS detail
      FROM account_balances b JOIN accounts a ON a.id = b.account_id
      GROUP BY a.currency HAVING sum(b.minor) <> 0`,
  },
  {
    name: 'totals-match-lines',
    why: 'The running totals of every account and cycle equal the sum of their lines.',
    sql: `
      SELECT coalesce(l.cycle_id, b.cycle_id) || ' account ' || coalesce(l.account_id, b.account_id)
               AS offender,
             'lines ' || coalesce(l.minor, 0) || ', totals ' || coalesce(b.minor, 0) AS detail
      FROM (SELECT e.cycle_id, l.account_id, sum(l.minor) AS minor, count(*) AS lines
            FROM journal_lines l JOIN journal_entries e ON e.entry_no = l.entry_no
            GROUP BY e.cycle_id, l.account_id) l
      FULL JOIN account_balances b ON b.cycle_id = l.cycle_id AND b.account_id = l.account_id
      WHERE l.minor IS DISTINCT FROM b.minor OR l.lines IS DISTINCT FROM b.lines`,
  },
  {
    name: 'one-entry-per-event',
    why: 'An event is in the books once, and no longer in the outbox when it is in the books.',
    sql: `
      SELECT event AS offender,
             'posted ' || sum(posted) || ' times, staged ' || sum(1 - posted) || ' times' AS detail
      FROM (SELECT event, 1 AS posted FROM journal_entries
            UNION ALL SELECT event, 0 FROM staged_entries) e
      GROUP BY event HAVING count(*) > 1`,
  },
  {
    name: 'outbox-moving',
    why: 'Nothing waits in the outbox for more than a minute, and nothing was set aside.',
    sql: `
      SELECT entry_id AS offender,
             coalesce('set aside: ' || fault, 'staged ' || staged_at) AS detail
      FROM staged_entries
      WHERE fault IS NOT NULL OR staged_at < clock_timestamp() - interval '1 minute'`,
  },
  {
    name: 'batch-counts-match',
    why: 'Every batch posted as many entries as it says.',
    sql: `
      SELECT 'batch ' || coalesce(b.no, e.batch_no) AS offender,
             'says ' || coalesce(b.posted, 0) || ', posted ' || coalesce(e.entries, 0) AS detail
      FROM posting_batches b
      FULL JOIN (SELECT batch_no, count(*) AS entries FROM journal_entries GROUP BY batch_no) e
        ON e.batch_no = b.no
      WHERE coalesce(b.posted, 0) <> coalesce(e.entries, 0)`,
  },
  {
    name: 'cycle-states-legal',
    why: 'Cycles close after their end, become final after their close, and do not overlap.',
    sql: `
      SELECT id AS offender, CASE
               WHEN too_early THEN 'starts before the previous one of its kind ends'
               ELSE 'is ' || state || ', ends ' || ends_at || ', closed '
                    || coalesce(closed_at::text, 'never') || ', final '
                    || coalesce(final_at::text, 'never') END AS detail
      FROM (SELECT *, starts_at < lag(ends_at) OVER (PARTITION BY kind ORDER BY ends_at) AS too_early
            FROM cycles) c
      WHERE too_early OR (state = 'open') <> (closed_at IS NULL) OR closed_at < ends_at
         OR (state = 'final') <> (final_at IS NOT NULL) OR final_at < closed_at`,
  },
  {
    name: 'entry-in-known-cycle',
    why: 'Every entry, posted or staged, names a cycle that exists.',
    sql: `
      SELECT e.id AS offender, 'names ' || e.cycle_id AS detail
      FROM (SELECT id, cycle_id FROM journal_entries
            UNION ALL SELECT entry_id, cycle_id FROM staged_entries) e
      LEFT JOIN cycles c ON c.id = e.cycle_id WHERE c.id IS NULL`,
  },
  {
    name: 'final-cycle-complete',
    why: 'A final cycle is netted from the books, so nothing of it may still be in the outbox.',
    sql: `
      SELECT s.entry_id AS offender, 'staged for ' || c.id || ', which is final' AS detail
      FROM staged_entries s JOIN cycles c ON c.id = s.cycle_id WHERE c.state = 'final'`,
  },
  {
    name: 'final-cycle-untouched',
    why: 'A final cycle has the journal lines it was netted from, no more and no fewer.',
    sql: `
      SELECT c.id AS offender,
             'final with ' || coalesce(c.final_lines::text, 'none recorded') || ' lines, has '
               || coalesce(l.lines, 0) AS detail
      FROM cycles c
      LEFT JOIN (SELECT e.cycle_id, count(*) AS lines
                 FROM journal_entries e JOIN journal_lines l ON l.entry_no = e.entry_no
                 WHERE e.cycle_id IN (SELECT id FROM cycles WHERE state = 'final')
                 GROUP BY e.cycle_id) l ON l.cycle_id = c.id
      WHERE c.state = 'final' AND c.kind <> 'settlement'
        AND c.final_lines IS DISTINCT FROM coalesce(l.lines, 0)`,
  },
  {
    name: 'final-cycle-has-its-phase',
    why: 'A final cycle is settled in a phase of its own, and no other cycle has one.',
    sql: `
      SELECT coalesce(c.id, p.id) AS offender,
             CASE WHEN p.id IS NULL THEN 'final without a settlement phase'
                  ELSE 'settles no final cycle' END AS detail
      FROM (SELECT id FROM cycles WHERE state = 'final' AND kind <> 'settlement') c
      FULL JOIN (SELECT id FROM cycles WHERE kind = 'settlement' AND id <> 'cyc_opening_s') p
        ON p.id = c.id || '_s'
      WHERE c.id IS NULL OR p.id IS NULL`,
  },
  {
    name: 'entry-in-its-kind-of-cycle',
    why: 'Clearing cycles hold payments, cancels and refunds alone, or they could not be netted.',
    sql: `
      SELECT e.id AS offender, e.kind || ' in ' || c.id || ' (' || c.kind || ')' AS detail
      FROM (SELECT id, kind, cycle_id FROM journal_entries
            UNION ALL SELECT entry_id, kind, cycle_id FROM staged_entries) e
      JOIN cycles c ON c.id = e.cycle_id
      WHERE (c.kind = 'settlement') = is_clearing_entry(e.kind)`,
  },
  {
    name: 'exposure-within-cap',
    why: 'No exposure is negative or above cap and prefund, unless its terms were lowered later.',
    sql: `
      SELECT participant_id || ' ' || currency AS offender,
             'reserved ' || reserved || ', outstanding ' || outstanding || ', cap ' || cap
               || ', prefund ' || prefund AS detail
      FROM exposures
      WHERE reserved < 0 OR outstanding < 0 OR cap < 0 OR prefund < 0
         OR (reserved + outstanding > cap + prefund AND over_since IS NULL)`,
  },
];
