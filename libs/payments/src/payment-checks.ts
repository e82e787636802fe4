import type { InvariantCheck } from '#platform/invariant-check';

/** Minutes after which a duty that nobody took up means that no worker runs. */
const OVERDUE = '10 minutes';

/** What must hold between payments, their keys and limits, the exposures and the books. */
export const paymentChecks: readonly InvariantCheck[] = [
  {
    name: 'succeeded-payment-is-cleared-once',
    why: 'A success is staged or posted exactly once, or money was acknowledged and lost.',
    sql: `
      SELECT p.id AS offender, 'entries for its clearing: ' || count(e.event) AS detail
      FROM payments p
      LEFT JOIN (SELECT event FROM journal_entries UNION ALL SELECT event FROM staged_entries) e
        ON e.event = p.id || ':paymentCleared'
      WHERE p.cycle_id IS NOT NULL
      GROUP BY p.id HAVING count(e.event) <> 1`,
  },
  {
    name: 'cleared-entry-has-its-payment',
    why: 'Nothing is booked for a payment that did not succeed.',
    sql: `
      SELECT e.event AS offender, 'payment ' || coalesce(p.state, 'missing') AS detail
      FROM (SELECT event, payment_id, cycle_id FROM journal_entries WHERE kind = 'paymentCleared'
            UNION ALL
            SELECT event, payment_id, cycle_id FROM staged_entries WHERE kind = 'paymentCleared') e
      LEFT JOIN payments p ON p.id = e.payment_id
      WHERE p.id IS NULL OR p.cycle_id IS DISTINCT FROM e.cycle_id`,
  },
  {
    name: 'cancelled-success-has-a-contra-entry',
    why: 'A success that was cancelled is taken back in the same cycle, once; nothing else is.',
    sql: `
      SELECT p.id AS offender,
             'state ' || p.state || ', contra entries ' || count(e.event) AS detail
      FROM payments p
      LEFT JOIN (SELECT event FROM journal_entries UNION ALL SELECT event FROM staged_entries) e
        ON e.event = p.id || ':paymentCancelled'
      WHERE p.cycle_id IS NOT NULL
      GROUP BY p.id, p.state
      HAVING count(e.event) <> (p.state = 'cancelled')::integer`,
  },
  {
    name: 'ledger-agrees-with-payments',
    why: 'What a wallet owes in the books is what its payments said it would.',
    sql: `
      SELECT l.payment_id AS offender,
             'booked ' || l.minor || ', payment says ' || p.wallet_owes_minor AS detail
      FROM ledger_lines l JOIN payments p ON p.id = l.payment_id
      WHERE l.kind = 'walletReceivable' AND l.entry_kind = 'paymentCleared'
        AND (l.minor <> p.wallet_owes_minor OR l.owner <> p.wallet_id
             OR l.currency <> p.pay_to_currency)`,
  },
  {
    name: 'exposure-equals-payments',
    why: 'Caps are only as good as the exposure they are held against.',
    sql: `
      WITH held_by_payments AS (
        SELECT wallet_id AS participant_id, pay_to_currency::text AS currency,
          coalesce(sum(greatest(wallet_owes_minor, 0)) FILTER (WHERE cycle_id IS NULL
            AND state IN ('authorising', 'pushing', 'cancelling')), 0) AS reserved,
          coalesce(sum(wallet_owes_minor) FILTER (WHERE cycle_id IS NOT NULL
            AND state IN ('succeeded', 'cancelling')), 0) AS outstanding
        FROM payments WHERE wallet_id IS NOT NULL GROUP BY 1, 2),
      given_back AS (
        SELECT wallet_id, pay_to_currency::text, 0, -sum(released_minor)
        FROM refunds WHERE state = 'succeeded' GROUP BY 1, 2),
      held_by_refunds AS (
        SELECT acquirer_id, settlement_currency::text,
          coalesce(sum(held_minor) FILTER (WHERE state = 'processing'), 0),
          coalesce(sum(held_minor) FILTER (WHERE state = 'succeeded'), 0)
        FROM refunds WHERE settlement_currency IS NOT NULL GROUP BY 1, 2),
      settled AS (
        SELECT participant_id, currency, 0, -sum(applied_minor) FROM exposure_releases GROUP BY 1, 2),
      held AS (
        SELECT participant_id, currency, sum(reserved) AS reserved, sum(outstanding) AS outstanding
        FROM (TABLE held_by_payments UNION ALL TABLE given_back
              UNION ALL TABLE held_by_refunds UNION ALL TABLE settled) h
        GROUP BY 1, 2)
      SELECT coalesce(e.participant_id, h.participant_id) || ' ' || coalesce(e.currency, h.currency)
               AS offender,
             'reserved ' || coalesce(e.reserved, 0) || ' against ' || coalesce(h.reserved, 0)
               || ', outstanding ' || coalesce(e.outstanding, 0) || ' against '
               || coalesce(h.outstanding, 0) AS detail
      FROM exposures e
      FULL JOIN held h ON h.participant_id = e.participant_id AND h.currency = e.currency
      WHERE coalesce(e.reserved, 0) <> coalesce(h.reserved, 0)
         OR coalesce(e.outstanding, 0) <> coalesce(h.outstanding, 0)`,
  },
  {
    name: 'daily-use-equals-payments',
    why: "A payer's limit counts every payment that holds or spends, and no other.",
    sql: `
      WITH spent AS (
        SELECT wallet_id, customer_id, usage_day AS day, sum(pay_to_minor) AS used
        FROM payments
        WHERE wallet_id IS NOT NULL
          AND state IN ('authorising', 'pushing', 'succeeded', 'cancelling')
        GROUP BY 1, 2, 3)
      SELECT coalesce(u.wallet_id, s.wallet_id) || ' ' || coalesce(u.customer_id, s.customer_id)
               || ' ' || coalesce(u.day, s.day) AS offender,
             'counted ' || coalesce(u.used_minor, 0) || ', payments ' || coalesce(s.used, 0) AS detail
      FROM payer_usage u
      FULL JOIN spent s USING (wallet_id, customer_id, day)
      WHERE coalesce(u.used_minor, 0) <> coalesce(s.used, 0)`,
  },
  {
    name: 'request-key-has-its-payment',
    why: 'A repeat is answered from its payment, so the key must lead to one.',
    sql: `
      SELECT r.participant_id || ' ' || r.operation || ' ' || r.request_id AS offender,
             'payment ' || r.payment_id || ' is missing' AS detail
      FROM requests r LEFT JOIN payments p ON p.id = r.payment_id WHERE p.id IS NULL
      UNION ALL
      SELECT r.participant_id || ' ' || r.operation || ' ' || r.request_id, 'its refund is missing'
      FROM requests r
      LEFT JOIN refunds f ON f.acquirer_id = r.participant_id
        AND f.acquirer_request_id = r.request_id AND f.payment_id = r.payment_id
      WHERE r.operation = 'payments/refund' AND f.id IS NULL`,
  },
  {
    name: 'payment-state-follows-its-timeline',
    why: 'The state is what the recorded events lead to.',
    sql: `
      SELECT p.id AS offender,
             'is ' || p.state || ', timeline ends in ' || coalesce(last.to_state, 'nothing') AS detail
      FROM payments p
      LEFT JOIN LATERAL (SELECT to_state FROM payment_events e WHERE e.payment_id = p.id
                         ORDER BY seq DESC LIMIT 1) last ON true
      WHERE last.to_state IS DISTINCT FROM p.state`,
  },
  {
    name: 'payment-carries-stored-quotes',
    why: 'An amount can be recomputed only from the quotes it was made with.',
    sql: `
      SELECT p.id AS offender, 'quote missing or of other currencies' AS detail
      FROM payments p
      LEFT JOIN quotes a ON a.id = p.payer_quote_id
      LEFT JOIN quotes b ON b.id = p.settlement_quote_id
      WHERE p.wallet_id IS NOT NULL
        AND (a.base IS DISTINCT FROM p.payment_currency::text
             OR a.counter IS DISTINCT FROM p.pay_to_currency::text
             OR b.base IS DISTINCT FROM p.payment_currency::text
             OR b.counter IS DISTINCT FROM p.settlement_currency::text)`,
  },
  {
    name: 'no-duty-is-forgotten',
    why: 'What is owed to a partner is done when it is due; an overdue duty means no worker runs.',
    sql: `
      SELECT id AS offender, duty_kind || ' was due at ' || duty_due_at AS detail
      FROM payments
      WHERE duty_kind IS NOT NULL AND duty_due_at < clock_timestamp() - interval '${OVERDUE}'
      UNION ALL
      SELECT id, 'refund, asking the wallet was due at ' || duty_due_at
      FROM refunds WHERE duty_due_at < clock_timestamp() - interval '${OVERDUE}'`,
  },
];
