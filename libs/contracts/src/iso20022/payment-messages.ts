import type { Ratio } from '#domain/fx';
import { divideRounded } from '#domain/rounding';
import { addressed, institution, type OutgoingIsoFile } from './addressed.js';
import type {
  LegFacts,
  LegMessageFacts,
  MerchantFacts,
  MessageFacts,
  RecallFacts,
  RefundLegFacts,
  StatusFacts,
} from './facts.js';
import { fitText } from './fit-text.js';
import { totalOf } from './group-totals.js';
import type { PaymentStatusReport } from './pacs-002.js';
import { uetrOf } from './uetr.js';

/** Who pays whom on a leg: a wallet pays the hub, the hub pays an acquirer. */
function endsOf({ role, hub, participant }: LegMessageFacts): {
  readonly paying: { readonly id: string; readonly name?: string };
  readonly paid: { readonly id: string; readonly name?: string };
} {
  const [us, them] = [institution(hub), institution(participant)];
  return role === 'wallet' ? { paying: them, paid: us } : { paying: us, paid: them };
}

const dated = (day: string | undefined): { readonly settlementDate?: string } =>
  day === undefined ? {} : { settlementDate: day };

const numbered = (cycleId: string, no: number): string => `${cycleId}/${String(no)}`;

/** A UETR where the message demands one; ids of another form are refused when written. */
const demanded = (id: string): string => uetrOf(id) ?? id;

/**
 * pacs.008: the cleared payments of a cycle, as the participant's own legs. On the wallet's side it
 * is a copy of what the wallet ordered by saying yes.
 *
 * @param legs at least one
 */
export function instructPayments(
  facts: LegMessageFacts,
  legs: readonly LegFacts[],
): OutgoingIsoFile<'pacs.008.001.08'> {
  const { paying, paid } = endsOf(facts);
  return addressed(
    facts,
    'pacs.008.001.08',
    {
      messageId: facts.messageId,
      createdAtMs: facts.createdAtMs,
      count: legs.length,
      ...totalOf(legs.map(({ legAmount }) => legAmount)),
      ...dated(facts.settlementDate),
      instructingAgent: paying,
      instructedAgent: paid,
      transactions: legs.map((leg) => ({
        endToEndId: leg.paymentId,
        transactionId: leg.paymentId,
        uetr: demanded(leg.paymentId),
        clearingReference: numbered(leg.cycleId, leg.no),
        settlementAmount: leg.legAmount,
        acceptedAtMs: leg.completedAtMs,
        instructedAmount: leg.paymentAmount,
        ...exchanged(leg.price),
        chargeBearer: 'SLEV' as const,
        debtor: payer(leg.payerPseudonym),
        debtorAgent: paying,
        creditorAgent: paid,
        creditor: merchant(leg.merchant),
        remittance: [],
      })),
    },
    facts.role === 'wallet',
  );
}

function payer(pseudonym: string | undefined): { readonly pseudonym?: string } {
  return pseudonym === undefined || fitText(pseudonym, 35) !== pseudonym ? {} : { pseudonym };
}

function merchant(facts: MerchantFacts): {
  readonly id: string;
  readonly name?: string;
  readonly city?: string;
  readonly country?: string;
} {
  const name = fitText(facts.name, 140);
  const city = fitText(facts.city ?? '', 35);
  return {
    ...(name === undefined ? {} : { name }),
    ...(city === undefined ? {} : { city }),
    ...(facts.country === undefined ? {} : { country: facts.country }),
    id: facts.id,
  };
}

/** Eleven digits, ten of them decimals, are what a rate may have; rounded half up. */
function exchanged({ numerator, denominator }: Ratio): { readonly exchangeRate?: string } {
  const whole = (numerator / denominator).toString();
  const decimals = whole === '0' ? 10 : 11 - whole.length;
  if (decimals < 0) return {};
  const scaled = divideRounded(numerator * 10n ** BigInt(decimals), denominator, 'halfUp');
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const text = `${digits.slice(0, digits.length - decimals)}.${digits.slice(digits.length - decimals)}`;
  const exchangeRate = text.replace(/0+$/, '').replace(/\.$/, '');
  return exchangeRate === '0' || /^\d{12}/.test(exchangeRate) ? {} : { exchangeRate };
}

/**
 * pacs.004: refunds of a cycle, money going the other way; on the acquirer's side a copy of what
 * the acquirer ordered.
 *
 * @param refunds at least one
 */
export function returnRefunds(
  facts: LegMessageFacts,
  refunds: readonly RefundLegFacts[],
): OutgoingIsoFile<'pacs.004.001.09'> {
  const { paying, paid } = endsOf(facts);
  return addressed(
    facts,
    'pacs.004.001.09',
    {
      messageId: facts.messageId,
      createdAtMs: facts.createdAtMs,
      count: refunds.length,
      ...totalOf(refunds.map(({ legAmount }) => legAmount)),
      ...dated(facts.settlementDate),
      instructingAgent: paid,
      instructedAgent: paying,
      transactions: refunds.map((refund) => ({
        returnId: refund.refundId,
        originalEndToEndId: refund.paymentId,
        originalTransactionId: refund.paymentId,
        originalUetr: demanded(refund.paymentId),
        originalClearingReference: numbered(refund.originalCycleId, refund.originalNo),
        originalSettlementAmount: refund.originalLegAmount,
        returnedAmount: refund.legAmount,
        returnedInstructedAmount: refund.refundAmount,
        ...exchanged(refund.price),
        clearingReference: numbered(refund.cycleId, refund.no),
        // Refund wanted by the customer of the shop.
        reason: 'MD06',
        explanations: [],
      })),
    },
    facts.role === 'acquirer',
  );
}

/** pacs.002: where payments stand. @param payments at least one */
export function reportStatus(
  facts: MessageFacts,
  payments: readonly StatusFacts[],
): OutgoingIsoFile<'pacs.002.001.10'> {
  return addressed(facts, 'pacs.002.001.10', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    instructingAgent: institution(facts.hub),
    instructedAgent: institution(facts.participant),
    transactions: payments.map((payment) => {
      const uetr = uetrOf(payment.paymentId);
      return {
        originalEndToEndId: payment.paymentId,
        originalTransactionId: payment.paymentId,
        ...(uetr === undefined ? {} : { originalUetr: uetr }),
        status: STATUS[payment.state],
        ...reasonOf(payment),
        ...(payment.completedAtMs === undefined ? {} : { acceptedAtMs: payment.completedAtMs }),
      };
    }),
  });
}

const STATUS: Readonly<Record<StatusFacts['state'], string>> = {
  processing: 'PDNG',
  succeeded: 'ACSP',
  settled: 'ACSC',
  declined: 'RJCT',
  cancelled: 'CANC',
};

type Reason = Pick<PaymentStatusReport['transactions'][number], 'ownReason' | 'explanations'>;

/** The hub's own code: ISO's list has a word for few of them, and a near miss would mislead. */
function reasonOf({ decline }: StatusFacts): Reason {
  if (decline === undefined) return { explanations: [] };
  const ownReason = fitText(decline.code, 35);
  const explanation = fitText(decline.detail, 105);
  return {
    ...(ownReason === undefined ? {} : { ownReason }),
    explanations: explanation === undefined ? [] : [explanation],
  };
}

/** camt.056: payments called back before their cycle was final. @param recalls at least one */
export function recallPayments(
  facts: MessageFacts,
  recalls: readonly RecallFacts[],
): OutgoingIsoFile<'camt.056.001.09'> {
  return addressed(facts, 'camt.056.001.09', {
    assignmentId: facts.messageId,
    assigner: institution(facts.hub),
    assignee: institution(facts.participant),
    createdAtMs: facts.createdAtMs,
    count: recalls.length,
    transactions: recalls.map((recall) => ({
      cancellationId: recall.cancellationId,
      originalEndToEndId: recall.paymentId,
      originalTransactionId: recall.paymentId,
      originalUetr: demanded(recall.paymentId),
      originalSettlementAmount: recall.legAmount,
      reason: recall.by === 'acquirer' ? 'CUST' : 'TECH',
      explanations: [],
    })),
  });
}
