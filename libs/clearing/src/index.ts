export { BookKeeper } from './book-keeper.js';
export { clearingChecks } from './checks.js';
export { ClearingModule } from './clearing.module.js';
export {
  POSTING_QUEUE,
  STANDARD_TERMS,
  type ClearingTerms,
  type PostingJob,
} from './clearing-terms.js';
export {
  clearingConditions,
  closeDueCycles,
  finaliseDueCycles,
  numberClosedCycles,
  type Closing,
  type Finalising,
  type Numbering,
} from './cut-off.js';
export {
  listMembers,
  numberMembers,
  readMembersOf,
  type CycleMember,
  type MemberKind,
} from './cycle-members.js';
export { cycleViewOf, explainCycle } from './cycle-views.js';
export { CyclesModule } from './cycles.module.js';
export { Loop, type LoopTerms } from './loop.js';
export {
  collectDeadLetters,
  countDeadLetters,
  deadLetterViewOf,
  findDeadLetter,
  listDeadLetters,
  replayDeadLetter,
  type DeadLetter,
} from './operations/dead-letters.js';
export { QueueOperationsModule } from './operations/operations.module.js';
export { PostingWorker, type PostedListener } from './posting-worker.js';
export { Relay } from './relay.js';
export { Sealer } from './sealer.js';
