import type { EntityManager } from 'typeorm';

/**
 * The hub's side of a reconciliation, in SQL, from payments and refunds themselves and by the
 * rule their amounts were made by: scheme fees are a share rounded half up, interchange is what
 * then remains between gross and net. One statement serves a cycle of a million and one payment.
 */

/** A share in basis points of minor units, half up; exact, since nothing is divided. */
function share(minor: string, bps: string): string {
  return `round(${minor}::numeric * (p.terms->>'${bps}')::numeric * 0.0001)::bigint`;
}

const WALLET_FEE = share('p.pay_to_minor', 'schemeFeeWalletBps');
const ACQUIRER_FEE = share('p.settlement_minor', 'schemeFeeAcquirerBps');

/**
 * One row for each side of a payment or refund. What was refused before it was priced has no
 * amounts and stands here all the same: a partner that says it succeeded is then told by whom and
 * how it ended.
 *
 * @param paymentsWhere which payments, as a condition on `p`: said there, and not around this
 *   text, since the server prices both sides of a payment before it looks at either
 * @param refundsWhere which refunds, as a condition on `r` and its payment `p`
 */
export function hubLegs(paymentsWhere: string, refundsWhere: string): string {
  return `
  SELECT p.id AS subject_id, 'payment' AS kind, '' AS original_id, p.cycle_id, p.completed_at,
    CASE WHEN p.state = 'succeeded' THEN 'succeeded'
         WHEN p.state IN ('declined', 'closed', 'cancelled') THEN 'failed'
         ELSE 'inFlight' END AS status, p.state,
    p.payment_minor AS transaction_minor, p.payment_currency::text AS transaction_currency,
    coalesce(p.merchant_id, '') AS merchant_id, coalesce(p.store_id, '') AS store_id,
    s.side, s.participant_id, s.request_id, coalesce(s.settlement_minor, 0) AS settlement_minor,
    coalesce(s.settlement_currency, p.payment_currency::text) AS settlement_currency,
    coalesce(s.interchange_minor, 0) AS interchange_minor,
    coalesce(s.service_fee_minor, 0) AS service_fee_minor, s.interchange_bps, s.service_fee_bps,
    coalesce(q.base, p.payment_currency)::text AS base,
    coalesce(q.counter, p.payment_currency)::text AS counter, coalesce(q.price, 1) AS price
  FROM payments p
  CROSS JOIN LATERAL (VALUES
    ('wallet', p.wallet_id, coalesce(p.wallet_payment_id, ''), p.pay_to_minor,
     p.pay_to_currency::text, p.pay_to_minor + ${WALLET_FEE} - p.wallet_owes_minor, ${WALLET_FEE},
     (p.terms->>'interchangeBps')::integer, (p.terms->>'schemeFeeWalletBps')::integer,
     p.payer_quote_id),
    ('acquirer', p.acquirer_id, p.acquirer_request_id, p.settlement_minor,
     p.settlement_currency::text,
     p.settlement_minor - ${ACQUIRER_FEE} - p.acquirer_receives_minor, ${ACQUIRER_FEE},
     (p.terms->>'interchangeBps')::integer, (p.terms->>'schemeFeeAcquirerBps')::integer,
     p.settlement_quote_id)
  ) AS s(side, participant_id, request_id, settlement_minor, settlement_currency,
         interchange_minor, service_fee_minor, interchange_bps, service_fee_bps, quote_id)
  LEFT JOIN quotes q ON q.id = s.quote_id
  WHERE s.participant_id IS NOT NULL AND ${paymentsWhere}
  UNION ALL
  SELECT r.id, 'refund', r.payment_id, r.cycle_id, r.completed_at,
    CASE r.state WHEN 'succeeded' THEN 'succeeded' WHEN 'declined' THEN 'failed'
                 ELSE 'inFlight' END, r.state,
    r.refund_minor, p.payment_currency::text,
    coalesce(p.merchant_id, ''), coalesce(p.store_id, ''),
    s.side, s.participant_id, s.request_id, coalesce(s.settlement_minor, 0),
    coalesce(s.settlement_currency, p.payment_currency::text), coalesce(s.interchange_minor, 0),
    0::bigint, NULL::integer, NULL::integer, coalesce(q.base, p.payment_currency)::text,
    coalesce(q.counter, p.payment_currency)::text, coalesce(q.price, 1)
  FROM refunds r
  JOIN payments p ON p.id = r.payment_id
  CROSS JOIN LATERAL (VALUES
    ('wallet', p.wallet_id, coalesce(r.wallet_refund_id, ''), r.refund_from_minor, p.pay_to_currency::text,
     r.refund_from_minor - r.wallet_credit_minor, p.payer_quote_id),
    ('acquirer', p.acquirer_id, r.acquirer_request_id, r.settlement_minor,
     p.settlement_currency::text, r.settlement_minor - r.acquirer_debit_minor,
     p.settlement_quote_id)
  ) AS s(side, participant_id, request_id, settlement_minor, settlement_currency,
         interchange_minor, quote_id)
  LEFT JOIN quotes q ON q.id = s.quote_id
  WHERE s.participant_id IS NOT NULL AND ${refundsWhere}`;
}

/**
 * Sets of files of which every part has landed, of cycles whose members are fixed: only then is a
 * line that is not there missing.
 */
export const COMPLETE_SETS = `
  SELECT f.cycle_id, f.participant_id, f.currency
  FROM recon_files f JOIN cycles c ON c.id = f.cycle_id AND c.state <> 'open'
  WHERE f.superseded_at IS NULL
  GROUP BY f.cycle_id, f.participant_id, f.currency HAVING count(*) = max(f.part_count)`;

const LEG_COLUMNS = `
  subject_id, kind, original_id, cycle_id, completed_at, transaction_minor, transaction_currency,
  merchant_id, store_id, side, participant_id, request_id, settlement_minor, settlement_currency,
  interchange_minor, service_fee_minor, base, counter, price`;

/**
 * Lays out what the files of a cycle have to show, in a table that ends with the transaction, so
 * that each later statement joins it instead of pricing the day again.
 *
 * @param participantId null for all
 * @returns the number of legs
 */
export async function layOutLegs(
  tx: EntityManager,
  cycleId: string,
  participantId: string | null,
): Promise<number> {
  await tx.query(`
    DROP TABLE IF EXISTS recon_legs;
    CREATE TEMP TABLE recon_legs ON COMMIT DROP AS
      SELECT ${LEG_COLUMNS}, false AS is_set_complete FROM (${hubLegs('false', 'false')}) l`);
  const which = participantId === null ? ALL : (await isNumbered(tx, cycleId)) ? MEMBERS : OWN;
  await tx.query(
    `INSERT INTO recon_legs
     SELECT ${LEG_COLUMNS}, (l.cycle_id, l.participant_id, l.settlement_currency) IN (${COMPLETE_SETS})
     FROM (${hubLegs(`${which('p')} AND p.state = 'succeeded'`, `${which('r')} AND r.state = 'succeeded'`)}) l
     WHERE $2::text IS NULL OR l.participant_id = $2`,
    [cycleId, participantId],
  );
  await tx.query(
    'CREATE INDEX ON recon_legs (subject_id, participant_id); ANALYZE recon_legs (subject_id, participant_id)',
  );
  const [row] = await tx.query<{ legs: string }[]>('SELECT count(*) AS legs FROM recon_legs');
  return Number(row?.legs ?? 0);
}

type Condition = (row: 'p' | 'r') => string;

const ALL: Condition = (row) => `${row}.cycle_id = $1`;

const OWN: Condition = (row) => `${row}.cycle_id = $1 AND $2 IN (p.wallet_id, p.acquirer_id)`;

/** Finds a participant's part of a day without going through the day of all others. */
const MEMBERS: Condition = (row) => `${row}.id IN (
  SELECT subject_id FROM cycle_members WHERE cycle_id = $1 AND wallet_id = $2
  UNION SELECT subject_id FROM cycle_members WHERE cycle_id = $1 AND acquirer_id = $2)`;

async function isNumbered(tx: EntityManager, cycleId: string): Promise<boolean> {
  const [cycle] = await tx.query<{ numbered: boolean }[]>(
    'SELECT members IS NOT NULL AS numbered FROM cycles WHERE id = $1',
    [cycleId],
  );
  return cycle?.numbered === true;
}
