import { many, one, optional, record, type ValueOf } from './codec.js';
import { groupTotalsFault } from './group-totals.js';
import * as iso from './leaves.js';
import { agent, clearedHere, originalReferences } from './parties.js';

const transaction = record({
  returnId: one('RtrId', iso.reference()),
  ...originalReferences,
  originalUetr: one('OrgnlUETR', iso.uetr),
  originalClearingReference: optional('OrgnlClrSysRef', iso.reference()),
  originalSettlementAmount: optional('OrgnlIntrBkSttlmAmt', iso.amount),
  originalSettlementDate: optional('OrgnlIntrBkSttlmDt', iso.date),
  /** What goes back on this leg, at the payment's own rate. */
  returnedAmount: one('RtrdIntrBkSttlmAmt', iso.amount),
  settlementDate: optional('IntrBkSttlmDt', iso.date),
  /** The refund in the shop's currency. */
  returnedInstructedAmount: optional('RtrdInstdAmt', iso.amount),
  exchangeRate: optional('XchgRate', iso.rate),
  chargeBearer: optional('ChrgBr', iso.code('DEBT', 'CRED', 'SHAR', 'SLEV')),
  clearingReference: optional('ClrSysRef', iso.reference()),
  reason: one('RtrRsnInf/Rsn/Cd', iso.externalCode()),
  explanations: many('RtrRsnInf/AddtlInf', iso.text(105)),
});

/** pacs.004.001.09: refunds, each naming the payment it gives back, wholly or in part. */
export const paymentReturn = record(
  {
    messageId: one('GrpHdr/MsgId', iso.reference()),
    createdAtMs: one('GrpHdr/CreDtTm', iso.instant),
    count: one('GrpHdr/NbOfTxs', iso.count()),
    total: optional('GrpHdr/TtlRtrdIntrBkSttlmAmt', iso.amount),
    settlementDate: optional('GrpHdr/IntrBkSttlmDt', iso.date),
    ...clearedHere,
    instructingAgent: one('GrpHdr/InstgAgt', agent),
    instructedAgent: one('GrpHdr/InstdAgt', agent),
    transactions: many('TxInf', transaction, 1),
  },
  (value) =>
    groupTotalsFault(
      value,
      value.transactions.map(({ returnedAmount }) => returnedAmount),
    ),
);
export type PaymentReturn = ValueOf<typeof paymentReturn>;
