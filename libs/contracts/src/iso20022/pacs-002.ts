import { many, one, optional, record, type ValueOf } from './codec.js';
import * as iso from './leaves.js';
import { agent, originalReferences } from './parties.js';

const transaction = record({
  statusId: optional('StsId', iso.reference()),
  ...originalReferences,
  originalUetr: optional('OrgnlUETR', iso.uetr),
  /** ACSP settling, ACSC settled, RJCT rejected, PDNG unknown yet, CANC cancelled. */
  status: one('TxSts', iso.externalCode()),
  reason: optional('StsRsnInf/Rsn/Cd', iso.externalCode()),
  /** A refusal code of the hub, where ISO's list has no code that says as much. */
  ownReason: optional('StsRsnInf/Rsn/Prtry', iso.text(35)),
  explanations: many('StsRsnInf/AddtlInf', iso.text(105)),
  acceptedAtMs: optional('AccptncDtTm', iso.instant),
  clearingReference: optional('ClrSysRef', iso.reference()),
});

/** pacs.002.001.10: what became of each payment. */
export const paymentStatusReport = record(
  {
    messageId: one('GrpHdr/MsgId', iso.reference()),
    createdAtMs: one('GrpHdr/CreDtTm', iso.instant),
    instructingAgent: one('GrpHdr/InstgAgt', agent),
    instructedAgent: one('GrpHdr/InstdAgt', agent),
    transactions: many('TxInfAndSts', transaction, 1),
  },
  (value) =>
    value.transactions.some((one) => one.reason !== undefined && one.ownReason !== undefined)
      ? 'gives a reason as ISO code and as own code; only one may stand'
      : undefined,
);
export type PaymentStatusReport = ValueOf<typeof paymentStatusReport>;
