import type { InvariantCheck } from '#platform/invariant-check';

/** What must hold of who is in which cycle. */
export const clearingChecks: readonly InvariantCheck[] = [
  {
    name: 'cycle-members-numbered',
    why: 'A numbered cycle has the members 1 to n that it says, no gap and no other.',
    sql: `
      SELECT c.id AS offender,
             'says ' || coalesce(c.members::text, 'nothing') || ', has ' || count(m.no)
               || ' up to ' || coalesce(max(m.no), 0) AS detail
      FROM cycles c LEFT JOIN cycle_members m ON m.cycle_id = c.id
      WHERE c.kind <> 'settlement'
      GROUP BY c.id
      HAVING count(m.no) <> coalesce(c.members, 0) OR coalesce(max(m.no), 0) <> count(m.no)
          OR (c.state = 'final' AND c.members IS NULL)`,
  },
  {
    name: 'cycle-members-complete',
    why: 'Every payment and refund of a numbered cycle is its member once, under its wallet and its acquirer, and nothing else is.',
    sql: `
      SELECT coalesce(s.id, m.subject_id) AS offender,
             CASE WHEN m.subject_id IS NULL THEN 'completed in ' || s.cycle_id || ', not a member'
                  WHEN s.id IS NULL THEN 'member of ' || m.cycle_id || ', completed in none'
                  WHEN s.cycle_id <> m.cycle_id
                  THEN 'completed in ' || s.cycle_id || ', member of ' || m.cycle_id
                  ELSE 'is of ' || s.wallet_id || ' and ' || s.acquirer_id || ', member of '
                       || m.wallet_id || ' and ' || m.acquirer_id END AS detail
      FROM (SELECT 'payment' AS kind, p.id, p.cycle_id, p.wallet_id COLLATE "C" AS wallet_id,
                   p.acquirer_id COLLATE "C" AS acquirer_id FROM payments p
            JOIN cycles c ON c.id = p.cycle_id AND c.members IS NOT NULL
            UNION ALL
            SELECT 'refund', r.id, r.cycle_id, r.wallet_id, r.acquirer_id FROM refunds r
            JOIN cycles c ON c.id = r.cycle_id AND c.members IS NOT NULL) s
      FULL JOIN cycle_members m ON m.subject_id = s.id AND m.kind = s.kind
      WHERE (s.cycle_id, s.wallet_id, s.acquirer_id)
            IS DISTINCT FROM (m.cycle_id, m.wallet_id, m.acquirer_id)`,
  },
  {
    name: 'no-cancel-in-final-cycle',
    why: 'A cancel that is not done when its cycle is netted would change what was netted.',
    sql: `
      SELECT p.id AS offender, 'is being cancelled in ' || c.id || ', which is final' AS detail
      FROM payments p JOIN cycles c ON c.id = p.cycle_id
      WHERE p.state = 'cancelling' AND c.state = 'final'`,
  },
];
