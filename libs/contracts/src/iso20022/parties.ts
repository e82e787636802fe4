import { constant, one, optional, record, type ValueOf } from './codec.js';
import { country, reference, text } from './leaves.js';

/** Whose ids stand in messages: participants of this hub have no BIC. */
const SCHEME = 'WAYFARE';

/** An institution: the hub, a wallet (MPP), an acquirer, a settlement bank. */
export const agent = record({
  name: optional('FinInstnId/Nm', text(140)),
  id: one('FinInstnId/Othr/Id', reference()),
  scheme: constant('FinInstnId/Othr/SchmeNm/Prtry', SCHEME),
});
export type Agent = ValueOf<typeof agent>;

/** A shop. */
export const merchantParty = record({
  name: optional('Nm', text(140)),
  city: optional('PstlAdr/TwnNm', text(35)),
  country: optional('PstlAdr/Ctry', country),
  id: one('Id/OrgId/Othr/Id', reference()),
});

/** A person, at most under the pseudonym that the wallet gave; nothing else is ever written. */
export const payerParty = record({ pseudonym: optional('Id/PrvtId/Othr/Id', text(35)) });

/** An institution where a message wants a party: owner of an account, author of a reason. */
export const institutionParty = record({
  name: optional('Nm', text(140)),
  id: one('Id/OrgId/Othr/Id', reference()),
  scheme: constant('Id/OrgId/Othr/SchmeNm/Prtry', SCHEME),
});

/** How payments of a message are settled: through this hub, which is the clearing system. */
export const clearedHere = {
  method: constant('GrpHdr/SttlmInf/SttlmMtd', 'CLRG'),
  clearingSystem: constant('GrpHdr/SttlmInf/ClrSys/Prtry', SCHEME),
} as const;

/** How messages that follow a payment name it: all of its references, so that any one finds it. */
export const originalReferences = {
  originalMessageId: optional('OrgnlGrpInf/OrgnlMsgId', reference()),
  originalMessageName: optional('OrgnlGrpInf/OrgnlMsgNmId', reference()),
  originalInstructionId: optional('OrgnlInstrId', reference()),
  originalEndToEndId: one('OrgnlEndToEndId', reference()),
  originalTransactionId: optional('OrgnlTxId', reference()),
} as const;
