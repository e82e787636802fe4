import type { InvariantCheck } from '#platform/invariant-check';

/** A final cycle is netted within this; a run that waits longer has a fault that needs a person. */
const NETTED_WITHIN = '10 minutes';

/** What must hold between the books, what is owed, what was paid, and what stopped counting. */
export const settlementChecks: readonly InvariantCheck[] = [
  {
    name: 'obligations-equal-ledger',
    why: 'What each participant owes of a cycle is what its account moved in it, no less, no more.',
    sql: `
      WITH owed AS (
        SELECT cycle_id, participant_id AS owner, currency, sum(own_minor) AS minor,
               CASE role WHEN 'wallet' THEN 'walletReceivable' ELSE 'acquirerPayable' END AS kind
        FROM obligations WHERE role <> 'lossShare' GROUP BY 1, 2, 3, role),
      booked AS (
        SELECT b.cycle_id, b.owner, b.currency, b.minor, b.kind
        FROM account_balances b JOIN settlement_runs r ON r.cycle_id = b.cycle_id
        WHERE r.state = 'netted' AND b.owner <> 'hub')
      SELECT coalesce(o.cycle_id, b.cycle_id) || ' ' || coalesce(o.owner, b.owner) || ' '
               || coalesce(o.currency, b.currency) AS offender,
             'owed ' || coalesce(o.minor, 0) || ', booked ' || coalesce(b.minor, 0) AS detail
      FROM owed o FULL JOIN booked b USING (cycle_id, owner, currency, kind)
      WHERE coalesce(o.minor, 0) <> coalesce(b.minor, 0)`,
  },
  {
    name: 'settlement-zero-sum',
    why: 'In each netted cycle and currency, participants and hub together come to nothing.',
    sql: `
      SELECT cycle_id || ' ' || currency AS offender, 'sums to ' || sum(minor) AS detail
      FROM (SELECT cycle_id, currency, own_minor AS minor FROM obligations
            WHERE role <> 'lossShare'
            UNION ALL
            SELECT b.cycle_id, b.currency, b.minor
            FROM account_balances b JOIN settlement_runs r ON r.cycle_id = b.cycle_id
            WHERE r.state = 'netted' AND b.owner = 'hub') m
      GROUP BY cycle_id, currency HAVING sum(minor) <> 0`,
  },
  {
    name: 'carried-amounts-arrive',
    why: 'A small amount that waits for the next cycle is added there, once.',
    sql: `
      WITH gone AS (
        SELECT carried_to AS cycle_id, participant_id, role, currency, sum(minor) AS minor
        FROM obligations WHERE carried_to IS NOT NULL GROUP BY 1, 2, 3, 4),
      come AS (
        SELECT cycle_id, participant_id, role, currency, sum(carried_in_minor) AS minor
        FROM obligations GROUP BY 1, 2, 3, 4)
      SELECT cycle_id || ' ' || participant_id || ' ' || currency AS offender,
             'carried ' || coalesce(g.minor, 0) || ', arrived ' || coalesce(c.minor, 0) AS detail
      FROM gone g FULL JOIN come c USING (cycle_id, participant_id, role, currency)
      WHERE coalesce(g.minor, 0) <> coalesce(c.minor, 0)`,
  },
  {
    name: 'settled-equals-payments',
    why: 'An obligation is settled by confirmed payments alone.',
    sql: `
      SELECT o.id AS offender,
             'settled ' || o.settled_minor || ', confirmed ' || coalesce(sum(p.confirmed_minor), 0)
               AS detail
      FROM obligations o LEFT JOIN settlement_payments p ON p.obligation_id = o.id
      GROUP BY o.id HAVING o.settled_minor <> coalesce(sum(p.confirmed_minor), 0)`,
  },
  {
    name: 'settlement-payments-booked',
    why: 'Every confirmed payment is in the books or on its way, with its amount on its account.',
    sql: `
      WITH lines AS (
        SELECT e.id, sum(l.minor) AS minor
        FROM journal_entries e JOIN journal_lines l ON l.entry_no = e.entry_no
        JOIN accounts a ON a.id = l.account_id AND a.kind = 'nostro'
        WHERE e.kind IN ('settlementReceived', 'settlementPaid') GROUP BY e.id
        UNION ALL
        SELECT s.entry_id, sum(l.minor)
        FROM staged_entries s CROSS JOIN LATERAL unnest(s.account_ids, s.amounts) AS l(account_id, minor)
        JOIN accounts a ON a.id = l.account_id AND a.kind = 'nostro'
        WHERE s.kind IN ('settlementReceived', 'settlementPaid') GROUP BY s.entry_id)
      SELECT coalesce(p.id, l.id) AS offender,
             'confirmed ' || coalesce(p.confirmed_minor, 0) || ', booked ' || coalesce(l.minor, 0)
               AS detail
      FROM (SELECT * FROM settlement_payments WHERE confirmed_minor > 0) p
      FULL JOIN lines l ON l.id = p.entry_id
      WHERE p.id IS NULL OR l.id IS NULL
         OR l.minor <> CASE p.direction WHEN 'in' THEN p.confirmed_minor ELSE -p.confirmed_minor END`,
  },
  {
    name: 'exposure-released-only-by-settlement',
    why: 'What is held against a cap is let go only for money that arrived, and never beyond it.',
    sql: `
      SELECT r.event AS offender, CASE
               WHEN r.cause = 'payment' THEN 'released ' || r.minor || ' for ' || r.cause_id
               ELSE 'cause ' || r.cause_id || ' is missing' END AS detail
      FROM exposure_releases r
      JOIN obligations o ON o.id = r.obligation_id
      LEFT JOIN settlement_payments p ON p.id = r.cause_id AND r.cause = 'payment'
      LEFT JOIN defaults d ON d.id = r.cause_id AND r.cause = 'default'
      WHERE (r.cause = 'payment' AND (p.confirmed_minor IS NULL OR p.confirmed_minor = 0
               OR p.obligation_id <> o.id OR p.released_minor <> r.minor
               OR (r.minor > p.confirmed_minor AND o.state <> 'settled')))
         OR (r.cause = 'default' AND d.id IS NULL)
         OR (r.cause = 'nothingDue' AND (o.minor <> 0 OR r.cause_id <> o.cycle_id))
      UNION ALL
      SELECT o.id, 'says ' || o.released_minor || ', released ' || coalesce(sum(r.minor), 0)
      FROM obligations o LEFT JOIN exposure_releases r ON r.obligation_id = o.id
      GROUP BY o.id HAVING o.released_minor <> coalesce(sum(r.minor), 0)`,
  },
  {
    name: 'prefund-in-books',
    why: "Every movement of a participant's cover is in the books or on its way.",
    sql: `
      WITH booked AS (
        SELECT a.owner, a.currency, -sum(b.minor) AS minor
        FROM (SELECT account_id, minor FROM account_balances
              UNION ALL
              SELECT l.account_id, l.minor FROM staged_entries s
              CROSS JOIN LATERAL unnest(s.account_ids, s.amounts) AS l(account_id, minor)) b
        JOIN accounts a ON a.id = b.account_id AND a.kind = 'prefund'
        GROUP BY a.owner, a.currency),
      moved AS (
        SELECT participant_id AS owner, currency, sum(minor) AS minor
        FROM prefund_movements GROUP BY 1, 2)
      SELECT owner || ' ' || currency AS offender,
             'moved ' || coalesce(m.minor, 0) || ', booked ' || coalesce(b.minor, 0) AS detail
      FROM moved m FULL JOIN booked b USING (owner, currency)
      WHERE coalesce(m.minor, 0) <> coalesce(b.minor, 0)`,
  },
  {
    name: 'default-borne-in-full',
    why: "A defaulter's loss is what its layers bore, and each survivor owes its share.",
    sql: `
      SELECT l.default_id || ' ' || l.currency AS offender,
             'loss ' || l.loss_minor || ', obligations covered ' || coalesce(c.minor, 0)
               || ', shares ' || coalesce(s.minor, 0) || ' of ' || l.survivors_minor AS detail
      FROM default_layers l
      JOIN defaults d ON d.id = l.default_id
      LEFT JOIN LATERAL (SELECT sum(minor) AS minor FROM obligations o
                         WHERE o.default_id = l.default_id AND o.currency = l.currency) s ON true
      LEFT JOIN LATERAL (SELECT sum(covered_minor) AS minor FROM obligations o
                         WHERE o.participant_id = d.participant_id AND o.currency = l.currency
                           AND o.state = 'defaulted') c ON true
      WHERE coalesce(s.minor, 0) <> l.survivors_minor OR coalesce(c.minor, 0) < l.loss_minor`,
  },
  {
    name: 'final-cycle-is-netted',
    why: 'A final cycle is netted soon, or a person has to look at why not.',
    sql: `
      SELECT c.id AS offender, coalesce(r.fault, 'nobody has netted it') AS detail
      FROM cycles c LEFT JOIN settlement_runs r ON r.cycle_id = c.id
      WHERE c.state = 'final' AND c.kind <> 'settlement' AND r.state IS DISTINCT FROM 'netted'
        AND (r.attempts > 0 OR c.final_at < hub_clock() - interval '${NETTED_WITHIN}')`,
  },
];
