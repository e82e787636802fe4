/**
 * Who may do what: operator and participant keys with scopes, the audit log, four eyes, and the
 * guards that controllers put on their routes.
 */
export { Approvals, type Actors, type ApprovableAction, type Effect } from './approvals.js';
export { AuditLog, type AuditRecord } from './audit-log.js';
export { loadOrCreateOperatorKey, OPERATOR_KEY, operatorKeyPath } from './bootstrap-key.js';
export {
  LOCAL_OPERATOR,
  TheCaller,
  TheOperator,
  type Caller,
  type OperatorCaller,
  type ParticipantCaller,
} from './caller.js';
export {
  AnyKey,
  NeedsOperator,
  NeedsScope,
  OpenToAll,
  OPERATOR_AUTH,
  OwnParticipant,
  ParticipantScope,
} from './guards.js';
export { isForThisMachine } from './loopback.js';
export { operatorChecks } from './operator-checks.js';
export { OperatorAccess } from './operator-access.js';
export { OperatorKeys } from './operator-keys.js';
export { OperatorsModule, type OperatorsModuleOptions } from './operators.module.js';
