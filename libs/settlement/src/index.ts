/**
 * Settlement: the calendars that say when money can move, and what moves on those days.
 */
export * from './calendars/index.js';
export { sumRawLines, readBooks, readPairFlows } from './cycle-flows.js';
export { DefaultDesk, type DeclaredDefault, type DefaultOrder } from './default-desk.js';
export { readHubCapital } from './hub-capital.js';
export { listDefaults, readLiquidity } from './liquidity.js';
export { netCycle, type NettedCycle } from './net-cycle.js';
export { PrefundDesk, type PrefundMovement, type PrefundOrder } from './prefund-desk.js';
export { hashOfProof } from './proof-file.js';
export { setBehaviour, type BankBehaviour } from './settlement-bank.js';
export { settlementChecks } from './settlement-checks.js';
export { DECLARE_DEFAULT, SettlementApiModule } from './settlement-api.module.js';
export { SettlementDesk } from './settlement-desk.js';
export { SettlementKeeper, type SettlementKeeperTerms } from './settlement-keeper.js';
export { SettlementDesksModule, SettlementModule } from './settlement.module.js';
export { traceIdOfCycle } from './settlement-spans.js';
export { findRun, SettlementRuns, startRuns, type SettlementRun } from './settlement-runs.js';
export { listObligationsOfCycle, listSettlementPayments } from './settlement-views.js';
export * from './files/index.js';
export * from './fx-cover/index.js';
