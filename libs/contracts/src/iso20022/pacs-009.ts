import { many, one, optional, record, type ValueOf } from './codec.js';
import { groupTotalsFault } from './group-totals.js';
import * as iso from './leaves.js';
import { agent, clearedHere } from './parties.js';

const transaction = record({
  instructionId: optional('PmtId/InstrId', iso.reference()),
  endToEndId: one('PmtId/EndToEndId', iso.reference()),
  transactionId: optional('PmtId/TxId', iso.reference()),
  uetr: optional('PmtId/UETR', iso.uetr),
  settlementAmount: one('IntrBkSttlmAmt', iso.amount),
  settlementDate: one('IntrBkSttlmDt', iso.date),
  debtor: one('Dbtr', agent),
  debtorAgent: optional('DbtrAgt', agent),
  creditorAgent: optional('CdtrAgt', agent),
  creditor: one('Cdtr', agent),
  /** The cycle whose net this settles, and why if it is only a part. */
  remittance: many('RmtInf/Ustrd', iso.text(140)),
});

/** pacs.009.001.08: net settlement transfers, from one institution's account to another's. */
export const institutionCreditTransfer = record(
  {
    messageId: one('GrpHdr/MsgId', iso.reference()),
    createdAtMs: one('GrpHdr/CreDtTm', iso.instant),
    count: one('GrpHdr/NbOfTxs', iso.count()),
    total: optional('GrpHdr/TtlIntrBkSttlmAmt', iso.amount),
    ...clearedHere,
    instructingAgent: one('GrpHdr/InstgAgt', agent),
    instructedAgent: one('GrpHdr/InstdAgt', agent),
    transactions: many('CdtTrfTxInf', transaction, 1),
  },
  (value) =>
    groupTotalsFault(
      value,
      value.transactions.map(({ settlementAmount }) => settlementAmount),
    ),
);
export type InstitutionCreditTransfer = ValueOf<typeof institutionCreditTransfer>;
