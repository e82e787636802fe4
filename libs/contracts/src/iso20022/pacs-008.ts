import { many, one, optional, record, type ValueOf } from './codec.js';
import { groupTotalsFault } from './group-totals.js';
import * as iso from './leaves.js';
import { agent, clearedHere, merchantParty, payerParty } from './parties.js';

/** One cleared payment as one of its two legs: between wallet and hub, or hub and acquirer. */
const transaction = record({
  instructionId: optional('PmtId/InstrId', iso.reference()),
  endToEndId: one('PmtId/EndToEndId', iso.reference()),
  transactionId: optional('PmtId/TxId', iso.reference()),
  uetr: one('PmtId/UETR', iso.uetr),
  /** Clearing cycle and number in it. */
  clearingReference: optional('PmtId/ClrSysRef', iso.reference()),
  /** What the leg settles. */
  settlementAmount: one('IntrBkSttlmAmt', iso.amount),
  settlementDate: optional('IntrBkSttlmDt', iso.date),
  acceptedAtMs: optional('AccptncDtTm', iso.instant),
  /** The price in the shop, which is what the payer agreed to. */
  instructedAmount: optional('InstdAmt', iso.amount),
  /** Units of the settlement currency for one unit of the instructed currency. */
  exchangeRate: optional('XchgRate', iso.rate),
  /** SLEV: charges follow the scheme's rules and are settled on lines of their own. */
  chargeBearer: one('ChrgBr', iso.code('DEBT', 'CRED', 'SHAR', 'SLEV')),
  debtor: one('Dbtr', payerParty),
  debtorAgent: one('DbtrAgt', agent),
  creditorAgent: one('CdtrAgt', agent),
  creditor: one('Cdtr', merchantParty),
  purpose: optional('Purp/Cd', iso.externalCode()),
  remittance: many('RmtInf/Ustrd', iso.text(140)),
});

/** pacs.008.001.08: cleared payments of one participant. */
export const customerCreditTransfer = record(
  {
    messageId: one('GrpHdr/MsgId', iso.reference()),
    createdAtMs: one('GrpHdr/CreDtTm', iso.instant),
    count: one('GrpHdr/NbOfTxs', iso.count()),
    total: optional('GrpHdr/TtlIntrBkSttlmAmt', iso.amount),
    settlementDate: optional('GrpHdr/IntrBkSttlmDt', iso.date),
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
export type CustomerCreditTransfer = ValueOf<typeof customerCreditTransfer>;
