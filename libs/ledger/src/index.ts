export { AccountBook, accountKeyOf } from './account-book.js';
export { readBalances, type AccountBalance, type BalancePoint } from './balances.js';
export {
  checkChain,
  type ChainCheckTerms,
  type ChainFault,
  type ChainReport,
} from './chain-check.js';
export { countUnsealed, digestPosted } from './chain-digests.js';
export { chainChecks } from './chain-invariants.js';
export {
  entriesSealed,
  findCycleHead,
  findHead,
  recordCycleHead,
  sealBlock,
  sealedThrough,
  sealLeftovers,
  type LedgerHead,
  type SealedBlock,
} from './chain-seal.js';
export { ledgerChecks } from './checks.js';
export { ledgerContentHash } from './content-hash.js';
export {
  beforeFinal,
  currentSettlementPhase,
  finaliseCycle,
  listCyclesToFinalise,
  listReasonsToWait,
  measureOverdue,
  settlementPhaseOf,
  type FinalCondition,
  type FinalResult,
} from './cycle-finality.js';
export {
  findCycle,
  listCycles,
  type CycleFilter,
  type CycleKind,
  type RecordedCycle,
} from './cycle-reading.js';
export {
  assignCycle,
  closeCycle,
  cycleOf,
  dailyCycleAt,
  ensureCycles,
  gatherCycles,
  listDueCycles,
  type CloseResult,
  type CycleAssignment,
  type HeldCycle,
} from './cycles.js';
export {
  changeExposureTerms,
  commitExposures,
  exposureKeyOf,
  gatherExposures,
  openExposures,
  openMissingExposures,
  type Exposure,
  type ExposureDelta,
  type ExposureKey,
  type ExposureTerms,
  type ExposureTermsChange,
} from './exposures.js';
export { readHubClock, setHubClock } from './hub-clock.js';
export { listEntriesOfPayment, type QueueHop, type RecordedEntry } from './journal-reading.js';
export { LedgerModule } from './ledger.module.js';
export { LedgerPagesModule } from './ledger-pages.module.js';
export { balancesViewOf, headView, statementViewOf } from './ledger-views.js';
export { OutboxBell } from './outbox-bell.js';
export {
  claimBatch,
  countStaged,
  extendLeases,
  foldAccountTotals,
  listBatchEntries,
  postBatch,
  releaseBatch,
  setEntryAside,
  type ClaimedBatch,
  type ClaimTerms,
  type PostedBatch,
  type PostingHop,
} from './posting.js';
export { readStandingBalance } from './standing-balance.js';
export { stageEntries, type StagedEntry } from './staging.js';
export {
  listStatementLines,
  summariseStatement,
  type LinePlace,
  type StatementAccount,
  type StatementLine,
  type StatementTerms,
} from './statements.js';
