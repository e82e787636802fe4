import { many, one, optional, record, type ValueOf } from './codec.js';
import * as iso from './leaves.js';
import { agent, originalReferences } from './parties.js';

const transaction = record({
  cancellationId: one('CxlId', iso.reference()),
  ...originalReferences,
  originalUetr: one('OrgnlUETR', iso.uetr),
  originalSettlementAmount: optional('OrgnlIntrBkSttlmAmt', iso.amount),
  originalSettlementDate: optional('OrgnlIntrBkSttlmDt', iso.date),
  reason: one('CxlRsnInf/Rsn/Cd', iso.externalCode()),
  explanations: many('CxlRsnInf/AddtlInf', iso.text(105)),
});

/** camt.056.001.09: recalls of payments whose cycle is not final yet. */
export const cancellationRequest = record(
  {
    assignmentId: one('Assgnmt/Id', iso.reference()),
    assigner: one('Assgnmt/Assgnr/Agt', agent),
    assignee: one('Assgnmt/Assgne/Agt', agent),
    createdAtMs: one('Assgnmt/CreDtTm', iso.instant),
    count: one('CtrlData/NbOfTxs', iso.count()),
    transactions: many('Undrlyg/TxInf', transaction, 1),
  },
  ({ count, transactions }) =>
    count === transactions.length
      ? undefined
      : `counts ${String(count)} transactions and holds ${String(transactions.length)}`,
);
export type CancellationRequest = ValueOf<typeof cancellationRequest>;
