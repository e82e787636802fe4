import { one, optional, record, type ValueOf } from './codec.js';
import { code, externalCode, instant, reference, text, yesNo } from './leaves.js';
import { agent } from './parties.js';

/**
 * head.001.001.02, the business application header: who sends which message to whom. Every message
 * has one, so that a file can be routed and recognised without opening its document.
 */
export const businessHeader = record({
  from: one('Fr/FIId', agent),
  to: one('To/FIId', agent),
  businessMessageId: one('BizMsgIdr', reference()),
  messageDefinition: one('MsgDefIdr', reference()),
  /** Names the practice that the message follows, where sender and receiver agreed on one. */
  businessService: optional('BizSvc', text(35)),
  createdAtMs: one('CreDt', instant),
  copy: optional('CpyDplct', code('CODU', 'COPY', 'DUPL')),
  mayBeDuplicate: optional('PssblDplct', yesNo),
  priority: optional('Prty', externalCode()),
});
export type BusinessHeader = ValueOf<typeof businessHeader>;
