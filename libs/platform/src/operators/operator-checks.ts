import type { InvariantCheck } from '../invariant-check.js';

/** What must hold of keys and approvals, however they came about. */
export const operatorChecks: readonly InvariantCheck[] = [
  {
    name: 'key-is-in-the-audit-log',
    why: 'A key was issued, and revoked, by somebody who is on record for it.',
    sql: `SELECT k.id AS offender,
                 CASE WHEN i.seq IS NULL THEN 'was issued without an entry in the audit log'
                      ELSE 'was revoked without an entry in the audit log' END AS detail
          FROM operator_keys k
          LEFT JOIN LATERAL (SELECT seq FROM audit_log a
            WHERE a.subject = k.id AND a.action = 'operators.issue' AND a.outcome = 'done'
              AND a.person = k.issued_by LIMIT 1) i ON true
          LEFT JOIN LATERAL (SELECT seq FROM audit_log a
            WHERE a.subject = k.id AND a.action = 'operators.revoke' AND a.outcome = 'done'
              AND a.person = k.revoked_by LIMIT 1) r ON true
          WHERE i.seq IS NULL OR (k.revoked_at IS NOT NULL AND r.seq IS NULL)`,
  },
  {
    name: 'approval-took-two-persons',
    why: 'What needs four eyes was done by two persons, once, and is on record.',
    sql: `SELECT v.id AS offender,
                 CASE WHEN v.decided_by = v.proposed_by THEN v.proposed_by || ' approved what he proposed'
                      ELSE count(a.seq)::text || ' entries in the audit log instead of one' END AS detail
          FROM approvals v
          LEFT JOIN audit_log a ON a.subject = v.subject AND a.action = v.action
            AND a.outcome = 'done' AND a.person = v.decided_by
            AND starts_with(a.reason, v.id || ',')
          WHERE v.state = 'executed'
          GROUP BY v.id
          HAVING v.decided_by = v.proposed_by OR count(a.seq) <> 1`,
  },
];
