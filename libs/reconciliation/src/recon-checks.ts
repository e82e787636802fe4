import { BREAK_TYPE_NAMES } from '#domain/reconciliation/break-types';
import type { InvariantCheck } from '#platform/invariant-check';

const KNOWN_TYPES = BREAK_TYPE_NAMES.map((type) => `'${type}'`).join(', ');

/** What must hold between partners' files, their lines and the breaks found in them. */
export const reconciliationChecks: readonly InvariantCheck[] = [
  {
    name: 'partner-file-is-whole',
    why: 'A file is loaded with all of its lines or not at all, and replaced lines are gone.',
    sql: `
      SELECT coalesce(f.name, 'file ' || l.file_id) AS offender,
             coalesce(l.lines, 0) || ' lines of '
               || CASE WHEN f.superseded_at IS NULL THEN coalesce(f.line_count, 0) ELSE 0 END AS detail
      FROM recon_files f
      FULL JOIN (SELECT file_id, count(*) AS lines FROM recon_lines GROUP BY file_id) l
        ON l.file_id = f.id
      WHERE coalesce(l.lines, 0)
        <> CASE WHEN f.superseded_at IS NULL THEN coalesce(f.line_count, 0) ELSE 0 END`,
  },
  {
    name: 'break-state-follows-its-events',
    why: 'A break is in the state its timeline ends in, or somebody ended it without a trace.',
    sql: `
      SELECT b.id AS offender,
             'is ' || b.state || ', timeline ends in ' || coalesce(last.to_state, 'nothing') AS detail
      FROM recon_breaks b
      LEFT JOIN LATERAL (SELECT to_state FROM recon_break_events e WHERE e.break_id = b.id
                         ORDER BY seq DESC LIMIT 1) last ON true
      WHERE last.to_state IS DISTINCT FROM b.state OR b.type NOT IN (${KNOWN_TYPES})`,
  },
  {
    name: 'live-break-has-its-file',
    why: 'A break that lines have shown is live only while the file with these lines is in force.',
    sql: `
      SELECT b.id AS offender, 'file ' || (e.line->>'file') || ' is not in force' AS detail
      FROM recon_breaks b CROSS JOIN LATERAL jsonb_array_elements(b.evidence) AS e(line)
      WHERE b.ended_at IS NULL
        AND NOT EXISTS (SELECT FROM recon_files f
                        WHERE f.name = e.line->>'file' AND f.superseded_at IS NULL)`,
  },
];
