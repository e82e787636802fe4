import type { InvariantCheck } from '#platform/invariant-check';

/** What must hold of disputes, their payments and the refunds they end in. */
export const disputeChecks: readonly InvariantCheck[] = [
  {
    name: 'disputes-belong-to-their-payment',
    why: 'Only the wallet and the acquirer of a payment are parties to its disputes, within its amount.',
    sql: `
      SELECT d.id AS offender,
             'between ' || d.wallet_id || ' and ' || d.acquirer_id || ' over '
               || coalesce(d.escalation_minor, 0) || ', payment of ' || coalesce(p.wallet_id, 'none')
               || ' and ' || coalesce(p.acquirer_id, 'none') AS detail
      FROM disputes d LEFT JOIN payments p ON p.id = d.payment_id
      WHERE p.id IS NULL OR p.wallet_id IS DISTINCT FROM d.wallet_id
         OR p.acquirer_id <> d.acquirer_id OR d.escalation_minor > p.payment_minor
         OR d.currency <> p.payment_currency`,
  },
  {
    name: 'disputes-keep-their-windows',
    why: 'A dispute starts in its window, and one follows another of its kind only after that is over.',
    sql: `
      SELECT d.id AS offender,
             d.kind || ' ' || d.number || ' began ' || d.started_at || ', paid ' || p.completed_at
               || ', before it ' || coalesce(b.settled_at::text, 'none') AS detail
      FROM disputes d
      JOIN payments p ON p.id = d.payment_id
      LEFT JOIN disputes b
        ON b.payment_id = d.payment_id AND b.kind = d.kind AND b.number = d.number - 1
      WHERE (d.number > 1 AND (b.id IS NULL OR b.completed_at IS NULL OR b.completed_at > d.started_at))
         OR d.started_at >= CASE WHEN d.kind = 'escalation' AND d.number > 1
                                 THEN b.settled_at + interval '600 hours'
                                 ELSE p.completed_at + interval '8640 hours' END
         OR d.answer_due_at <> d.started_at + CASE d.kind WHEN 'retrieval' THEN interval '480 hours'
                                                          ELSE interval '240 hours' END`,
  },
  {
    name: 'refunded-disputes-are-refunded',
    why: 'An escalation that ended in a refund has that much refunded since it began.',
    sql: `
      SELECT d.id AS offender,
             'accepted ' || d.accepted_minor || ', refunded since ' || coalesce(sum(r.refund_minor), 0)
               AS detail
      FROM disputes d
      LEFT JOIN refunds r ON r.payment_id = d.payment_id AND r.state = 'succeeded'
                         AND r.id <> ALL (d.refunds_before)
      WHERE d.state = 'refunded'
      GROUP BY d.id HAVING coalesce(sum(r.refund_minor), 0) < d.accepted_minor`,
  },
  {
    name: 'dispute-state-follows-its-timeline',
    why: 'The state of a dispute is what the recorded events lead to.',
    sql: `
      SELECT d.id AS offender,
             'is ' || d.state || ', timeline ends in ' || coalesce(last.to_state, 'nothing') AS detail
      FROM disputes d
      LEFT JOIN LATERAL (SELECT to_state FROM dispute_events e WHERE e.dispute_id = d.id
                         ORDER BY seq DESC LIMIT 1) last ON true
      WHERE last.to_state IS DISTINCT FROM d.state`,
  },
];
