import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import type { LegFacts, LegMessageFacts, RefundLegFacts } from '#contracts/iso20022/facts';
import {
  instructPayments,
  reportStatus,
  returnRefunds,
} from '#contracts/iso20022/payment-messages';
import { adviseAccount } from '#contracts/iso20022/settlement-messages';
import type { EntityManager } from 'typeorm';
import { readCycleTerms, type CycleTerms } from './cycle-terms.js';
import { readLegs, type FileLeg, type LegsOf } from './file-legs.js';
import { accountIdOf, HUB_INSTITUTION, isoText, messageIdOf } from './iso-files.js';

export const EXPORT_KINDS = ['pacs.008', 'pacs.004', 'pacs.002', 'camt.054'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** One message as a file. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
  readonly transactions: number;
}

interface Batch {
  readonly of: LegsOf;
  readonly terms: CycleTerms;
  readonly nowMs: number;
  /** @param version where later exports say more: a message of another content has another name */
  readonly nameOf: (kind: ExportKind, version?: string) => string;
}

/**
 * A participant's payments and refunds of a netted cycle as batches of messages, each of at most
 * 2,000 legs, and the advice of what the settlement bank has confirmed. Give it a transaction.
 * A leg of nothing, dust that rounded away, is in no message: no money moves for it.
 *
 * @param nowMs stands in the messages as their time
 */
export async function* exportIso(
  tx: EntityManager,
  of: LegsOf,
  kinds: ReadonlySet<ExportKind>,
  nowMs: number,
): AsyncGenerator<ExportedFile> {
  const terms = await readCycleTerms(tx, of);
  const settled = await isSettled(tx, of);
  let part = 0;
  const batch: Batch = {
    of,
    terms,
    nowMs,
    nameOf: (kind, version = '') =>
      `${kind}_${of.participantId}_${of.currency}_${of.cycleId}_${String(part).padStart(4, '0')}${version}.xml`,
  };
  for await (const all of readLegs(tx, of)) {
    part += 1;
    const legs = all.filter(({ amounts }) => amounts.settlement > 0n);
    const payments = legs.filter(({ terms: { kind } }) => kind === 'PAYMENT');
    const refunds = legs.filter(({ terms: { kind } }) => kind === 'REFUND');
    if (kinds.has('pacs.008') && payments.length > 0) yield await ordered(tx, batch, payments);
    if (kinds.has('pacs.004') && refunds.length > 0) yield await returned(tx, batch, refunds);
    if (kinds.has('pacs.002') && payments.length > 0) yield stood(batch, payments, settled);
  }
  const advice = kinds.has('camt.054') ? await advised(tx, batch) : null;
  if (advice !== null) yield advice;
}

const factsOf = ({ of, terms, nowMs }: Batch, name: string): LegMessageFacts => ({
  messageId: messageIdOf(name),
  createdAtMs: nowMs,
  hub: HUB_INSTITUTION,
  participant: { id: of.participantId, name: terms.participantName },
  role: of.role,
  ...(terms.valueDate === null ? {} : { settlementDate: terms.valueDate }),
});

const fileOf = (name: string, outgoing: OutgoingIsoFile, transactions: number): ExportedFile => ({
  name,
  text: isoText(outgoing),
  transactions,
});

const legAmountOf = ({ terms, amounts }: FileLeg) => ({
  currency: terms.currency,
  minor: amounts.settlement,
});

async function ordered(
  tx: EntityManager,
  batch: Batch,
  legs: readonly FileLeg[],
): Promise<ExportedFile> {
  const merchants = await tx.query<{ id: string; name: string; city: string; market: string }[]>(
    `SELECT id, name, city, market FROM current_merchants WHERE id = ANY($1)`,
    [[...new Set(legs.map(({ merchantId }) => merchantId))]],
  );
  const byId = new Map(merchants.map((merchant) => [merchant.id, merchant]));
  const name = batch.nameOf('pacs.008');
  const facts = legs.map((leg): LegFacts => {
    const merchant = byId.get(leg.merchantId);
    const id = leg.merchantId === '' ? 'unknown' : leg.merchantId;
    return {
      paymentId: leg.id,
      cycleId: batch.of.cycleId,
      no: leg.no,
      completedAtMs: leg.completedAtMs,
      paymentAmount: leg.terms.transaction,
      legAmount: legAmountOf(leg),
      price: leg.terms.price,
      merchant:
        merchant === undefined
          ? { id, name: id }
          : { id, name: merchant.name, city: merchant.city, country: merchant.market },
    };
  });
  return fileOf(name, instructPayments(factsOf(batch, name), facts), legs.length);
}

async function returned(
  tx: EntityManager,
  batch: Batch,
  legs: readonly FileLeg[],
): Promise<ExportedFile> {
  const leg = batch.of.role === 'wallet' ? 'p.pay_to_minor' : 'p.settlement_minor';
  const originals = await tx.query<{ id: string; minor: string; cycle_id: string; no: number }[]>(
    `SELECT p.id, ${leg} AS minor, m.cycle_id, m.no
     FROM payments p
     JOIN cycle_members m ON m.subject_id = p.id AND m.kind = 'payment' AND m.cycle_id = p.cycle_id
     WHERE p.id = ANY($1)`,
    [legs.map(({ originalId }) => originalId)],
  );
  const byId = new Map(originals.map((original) => [original.id, original]));
  const name = batch.nameOf('pacs.004');
  const facts = legs.map((refund): RefundLegFacts => {
    const original = byId.get(refund.originalId);
    if (original === undefined) throw new Error(`${refund.originalId} is in no numbered cycle`);
    return {
      refundId: refund.id,
      paymentId: refund.originalId,
      cycleId: batch.of.cycleId,
      no: refund.no,
      refundAmount: refund.terms.transaction,
      legAmount: legAmountOf(refund),
      price: refund.terms.price,
      originalLegAmount: { currency: batch.of.currency, minor: BigInt(original.minor) },
      originalCycleId: original.cycle_id,
      originalNo: original.no,
    };
  });
  return fileOf(name, returnRefunds(factsOf(batch, name), facts), legs.length);
}

function stood(batch: Batch, legs: readonly FileLeg[], settled: boolean): ExportedFile {
  const name = batch.nameOf('pacs.002', settled ? '_settled' : '');
  const state: 'settled' | 'succeeded' = settled ? 'settled' : 'succeeded';
  const facts = legs.map((leg) => ({
    paymentId: leg.id,
    state,
    completedAtMs: leg.completedAtMs,
  }));
  return fileOf(name, reportStatus(factsOf(batch, name), facts), legs.length);
}

/** Payments are settled once money moved for the net they are part of. */
async function isSettled(tx: EntityManager, of: LegsOf): Promise<boolean> {
  const [row] = await tx.query<{ state: string }[]>(
    `SELECT state FROM obligations
     WHERE cycle_id = $1 AND participant_id = $2 AND role = $3 AND currency = $4`,
    [of.cycleId, of.participantId, of.role, of.currency],
  );
  return row?.state === 'settled';
}

/** What the settlement bank confirmed of the cycle's obligation; null before it did. */
async function advised(tx: EntityManager, batch: Batch): Promise<ExportedFile | null> {
  const { of, terms } = batch;
  const rows = await tx.query<
    { id: string; direction: 'in' | 'out'; minor: string; due_on: string; answered_at: Date }[]
  >(
    `SELECT p.id, p.direction, p.confirmed_minor AS minor, p.due_on::text AS due_on, p.answered_at
     FROM settlement_payments p JOIN obligations o ON o.id = p.obligation_id
     WHERE o.cycle_id = $1 AND o.participant_id = $2 AND o.role = $3 AND o.currency = $4
       AND p.confirmed_minor > 0
     ORDER BY p.answered_at, p.id`,
    [of.cycleId, of.participantId, of.role, of.currency],
  );
  if (rows.length === 0) return null;
  const name = batch.nameOf('camt.054', `_${String(rows.length)}`);
  const account = {
    accountId: accountIdOf(of),
    currency: of.currency,
    name: `Clearing account of ${terms.participantName}`,
    sequence: rows.length,
    fromMs: terms.finalAtMs,
    toMs: rows.at(-1)?.answered_at.getTime() ?? terms.finalAtMs,
    openingMinor: -terms.minor,
    entries: rows.map((row) => ({
      entryId: row.id,
      kind: row.direction === 'in' ? 'settlementReceived' : 'settlementPaid',
      // Money that the participant paid stands in its favour on the account the hub keeps for it.
      minor: row.direction === 'in' ? BigInt(row.minor) : -BigInt(row.minor),
      bookedAtMs: row.answered_at.getTime(),
      valueDate: row.due_on,
    })),
  };
  return fileOf(name, adviseAccount(factsOf(batch, name), account), rows.length);
}
