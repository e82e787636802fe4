/** Scenario files, the figures they rest on, runs on threads, and what people take away from them. */
export {
  EXIT_INVALID_SCENARIO,
  faultText,
  loadScenario,
  readScenario,
  type LoadOptions,
  type ReadScenario,
} from './scenario-files/load-scenario.js';
export { faultLine, type ScenarioFault } from './scenario-files/scenario-fault.js';
export {
  listShippedScenarios,
  shippedNames,
  type ShippedScenario,
} from './scenario-files/shipped-scenarios.js';
export type { Play, PlayOptions, RunParts } from './runs/kernel-parts.js';
