import { readMembersOf, type MemberKind } from '#clearing';
import type { Ratio } from '#domain/fx';
import type { CycleId } from '#domain/ids';
import {
  NOTHING_BEFORE,
  recomputeLeg,
  type LegAmounts,
  type LegKind,
  type LegSide,
  type LegTerms,
} from '#domain/clearing-files/recompute-leg';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

/** Whose legs, of which cycle, in which of its currencies. */
export interface LegsOf {
  readonly cycleId: CycleId;
  readonly participantId: string;
  readonly role: LegSide;
  readonly currency: string;
}

/** One leg of a cleared payment or refund with everything its lines say. */
export interface FileLeg {
  readonly no: number;
  readonly id: string;
  /** Of a refund: the payment's id; else empty. */
  readonly originalId: string;
  readonly requestId: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly completedAtMs: number;
  readonly traceId: string;
  readonly quoteId: string;
  readonly base: string;
  readonly mid: Ratio;
  readonly markupBps: number;
  readonly terms: LegTerms;
  readonly amounts: LegAmounts;
}

interface LegRow {
  readonly kind: LegKind;
  readonly id: string;
  readonly original_id: string;
  readonly request_id: string;
  readonly merchant_id: string;
  readonly store_id: string;
  readonly completed_at: Date;
  readonly trace_id: string;
  readonly transaction_minor: string;
  readonly transaction_currency: string;
  readonly leg_minor: string;
  readonly net_minor: string;
  readonly interchange_bps: number | null;
  readonly service_fee_bps: number | null;
  readonly quote_id: string | null;
  readonly base: string | null;
  readonly mid_numerator: string | null;
  readonly mid_denominator: string | null;
  readonly price_units: string | null;
  readonly markup_bps: number | null;
  readonly before_transaction: string;
  readonly before_settlement: string;
  readonly before_rounding: string;
  readonly before_interchange_transaction: string;
  readonly before_interchange: string;
}

interface SideColumns {
  readonly currency: string;
  readonly leg: string;
  readonly net: string;
  readonly quote: string;
  readonly fee: string;
  readonly request: string;
  readonly refundLeg: string;
  readonly refundNet: string;
  readonly refundRequest: string;
  /** In a refund's stored terms. */
  readonly termsLeg: string;
  readonly termsInterchange: string;
}

const SIDES: Readonly<Record<LegSide, SideColumns>> = {
  wallet: {
    currency: 'p.pay_to_currency',
    leg: 'p.pay_to_minor',
    net: 'p.wallet_owes_minor',
    quote: 'p.payer_quote_id',
    fee: 'schemeFeeWalletBps',
    request: `coalesce(p.wallet_payment_id, '')`,
    refundLeg: 'r.refund_from_minor',
    refundNet: '-r.wallet_credit_minor',
    refundRequest: `coalesce(r.wallet_refund_id, '')`,
    termsLeg: 'payer',
    termsInterchange: 'credited',
  },
  acquirer: {
    currency: 'p.settlement_currency',
    leg: 'p.settlement_minor',
    net: '-p.acquirer_receives_minor',
    quote: 'p.settlement_quote_id',
    fee: 'schemeFeeAcquirerBps',
    request: 'p.acquirer_request_id',
    refundLeg: 'r.settlement_minor',
    refundNet: 'r.acquirer_debit_minor',
    refundRequest: 'r.acquirer_request_id',
    termsLeg: 'settlement',
    termsInterchange: 'charged',
  },
};

const OF_QUOTE = `
  q.id AS quote_id, q.base::text AS base, q.mid_numerator::text AS mid_numerator,
  q.mid_denominator::text AS mid_denominator, (q.price * 1e12)::numeric(40, 0)::text AS price_units,
  q.markup_bps`;

const paymentsSql = (side: SideColumns): string =>
  prepared(`
  SELECT 'PAYMENT' AS kind, p.id, '' AS original_id, ${side.request} AS request_id,
    coalesce(p.merchant_id, '') AS merchant_id, coalesce(p.store_id, '') AS store_id,
    p.completed_at, p.trace_id, p.payment_minor AS transaction_minor,
    p.payment_currency::text AS transaction_currency, ${side.leg} AS leg_minor,
    ${side.net} AS net_minor, (p.terms->>'interchangeBps')::integer AS interchange_bps,
    (p.terms->>'${side.fee}')::integer AS service_fee_bps, ${OF_QUOTE},
    0::bigint AS before_transaction, 0::bigint AS before_settlement, 0::bigint AS before_rounding,
    0::bigint AS before_interchange_transaction, 0::bigint AS before_interchange
  FROM payments p LEFT JOIN quotes q ON q.id = ${side.quote}
  WHERE p.id = ANY($1) AND p.state = 'succeeded' AND ${side.currency} = $2`);

// A refund was priced against those accepted before it and not taken back by then; their events lie
// in the order of the payment's lock.
const refundsSql = (side: SideColumns): string =>
  prepared(`
  SELECT 'REFUND' AS kind, r.id, r.payment_id AS original_id, ${side.refundRequest} AS request_id,
    coalesce(p.merchant_id, '') AS merchant_id, coalesce(p.store_id, '') AS store_id,
    r.completed_at, r.trace_id, r.refund_minor AS transaction_minor,
    r.payment_currency::text AS transaction_currency, ${side.refundLeg} AS leg_minor,
    ${side.refundNet} AS net_minor, (p.terms->>'interchangeBps')::integer AS interchange_bps,
    0 AS service_fee_bps, ${OF_QUOTE},
    b.transaction AS before_transaction, b.settlement AS before_settlement,
    b.rounding AS before_rounding, b.interchange_transaction AS before_interchange_transaction,
    b.interchange AS before_interchange
  FROM refunds r
  JOIN payments p ON p.id = r.payment_id
  LEFT JOIN quotes q ON q.id = ${side.quote}
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.refund_minor), 0)::bigint AS transaction,
      coalesce(sum((e.terms->'${side.termsLeg}'->>'minor')::bigint), 0)::bigint AS settlement,
      coalesce(sum((e.terms->'${side.termsLeg}'->>'rounding')::bigint), 0)::bigint AS rounding,
      coalesce(sum((e.terms->'interchange'->>'minor')::bigint), 0)::bigint
        AS interchange_transaction,
      coalesce(sum((e.terms->'interchange'->'${side.termsInterchange}'->>'minor')::bigint), 0)::bigint
        AS interchange
    FROM refunds e
    JOIN refund_events came ON came.refund_id = e.id AND came.event = 'accepted'
    JOIN refund_events own ON own.refund_id = r.id AND own.event = 'accepted'
    WHERE e.payment_id = r.payment_id AND came.seq < own.seq
      AND NOT EXISTS (SELECT FROM refund_events gone
                      WHERE gone.refund_id = e.id AND gone.to_state = 'declined'
                        AND gone.seq < own.seq)) b
  WHERE r.id = ANY($1) AND r.state = 'succeeded' AND ${side.currency} = $2`);

const LEGS: Readonly<Record<LegSide, Readonly<Record<MemberKind, string>>>> = {
  wallet: { payment: paymentsSql(SIDES.wallet), refund: refundsSql(SIDES.wallet) },
  acquirer: { payment: paymentsSql(SIDES.acquirer), refund: refundsSql(SIDES.acquirer) },
};

/** Some ten milliseconds of work: who answers payments beside this waits no longer for it. */
const LEGS_AT_ONCE = 250;

/**
 * A participant's legs of a final cycle in the order of their numbers, some at a time, however many
 * there are. A leg whose lines would not compute to what was promised ends it: a file that a
 * stranger cannot recompute is not written.
 */
export async function* readLegs(tx: EntityManager, of: LegsOf): AsyncGenerator<FileLeg[]> {
  for await (const { members, ids } of readMembersOf(tx, of, LEGS_AT_ONCE)) {
    const rows = new Map<string, LegRow>();
    for (const kind of ['payment', 'refund'] as const) {
      if (ids[kind].length === 0) continue;
      const found = await tx.query<LegRow[]>(LEGS[of.role][kind], [ids[kind], of.currency]);
      for (const row of found) rows.set(row.id, row);
    }
    // What is cancelled, or of another currency of the participant, is a member and no leg.
    const legs = members.flatMap(({ id, no }) => {
      const row = rows.get(id);
      return row === undefined ? [] : [legOf(row, no, of)];
    });
    if (legs.length > 0) yield legs;
  }
}

const PRICE_UNITS = 1_000_000_000_000n;

function legOf(row: LegRow, no: number, of: LegsOf): FileLeg {
  const { quote_id, base, mid_numerator, mid_denominator, price_units } = row;
  if (
    quote_id === null ||
    base === null ||
    mid_numerator === null ||
    mid_denominator === null ||
    price_units === null
  ) {
    throw new Error(`${row.id} has no quote, so its line could not be recomputed`);
  }
  const terms: LegTerms = {
    side: of.role,
    kind: row.kind,
    transaction: { currency: row.transaction_currency, minor: BigInt(row.transaction_minor) },
    currency: of.currency,
    price: { numerator: BigInt(price_units), denominator: PRICE_UNITS },
    interchangeBps: row.interchange_bps ?? 0,
    serviceFeeBps: row.service_fee_bps ?? 0,
    before: row.kind === 'PAYMENT' ? NOTHING_BEFORE : beforeOf(row),
  };
  const amounts = recomputeLeg(terms);
  if (amounts.settlement !== BigInt(row.leg_minor) || amounts.net !== BigInt(row.net_minor)) {
    throw new Error(
      `${row.id} computes to ${String(amounts.settlement)}, net ${String(amounts.net)} for ` +
        `${of.participantId}; it was promised ${row.leg_minor}, net ${row.net_minor}`,
    );
  }
  return {
    no,
    id: row.id,
    originalId: row.original_id,
    requestId: row.request_id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    completedAtMs: row.completed_at.getTime(),
    traceId: row.trace_id,
    quoteId: quote_id,
    base,
    mid: { numerator: BigInt(mid_numerator), denominator: BigInt(mid_denominator) },
    markupBps: row.markup_bps ?? 0,
    terms,
    amounts,
  };
}

function beforeOf(row: LegRow): LegTerms['before'] {
  return {
    transaction: BigInt(row.before_transaction),
    settlement: BigInt(row.before_settlement),
    rounding: BigInt(row.before_rounding),
    interchangeTransaction: BigInt(row.before_interchange_transaction),
    interchange: BigInt(row.before_interchange),
  };
}
