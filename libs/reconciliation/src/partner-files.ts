import {
  detailFileName,
  detailFileText,
  detailTime,
  STANDARD_AGREEMENT,
  type DetailLine,
} from '#contracts/clearing-files/transaction-detail';
import type { CycleId } from '#domain/ids';
import { amountRounding, exactAt } from '#domain/rates/convert';
import { parseRatio } from '#domain/rates/ratio';
import { divideRounded } from '#domain/rounding';
import { invariant } from '#domain/invariant';
import type { SubjectKind } from '#domain/reconciliation/match-case';
import type { Side } from '#domain/reconciliation/break-types';
import type { EntityManager } from 'typeorm';
import { layOutLegs } from './hub-records.js';

/** What one participant would report of a cycle in one currency if it recorded what the hub did. */
export interface PartnerSet {
  readonly participantId: string;
  readonly side: Side;
  readonly currency: string;
  readonly lines: readonly DetailLine[];
}

interface SetRow {
  participant_id: string;
  side: Side;
  settlement_currency: string;
}

interface LegRow {
  subject_id: string;
  kind: SubjectKind;
  original_id: string;
  completed_at: Date;
  transaction_minor: string;
  transaction_currency: string;
  merchant_id: string;
  store_id: string;
  request_id: string;
  settlement_minor: string;
  settlement_currency: string;
  interchange_minor: string;
  service_fee_minor: string;
  base: string;
  counter: string;
  price: string;
}

/**
 * Partners' files made from the hub's own books: for demonstrations, for tests, and as what the
 * benchmark plants its faults in. One set is in memory at a time.
 */
export async function* partnerSets(
  tx: EntityManager,
  cycleId: CycleId,
): AsyncGenerator<PartnerSet> {
  await layOutLegs(tx, cycleId, null);
  const sets = await tx.query<SetRow[]>(
    `SELECT DISTINCT participant_id, side, settlement_currency FROM recon_legs
     ORDER BY participant_id, settlement_currency`,
  );
  for (const set of sets) {
    const legs = await tx.query<LegRow[]>(
      `SELECT *, price::text AS price FROM recon_legs
       WHERE participant_id = $1 AND settlement_currency = $2 ORDER BY completed_at, subject_id`,
      [set.participant_id, set.settlement_currency],
    );
    yield {
      participantId: set.participant_id,
      side: set.side,
      currency: set.settlement_currency,
      lines: legs.map((leg) => lineOf(leg, cycleId)),
    };
  }
}

function lineOf(leg: LegRow, cycleId: CycleId): DetailLine {
  return {
    settlementBatchId: cycleId,
    customerId: '',
    transactionId: leg.subject_id,
    originalTransactionId: leg.original_id,
    transactionRequestId: leg.request_id,
    referenceMerchantId: leg.merchant_id,
    referenceStoreId: leg.store_id,
    transactionType: leg.kind === 'payment' ? 'PAYMENT' : 'REFUND',
    paymentTime: detailTime(leg.completed_at.getTime()),
    transactionAmountValue: leg.transaction_minor,
    transactionCurrency: leg.transaction_currency,
    settlementAmountValue: leg.settlement_minor,
    settlementCurrency: leg.settlement_currency,
    interchangeAmountValue: leg.interchange_minor,
    serviceFeeAmountValue: leg.service_fee_minor,
    quoteCurrencyPair: `${leg.base}/${leg.counter}`,
    quotePrice: leg.price.includes('.') ? leg.price.replace(/\.?0+$/, '') : leg.price,
    roundingValue: roundingOf(leg).toString(),
    result: 'SUCCESS',
  };
}

/** What rounding to the currency's step, beyond its minor unit, added. */
function roundingOf(leg: LegRow): bigint {
  if (leg.base === leg.counter) return 0n;
  const price = parseRatio(leg.price);
  invariant(price !== undefined, `the quote of ${leg.subject_id} has no price`);
  const exact = exactAt(
    { currency: leg.transaction_currency, minor: BigInt(leg.transaction_minor) },
    price,
    leg.settlement_currency,
  );
  const { rounding } = amountRounding(leg.settlement_currency);
  return BigInt(leg.settlement_minor) - divideRounded(exact.numerator, exact.denominator, rounding);
}

/** The set as files of at most `linesPerPart` lines; an empty set is one file all the same. */
export function filesOfSet(
  set: PartnerSet,
  cycleId: CycleId,
  linesPerPart: number,
): { readonly name: string; readonly text: string }[] {
  const partCount = Math.max(1, Math.ceil(set.lines.length / linesPerPart));
  return Array.from({ length: partCount }, (_, seq) => ({
    name: detailFileName({
      participantId: set.participantId,
      settlementCurrency: set.currency,
      clearingBatchId: cycleId,
      participantAgreementId: STANDARD_AGREEMENT,
      seq,
    }),
    text: detailFileText(
      set.lines.slice(seq * linesPerPart, (seq + 1) * linesPerPart),
      set.currency,
      partCount,
    ),
  }));
}
