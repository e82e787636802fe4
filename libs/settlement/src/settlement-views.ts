import type { ObligationView, SettlementPaymentView } from '#contracts/operator/settlement';
import { formatMoney, money, toWireAmount } from '#domain/money';
import type { EntityManager } from 'typeorm';
import { OBLIGATION_COLUMNS, type ObligationRow } from './obligation-rows.js';

export function amountOf(currency: string, minor: bigint | string) {
  const value = money(currency, BigInt(minor));
  return { ...toWireAmount(value), text: formatMoney(value) };
}

export function obligationView(row: ObligationRow): ObligationView {
  const { currency } = row;
  const minor = BigInt(row.minor);
  return {
    id: row.id,
    cycle: row.cycle_id,
    participant: row.participant_id,
    role: row.role,
    direction: minor > 0n ? 'paysHub' : minor < 0n ? 'receives' : 'nothing',
    amount: amountOf(currency, minor < 0n ? -minor : minor),
    own: amountOf(currency, row.own_minor),
    carriedIn: amountOf(currency, row.carried_in_minor),
    minimum: amountOf(currency, row.minimum_minor),
    settled: amountOf(currency, row.settled_minor),
    covered: amountOf(currency, row.covered_minor),
    state: row.state,
    valueDate: row.value_date,
    dueOn: row.due_on,
    currencies: row.currencies,
    calendars: row.calendars === null ? null : [...row.calendars],
    estimated: row.estimated,
    carriedTo: row.carried_to,
    default: row.default_id,
    reason: row.reason,
  };
}

/** A cycle's obligations, by participant. */
export async function listObligationsOfCycle(
  tx: EntityManager,
  cycleId: string,
): Promise<ObligationView[]> {
  const rows = await tx.query<ObligationRow[]>(
    `SELECT ${OBLIGATION_COLUMNS} FROM obligations o WHERE o.cycle_id = $1
     ORDER BY o.participant_id, o.role, o.currency, o.id`,
    [cycleId],
  );
  return rows.map(obligationView);
}

export interface ObligationFilter {
  readonly participant?: string | undefined;
  readonly state?: string | undefined;
  /** Id after which the page begins; newest first. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listObligations(
  tx: EntityManager,
  filter: ObligationFilter,
): Promise<ObligationView[]> {
  const rows = await tx.query<ObligationRow[]>(
    `SELECT ${OBLIGATION_COLUMNS} FROM obligations o
     WHERE ($1::text IS NULL OR o.participant_id = $1) AND ($2::text IS NULL OR o.state = $2)
       AND ($3::text IS NULL OR o.id < $3)
     ORDER BY o.id DESC LIMIT $4`,
    [filter.participant ?? null, filter.state ?? null, filter.after ?? null, filter.limit],
  );
  return rows.map(obligationView);
}

interface PaymentViewRow {
  readonly id: string;
  readonly obligation_id: string;
  readonly participant_id: string;
  readonly currency: string;
  readonly direction: 'in' | 'out';
  readonly minor: string;
  readonly confirmed_minor: string;
  readonly state: SettlementPaymentView['state'];
  readonly attempt: number;
  readonly due_on: string;
  readonly bank_reference: string | null;
  readonly reason: string | null;
  readonly answered_by: string | null;
  readonly entry_id: string | null;
}

const PAYMENTS = `
  SELECT p.id, p.obligation_id, o.participant_id, o.currency, p.direction, p.minor,
         p.confirmed_minor, p.state, p.attempt, p.due_on::text AS due_on, p.bank_reference, p.reason,
         p.answered_by, p.entry_id
  FROM settlement_payments p JOIN obligations o ON o.id = p.obligation_id`;

export async function findSettlementPayment(
  tx: EntityManager,
  id: string,
): Promise<SettlementPaymentView | undefined> {
  const rows = await tx.query<PaymentViewRow[]>(`${PAYMENTS} WHERE p.id = $1`, [id]);
  return rows.map(paymentView)[0];
}

export async function listSettlementPayments(
  tx: EntityManager,
  filter: ObligationFilter,
): Promise<SettlementPaymentView[]> {
  const rows = await tx.query<PaymentViewRow[]>(
    `${PAYMENTS}
     WHERE ($1::text IS NULL OR o.participant_id = $1) AND ($2::text IS NULL OR p.state = $2)
       AND ($3::text IS NULL OR p.id < $3)
     ORDER BY p.id DESC LIMIT $4`,
    [filter.participant ?? null, filter.state ?? null, filter.after ?? null, filter.limit],
  );
  return rows.map(paymentView);
}

function paymentView(row: PaymentViewRow): SettlementPaymentView {
  return {
    id: row.id,
    obligation: row.obligation_id,
    participant: row.participant_id,
    direction: row.direction,
    amount: amountOf(row.currency, row.minor),
    confirmed: amountOf(row.currency, row.confirmed_minor),
    state: row.state,
    attempt: row.attempt,
    dueOn: row.due_on,
    bankReference: row.bank_reference,
    reason: row.reason,
    answeredBy: row.answered_by,
    entry: row.entry_id,
  };
}
