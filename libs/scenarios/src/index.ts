/** Scenario files, the figures they rest on, runs on threads, and what people take away from them. */
export {
  EXIT_INVALID_SCENARIO,
  explainScenarioFile,
  faultText,
  loadScenario,
  readScenario,
  scenarioDocument,
  type LoadOptions,
  type ReadScenario,
} from './scenario-files/load-scenario.js';
export { checkScenarioFile, type CheckedScenario } from './scenario-files/check-scenario.js';
export { faultLine, type ScenarioFault } from './scenario-files/scenario-fault.js';
export {
  listShippedScenarios,
  shippedNames,
  type ShippedScenario,
} from './scenario-files/shipped-scenarios.js';
export type { Play, PlayOptions, RunParts } from './runs/kernel-parts.js';
export type { Assumption, Explanation } from './scenario-files/explain/explain-scenario.js';
export { TABLES as EXPORT_TABLES } from './exports/dictionary.js';
export { TABLE_FORMATS, type TableFormat } from './exports/formats.js';
export { DEFAULT_ASSUMPTION_DRAWS, DEFAULT_SEED } from './runs/defaults.js';
export { loadRunMachinery, runScenario, verifyRun } from './runs/runs-when-asked.js';
export type { RunMachinery } from './runs/run-machinery.js';
export type { ScenarioRun, ScenarioRunRequest } from './runs/run-and-keep.js';
export type { RunWatch } from './runs/run-scenario.js';
export type {
  HeadlineResult,
  PlayedRun,
  RunProgress,
  RunRequest,
  SimulationRun,
} from './runs/simulation-run.js';
export type { RunManifest } from './runs/manifest.js';
export type { Finding, VerifiedRun } from './runs/verify-run.js';
export {
  SCENARIO_SCHEMA_PATH,
  scenarioJsonSchema,
  scenarioJsonSchemaText,
} from './scenario-files/json-schema.js';
export { startFileText } from './scenario-files/start-file.js';
export {
  DEFAULT_COSTS,
  changeWords,
  compareShipped,
  figureWords,
  intervalWords,
  headlineNamed,
  percentWords,
  spreadWords,
  planShipped,
  sweepShipped,
  tellComparison,
  tellPlan,
  tornadoShipped,
  whatifShipped,
  type Comparison,
  type ComparisonWithPlan,
  type ExperimentSettings,
  type ExperimentWatch,
  type PlanRequest,
  type PlannedStep,
  type PlayedDesign,
  type RateOverlay,
  type ScenarioPlan,
  type Sweep,
  type SweepPlan,
  type Tornado,
  type WhatIf,
} from './experiments/index.js';
export { backtestArrivals, calibrateScenario } from './calibration/calibration-when-asked.js';
export type { BacktestRequest } from './calibration/backtest-shipped.js';
export type { CalibrationOptions, CalibrationRun } from './calibration/calibrate-scenario.js';
export { simulatedDay, type DayPurchase, type SimulatedDay } from './replay/simulated-day.js';
