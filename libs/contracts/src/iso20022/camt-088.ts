import { many, one, optional, record, type ValueOf } from './codec.js';
import * as iso from './leaves.js';

/** Parties of a netting report have a name and, without a BIC, an identifier of our own. */
const netParty = record({
  name: one('NmAndAdr/Nm', iso.text(350)),
  id: one('NmAndAdr/AltrntvIdr', iso.reference()),
});

const obligation = record({
  obligationId: one('OblgtnId', iso.reference()),
  amount: one('Amt', iso.amount),
  participant: one('PtcptNetgId/TradPty', netParty),
  /** Seen from the participant: PAYM it pays, RECE it receives, NONE the net is nought. */
  direction: one('OblgtnDrctn', iso.code('PAYM', 'RECE', 'NONE')),
  counterparty: one('CtrPtyNetgId/TradPty', netParty),
  /** Payments and refunds behind the net. */
  count: optional('TxsNb', iso.count(10)),
});

/** camt.088.001.01: what a participant's cycle comes to, one net a currency. */
export const netReport = record(
  {
    messageId: one('NetRptData/MsgId', iso.reference()),
    createdAtMs: one('NetRptData/CreDtTm', iso.instant),
    cutOff: one('NetRptData/NetgCutOffTm', iso.timeOfDay),
    reportDate: one('NetRptData/RptDt', iso.date),
    valueDate: one('NetRptData/ValDt', iso.date),
    reportType: optional('NetRptData/RptTp', iso.text(35)),
    servicer: one('NetRptData/NetRptSvcr', netParty),
    participant: one('NetSvcPtcptId', netParty),
    obligations: many('NetOblgtn', obligation, 1),
  },
  ({ obligations }) =>
    obligations.some(({ amount, direction }) => (amount.minor === 0n) !== (direction === 'NONE'))
      ? 'has a net of nought with a direction, or a net without one'
      : undefined,
);
export type NetReport = ValueOf<typeof netReport>;
