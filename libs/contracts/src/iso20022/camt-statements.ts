import type { Money } from '#domain/money';
import { many, one, optional, record, type ValueOf } from './codec.js';
import * as iso from './leaves.js';
import { agent, institutionParty } from './parties.js';

const side = iso.code('CRDT', 'DBIT');

/** An account that the hub keeps for a participant, in one currency. */
const account = record({
  id: one('Id/Othr/Id', iso.reference(34)),
  currency: one('Ccy', iso.currency),
  name: optional('Nm', iso.text(70)),
  owner: one('Ownr', institutionParty),
  servicer: one('Svcr', agent),
});

const balance = record(
  {
    /** OPBD opening, CLBD closing, ITBD interim, all booked. */
    type: one('Tp/CdOrPrtry/Cd', iso.externalCode()),
    amount: one('Amt', iso.amount),
    side: one('CdtDbtInd', side),
    date: optional('Dt/Dt', iso.date),
    atMs: optional('Dt/DtTm', iso.instant),
  },
  ({ date, atMs }) =>
    (date === undefined) === (atMs === undefined)
      ? 'needs a day or a time, and not both'
      : undefined,
);

/** What is behind an entry: one payment, or a batch by the message that lists it. */
const entryDetail = record({
  batchMessageId: optional('Btch/MsgId', iso.reference()),
  batchCount: optional('Btch/NbOfTxs', iso.count()),
  endToEndId: optional('TxDtls/Refs/EndToEndId', iso.reference()),
  uetr: optional('TxDtls/Refs/UETR', iso.uetr),
  transactionId: optional('TxDtls/Refs/TxId', iso.reference()),
  clearingReference: optional('TxDtls/Refs/ClrSysRef', iso.reference()),
});

const entry = record({
  reference: one('NtryRef', iso.reference()),
  amount: one('Amt', iso.amount),
  side: one('CdtDbtInd', side),
  reversal: optional('RvslInd', iso.yesNo),
  /** BOOK counts in the balances; PDNG and INFO do not. */
  status: one('Sts/Cd', iso.externalCode()),
  bookedAtMs: optional('BookgDt/DtTm', iso.instant),
  valueDate: optional('ValDt/Dt', iso.date),
  servicerReference: optional('AcctSvcrRef', iso.reference()),
  /** The hub's kind of entry, e.g. `payments`, `interchange`, `settlementPaid`. */
  kind: one('BkTxCd/Prtry/Cd', iso.text(35)),
  details: many('NtryDtls', entryDetail),
  explanation: optional('AddtlNtryInf', iso.text(500)),
});

/** The three account messages share one body; `camt.054` has no balances. */
const body = {
  id: one('Id', iso.reference()),
  sequence: optional('ElctrncSeqNb', iso.count(18)),
  createdAtMs: one('CreDtTm', iso.instant),
  fromMs: optional('FrToDt/FrDtTm', iso.instant),
  toMs: optional('FrToDt/ToDtTm', iso.instant),
  account: one('Acct', account),
} as const;

const group = {
  messageId: one('GrpHdr/MsgId', iso.reference()),
  createdAtMs: one('GrpHdr/CreDtTm', iso.instant),
} as const;

type Entry = ValueOf<typeof entry>;
type Balance = ValueOf<typeof balance>;
interface Statement {
  readonly account: ValueOf<typeof account>;
  readonly balances?: readonly Balance[];
  readonly entries: readonly Entry[];
}

const signed = ({
  amount,
  side,
}: {
  readonly amount: Money;
  readonly side: 'CRDT' | 'DBIT';
}): bigint => (side === 'CRDT' ? amount.minor : -amount.minor);

/**
 * One account has one currency, and a statement that names its opening and closing balance must
 * get from one to the other by its booked entries.
 */
function statementFault({ account, balances = [], entries }: Statement): string | undefined {
  const foreign = [...balances, ...entries].find(
    ({ amount }) => amount.currency !== account.currency,
  );
  if (foreign !== undefined) {
    return `holds ${foreign.amount.currency} on an account in ${account.currency}`;
  }
  const opening = balances.find(({ type }) => type === 'OPBD');
  const closing = balances.find(({ type }) => type === 'CLBD');
  if (opening === undefined || closing === undefined) return undefined;
  const booked = entries.filter(({ status }) => status === 'BOOK');
  const reached = booked.reduce((sum, item) => sum + signed(item), signed(opening));
  return reached === signed(closing)
    ? undefined
    : 'has booked entries that do not lead from the opening to the closing balance';
}

/** camt.052.001.08: an account within the day. */
export const accountReport = record({
  ...group,
  reports: many(
    'Rpt',
    record(
      { ...body, balances: many('Bal', balance), entries: many('Ntry', entry) },
      statementFault,
    ),
    1,
  ),
});
export type AccountReport = ValueOf<typeof accountReport>;

/** camt.053.001.08: an account over a whole cycle, from opening to closing balance. */
export const accountStatement = record({
  ...group,
  statements: many(
    'Stmt',
    record(
      { ...body, balances: many('Bal', balance, 1), entries: many('Ntry', entry) },
      statementFault,
    ),
    1,
  ),
});
export type AccountStatement = ValueOf<typeof accountStatement>;

/** camt.054.001.08: single credits and debits, told when they are booked. */
export const creditDebitAdvice = record({
  ...group,
  advices: many('Ntfctn', record({ ...body, entries: many('Ntry', entry, 1) }, statementFault), 1),
});
export type CreditDebitAdvice = ValueOf<typeof creditDebitAdvice>;
