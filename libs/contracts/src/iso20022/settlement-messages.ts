import { addressed, institution, type OutgoingIsoFile } from './addressed.js';
import type {
  AccountEntryFacts,
  AccountFacts,
  Institution,
  MessageFacts,
  NetFacts,
  TransferFacts,
} from './facts.js';
import type { AccountStatement } from './camt-statements.js';
import { fitText } from './fit-text.js';
import { totalOf } from './group-totals.js';
import { uetrOf } from './uetr.js';

/**
 * pacs.009: transfers that settle nets. The participant of the message is the settlement bank that
 * carries them out.
 *
 * @param transfers at least one
 */
export function instructSettlement(
  facts: MessageFacts,
  transfers: readonly TransferFacts[],
): OutgoingIsoFile<'pacs.009.001.08'> {
  return addressed(facts, 'pacs.009.001.08', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    count: transfers.length,
    ...totalOf(transfers.map(({ amount }) => amount)),
    instructingAgent: institution(facts.hub),
    instructedAgent: institution(facts.participant),
    transactions: transfers.map((transfer) => {
      const uetr = uetrOf(transfer.transferId);
      const note = fitText(transfer.note ?? '', 140);
      return {
        instructionId: transfer.transferId,
        endToEndId: transfer.transferId,
        transactionId: transfer.transferId,
        ...(uetr === undefined ? {} : { uetr }),
        settlementAmount: transfer.amount,
        settlementDate: transfer.valueDate,
        debtor: institution(transfer.payer),
        creditor: institution(transfer.payee),
        remittance: [`cycle ${transfer.cycleId}`, ...(note === undefined ? [] : [note])],
      };
    }),
  });
}

const CLEARING_OFFSET_MS = 8 * 3_600_000;

/** camt.088: what a participant's cycle comes to. The day of the report is the cut-off's at UTC+8. */
export function reportNet(facts: MessageFacts, net: NetFacts): OutgoingIsoFile<'camt.088.001.01'> {
  const hub = netParty(facts.hub);
  const participant = netParty(facts.participant);
  const local = new Date(net.cutOffMs + CLEARING_OFFSET_MS).toISOString();
  return addressed(facts, 'camt.088.001.01', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    cutOff: `${local.slice(11, 19)}+08:00`,
    reportDate: local.slice(0, 10),
    valueDate: net.valueDate,
    reportType: net.cycleId,
    servicer: hub,
    participant,
    obligations: net.obligations.map(({ obligationId, net: { currency, minor }, count }) => ({
      obligationId,
      amount: { currency, minor: minor < 0n ? -minor : minor },
      participant,
      direction: minor === 0n ? 'NONE' : minor > 0n ? 'PAYM' : 'RECE',
      counterparty: hub,
      count,
    })),
  });
}

const netParty = ({ id, name }: Institution): { readonly id: string; readonly name: string } => ({
  id,
  name: fitText(name, 350) ?? id,
});

type Statement = AccountStatement['statements'][number];
type Balance = Statement['balances'][number];
type Entry = Statement['entries'][number];

const sided = (currency: string, minor: bigint): Pick<Balance, 'amount' | 'side'> => ({
  amount: { currency, minor: minor < 0n ? -minor : minor },
  side: minor < 0n ? 'DBIT' : 'CRDT',
});

/** camt.052: an account as it stands within the day. */
export function reportAccount(
  facts: MessageFacts,
  account: AccountFacts,
): OutgoingIsoFile<'camt.052.001.08'> {
  const interim = {
    type: 'ITBD',
    ...sided(account.currency, closingOf(account)),
    atMs: account.toMs,
  };
  return addressed(facts, 'camt.052.001.08', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    reports: [{ ...bodyOf(facts, account), balances: [interim], entries: entriesOf(account) }],
  });
}

/** camt.053: an account from its opening to its closing balance, with every entry between. */
export function stateAccount(
  facts: MessageFacts,
  account: AccountFacts,
): OutgoingIsoFile<'camt.053.001.08'> {
  const { currency, openingMinor, fromMs, toMs } = account;
  const balances = [
    { type: 'OPBD', ...sided(currency, openingMinor), atMs: fromMs },
    { type: 'CLBD', ...sided(currency, closingOf(account)), atMs: toMs },
  ];
  return addressed(facts, 'camt.053.001.08', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    statements: [{ ...bodyOf(facts, account), balances, entries: entriesOf(account) }],
  });
}

/** camt.054: single entries, told when they are booked. @param account with at least one entry */
export function adviseAccount(
  facts: MessageFacts,
  account: AccountFacts,
): OutgoingIsoFile<'camt.054.001.08'> {
  return addressed(facts, 'camt.054.001.08', {
    messageId: facts.messageId,
    createdAtMs: facts.createdAtMs,
    advices: [{ ...bodyOf(facts, account), entries: entriesOf(account) }],
  });
}

const closingOf = ({ openingMinor, entries }: AccountFacts): bigint =>
  entries.reduce((sum, { minor }) => sum + minor, openingMinor);

function bodyOf(
  facts: MessageFacts,
  account: AccountFacts,
): Omit<Statement, 'balances' | 'entries'> {
  const name = fitText(account.name, 70);
  return {
    id: facts.messageId,
    sequence: account.sequence,
    createdAtMs: facts.createdAtMs,
    fromMs: account.fromMs,
    toMs: account.toMs,
    account: {
      id: account.accountId,
      currency: account.currency,
      ...(name === undefined ? {} : { name }),
      owner: institution(facts.participant),
      servicer: institution(facts.hub),
    },
  };
}

const entriesOf = ({ currency, entries }: AccountFacts): readonly Entry[] =>
  entries.map((entry) => {
    const explanation = fitText(entry.explanation ?? '', 500);
    return {
      reference: entry.entryId,
      ...sided(currency, entry.minor),
      status: 'BOOK',
      bookedAtMs: entry.bookedAtMs,
      ...(entry.valueDate === undefined ? {} : { valueDate: entry.valueDate }),
      kind: entry.kind,
      details: detailsOf(entry),
      ...(explanation === undefined ? {} : { explanation }),
    };
  });

function detailsOf({ paymentId, batch }: AccountEntryFacts): Entry['details'] {
  const uetr = paymentId === undefined ? undefined : uetrOf(paymentId);
  const detail = {
    ...(batch?.messageId === undefined ? {} : { batchMessageId: batch.messageId }),
    ...(batch === undefined ? {} : { batchCount: batch.count }),
    ...(paymentId === undefined ? {} : { endToEndId: paymentId, transactionId: paymentId }),
    ...(uetr === undefined ? {} : { uetr }),
  };
  return Object.keys(detail).length === 0 ? [] : [detail];
}
