import { join } from 'node:path';
import { numberMembers } from '#clearing';
import { seedNetwork } from '#corridors';
import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { Payment } from '#domain/payments/payment';
import { commitQuotes } from '#fx';
import { dailyCycleAt, ensureCycles } from '#ledger';
import { PaymentRepository } from '#payments';
import { projectRoot } from '#platform/project-root';
import type { EntityManager } from 'typeorm';
import { CASE_NOW_MS, caseOpened } from './payment-cases.js';

/** Cleared payments and refunds of one closed day, for tests of what comes after clearing. */
const DAY_MS = 86_400_000;
export const RECON_CYCLE = dailyCycleAt(CASE_NOW_MS).id;

/** JPY to THB from TrueMoney to the noodle shop, completed `n` seconds into the case's moment. */
export function clearedPayment(
  n: number,
  minor: bigint,
  cycleId: CycleId = RECON_CYCLE,
): Payment & { readonly payer: NonNullable<Payment['payer']> } {
  const { payment } = caseOpened({
    id: `pay_${String(n).padStart(26, '0')}`,
    acquirerRequestId: `req-${String(n)}`,
    paymentAmount: { currency: 'JPY', minor },
  });
  const { payer } = payment;
  if (payer === null) throw new Error('the case has no payer');
  return {
    ...payment,
    payer,
    state: 'succeeded',
    cycleId,
    completedAtMs: CASE_NOW_MS + n * 1_000,
    walletPaymentId: `tm-${String(n)}`,
    duty: null,
  };
}

/** The shipped network, three days' cycles of which the first two are closed, and the payments. */
export async function openReconDay(tx: EntityManager, payments: readonly Payment[]): Promise<void> {
  await seedNetwork(tx, join(projectRoot, 'data'));
  await ensureCycles(tx, CASE_NOW_MS, 3);
  const closed = [CASE_NOW_MS, CASE_NOW_MS + DAY_MS].map((atMs) => dailyCycleAt(atMs).id);
  await tx.query(
    `UPDATE cycles SET state = 'closed', closed_at = ends_at WHERE id = ANY($1) AND state = 'open'`,
    [closed],
  );
  const quotes = payments.flatMap(({ payer }) =>
    payer === null ? [] : [payer.payerQuote, payer.settlementQuote],
  );
  await commitQuotes(tx, [...new Map(quotes.map((quote) => [quote.id, quote])).values()]);
  await new PaymentRepository().insert(tx, payments);
}

/** Numbers the day, as the hub does within seconds of its close, once everything is in it. */
export async function numberReconDay(tx: EntityManager, members: number): Promise<void> {
  const numbered = await numberMembers(tx, RECON_CYCLE);
  invariant(numbered === members, `${RECON_CYCLE} has ${String(numbered)} members`);
}

export interface ClearedRefund {
  readonly n: number;
  readonly payment: Payment;
  readonly refundMinor: bigint;
  /** What the user gets back, in the wallet's currency. */
  readonly refundFromMinor: bigint;
  readonly settlementMinor: bigint;
  readonly walletCreditMinor: bigint;
  readonly acquirerDebitMinor: bigint;
}

/** A refund with amounts as given: its rule is tested elsewhere. */
export async function insertClearedRefund(
  tx: EntityManager,
  refund: ClearedRefund,
): Promise<string> {
  const { n, payment } = refund;
  const id = `ref_${String(n).padStart(26, '0')}`;
  await tx.query(
    `INSERT INTO refunds (id, payment_id, acquirer_id, acquirer_request_id, wallet_id, state,
       payment_currency, refund_minor, pay_to_currency, refund_from_minor, settlement_currency,
       settlement_minor, wallet_credit_minor, acquirer_debit_minor, interchange_minor, terms,
       held_minor, released_minor, created_at, completed_at, cycle_id, trace_id)
     VALUES ($1, $2, $3, $4, $5, 'succeeded', 'JPY', $6, 'THB', $7, 'JPY', $8, $9, $10, 0, '{}',
       0, 0, $11, $11, $12, $13)`,
    [
      id,
      payment.id,
      payment.acquirerId,
      `rreq-${String(n)}`,
      payment.payer?.walletId,
      refund.refundMinor.toString(),
      refund.refundFromMinor.toString(),
      refund.settlementMinor.toString(),
      refund.walletCreditMinor.toString(),
      refund.acquirerDebitMinor.toString(),
      new Date(CASE_NOW_MS + n * 1_000).toISOString(),
      payment.cycleId,
      payment.traceId,
    ],
  );
  return id;
}
