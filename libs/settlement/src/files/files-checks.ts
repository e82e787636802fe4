import type { InvariantCheck } from '#platform/invariant-check';

/** A set is written within this of its cycle's netting; one that waits longer needs a person. */
const WRITTEN_WITHIN = '30 minutes';
const MOST_ATTEMPTS = '3';

export const filesChecks: readonly InvariantCheck[] = [
  {
    name: 'files-equal-obligations',
    why: 'What a participant’s files come to is what it owes or is owed of the cycle.',
    sql: `
      SELECT f.cycle_id || ' ' || f.participant_id || ' ' || f.currency || ' ' || f.seq AS offender,
             'the files come to ' || f.net_minor || ', the obligation to '
               || coalesce(o.own_minor, 0) AS detail
      FROM file_sets f
      LEFT JOIN obligations o ON o.cycle_id = f.cycle_id AND o.participant_id = f.participant_id
        AND o.currency = f.currency AND o.role = f.role
      WHERE f.state = 'written' AND f.net_minor <> coalesce(o.own_minor, 0)`,
  },
  {
    name: 'files-complete',
    why: 'Whoever has an obligation of a cycle gets its files, all four and the manifest.',
    sql: `
      SELECT o.cycle_id || ' ' || o.participant_id || ' ' || o.currency AS offender,
             'has no files' AS detail
      FROM obligations o
      WHERE o.role <> 'lossShare' AND EXISTS (SELECT FROM file_sets f WHERE f.cycle_id = o.cycle_id)
        AND NOT EXISTS (SELECT FROM file_sets f
                        WHERE f.cycle_id = o.cycle_id AND f.participant_id = o.participant_id
                          AND f.currency = o.currency AND f.role = o.role)
      UNION ALL
      SELECT f.cycle_id || ' ' || f.participant_id || ' ' || f.currency || ' ' || f.seq,
             'has ' || count(s.name) || ' of 5 files'
      FROM file_sets f
      LEFT JOIN settlement_files s ON s.cycle_id = f.cycle_id
        AND s.participant_id = f.participant_id AND s.currency = f.currency AND s.seq = f.seq
        AND s.kind IN ('transactionItems', 'feeItems', 'summary', 'settlement', 'manifest')
      WHERE f.state = 'written'
      GROUP BY f.cycle_id, f.participant_id, f.currency, f.seq HAVING count(s.name) <> 5`,
  },
  {
    name: 'files-are-written',
    why: 'Files that are due for long need a person: a full disk, or a line that does not compute.',
    sql: `
      SELECT cycle_id || ' ' || participant_id || ' ' || currency || ' ' || seq AS offender,
             'not written after ' || attempts || ' attempts: ' || coalesce(fault, 'nobody tried')
               AS detail
      FROM file_sets
      WHERE state = 'due' AND (attempts >= ${MOST_ATTEMPTS}
                               OR due_at < clock_timestamp() - interval '${WRITTEN_WITHIN}')`,
  },
];
