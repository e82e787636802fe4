import { createHash } from 'node:crypto';
import { ledgerContentHash } from '#ledger';
import { PaymentRepository, RefundRepository } from '#payments';
import { contentHashOf, type ContentEntry } from '#domain/chain/content-hash';
import { invariant } from '#domain/invariant';
import type { Payment } from '#domain/payments/payment';
import { contraEntry, entryForPayment } from '#domain/pricing/payment-entry';
import type { Refund } from '#domain/refunds/refund';
import { entryForRefund } from '#domain/refunds/refund-entry';
import type { EntityManager } from 'typeorm';

export interface LedgerComparison {
  /** What the books hold of payments, cancels and refunds. */
  readonly ledger: { readonly hash: string; readonly entries: number };
  /** What the rules make of the outcomes that payments and refunds ended with. */
  readonly expected: { readonly hash: string; readonly entries: number };
  readonly equal: boolean;
}

const PAGE = 500;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Whether the books say what the outcomes say, to the minor unit and entry by entry. Nothing of
 * the outbox, its batches or the journal is used for the expected side: it is worked out anew from
 * payments and refunds by the domain's rules, so a lost, doubled or bent entry shows.
 */
export async function compareLedger(tx: EntityManager): Promise<LedgerComparison> {
  const entries = [...(await entriesOfPayments(tx)), ...(await entriesOfRefunds(tx))];
  const expected = { hash: contentHashOf(entries, sha256), entries: entries.length };
  const ledger = await ledgerContentHash(tx, { of: 'payments' });
  const equal = ledger.hash === expected.hash && ledger.entries === expected.entries;
  return { ledger, expected, equal };
}

async function entriesOfPayments(tx: EntityManager): Promise<ContentEntry[]> {
  const repository = new PaymentRepository();
  const entries: ContentEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const place = cursor === undefined ? {} : { cursor };
    const page = await repository.list(tx, { limit: PAGE, ...place });
    entries.push(...page.items.flatMap(entriesOfPayment));
    cursor = page.nextCursor;
  }
  return entries;
}

/** A payment that succeeded is cleared; if it was cancelled afterwards, it is also taken back. */
function entriesOfPayment(payment: Payment): ContentEntry[] {
  const { payer, cycleId } = payment;
  if (cycleId === null || payer === null) return [];
  const subject = `${payment.acquirerId}|${payment.acquirerRequestId}`;
  const cleared = entryForPayment(
    payer.price,
    { walletId: payer.walletId, acquirerId: payment.acquirerId },
    { id: 'ent_expected', paymentId: payment.id, cycleId },
  );
  const entries = [{ subject, kind: cleared.kind, lines: cleared.lines }];
  if (payment.state !== 'cancelled') return entries;
  const contra = contraEntry(cleared, 'ent_contra');
  return [...entries, { subject, kind: contra.kind, lines: contra.lines }];
}

async function entriesOfRefunds(tx: EntityManager): Promise<ContentEntry[]> {
  const repository = new RefundRepository();
  const entries: ContentEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const place = cursor === undefined ? {} : { cursor };
    const page = await repository.list(tx, { state: 'succeeded', limit: PAGE, ...place });
    entries.push(...page.items.map(entryOfRefund));
    cursor = page.nextCursor;
  }
  return entries;
}

function entryOfRefund(refund: Refund): ContentEntry {
  const { price, booking, walletId, cycleId } = refund;
  invariant(
    price !== null && booking !== null && walletId !== null && cycleId !== null,
    `refund ${refund.id} succeeded with its terms`,
  );
  const { kind, lines } = entryForRefund(
    price,
    booking,
    { walletId, acquirerId: refund.acquirerId },
    { id: 'ent_expected', refundId: refund.id, paymentId: refund.paymentId, cycleId },
  );
  return { subject: `${refund.acquirerId}|${refund.acquirerRequestId}`, kind, lines };
}
