import type { InvariantCheck } from '#platform/invariant-check';

/** What must hold between refunds, their payments and the books. */
export const refundChecks: readonly InvariantCheck[] = [
  {
    name: 'refunds-within-payment',
    why: 'Refunds that stand are counted on their payment, never exceed it on either leg, and when they are all of it give all of it back.',
    sql: `
      SELECT p.id AS offender,
             'refunded ' || coalesce(r.refunded, 0) || ' of ' || p.payment_minor || ', counted '
               || p.refunded_minor || ', user ' || coalesce(r.payer, 0) || ' of '
               || coalesce(p.pay_to_minor, 0) || ', acquirer ' || coalesce(r.settlement, 0)
               || ' of ' || coalesce(p.settlement_minor, 0) AS detail
      FROM payments p
      FULL JOIN (SELECT payment_id, sum(refund_minor) AS refunded, sum(refund_from_minor) AS payer,
                        sum(settlement_minor) AS settlement, bool_or(pay_to_currency IS NULL) AS bare
                 FROM refunds WHERE state <> 'declined' GROUP BY payment_id) r
        ON r.payment_id = p.id
      WHERE (r.payment_id IS NOT NULL OR p.refunded_minor <> 0)
        AND (p.id IS NULL OR p.state <> 'succeeded'
             OR p.refunded_minor <> coalesce(r.refunded, 0) OR p.refunded_minor > p.payment_minor
             OR r.payer > p.pay_to_minor OR r.settlement > p.settlement_minor
             OR (r.refunded = p.payment_minor
                 AND (r.payer <> p.pay_to_minor OR r.settlement <> p.settlement_minor)))`,
  },
  {
    name: 'refunds-have-entries',
    why: 'A refund that succeeded is staged or posted once, in its own cycle; no other refund is.',
    sql: `
      SELECT coalesce(r.id, e.event) AS offender,
             'state ' || coalesce(r.state, 'missing') || ', entries ' || count(e.event)
               || ', cycles ' || coalesce(r.cycle_id, 'none') || ' and '
               || coalesce(min(e.cycle_id), 'none') AS detail
      FROM refunds r
      FULL JOIN (SELECT event, cycle_id FROM journal_entries WHERE kind = 'paymentRefunded'
                 UNION ALL
                 SELECT event, cycle_id FROM staged_entries WHERE kind = 'paymentRefunded') e
        ON e.event = r.id || ':paymentRefunded'
      GROUP BY r.id, e.event
      HAVING r.id IS NULL OR count(e.event) <> (r.state = 'succeeded')::integer
         OR bool_or(e.cycle_id IS DISTINCT FROM r.cycle_id AND e.event IS NOT NULL)`,
  },
  {
    name: 'refund-entries-agree',
    why: 'What a refund moved in the books of wallet and acquirer is what the refund says.',
    sql: `
      SELECT r.id AS offender,
             'wallet ' || coalesce(l.wallet, 0) || ' against ' || r.wallet_credit_minor
               || ', acquirer ' || coalesce(l.acquirer, 0) || ' against ' || r.acquirer_debit_minor
               AS detail
      FROM refunds r
      JOIN LATERAL (
        SELECT -sum(minor) FILTER (WHERE kind = 'walletReceivable' AND owner = r.wallet_id
                                     AND currency = r.pay_to_currency) AS wallet,
               sum(minor) FILTER (WHERE kind = 'acquirerPayable' AND owner = r.acquirer_id
                                    AND currency = r.settlement_currency) AS acquirer
        FROM ledger_lines WHERE event = r.id || ':paymentRefunded'
        HAVING count(*) > 0) l ON true
      WHERE coalesce(l.wallet, 0) <> r.wallet_credit_minor
         OR coalesce(l.acquirer, 0) <> r.acquirer_debit_minor`,
  },
  {
    name: 'refund-state-follows-its-timeline',
    why: 'The state of a refund is what the recorded answers lead to.',
    sql: `
      SELECT r.id AS offender,
             'is ' || r.state || ', timeline ends in ' || coalesce(last.to_state, 'nothing') AS detail
      FROM refunds r
      LEFT JOIN LATERAL (SELECT to_state FROM refund_events e WHERE e.refund_id = r.id
                         ORDER BY seq DESC LIMIT 1) last ON true
      WHERE last.to_state IS DISTINCT FROM r.state`,
  },
];
