export { CUSTOMER_BEHAVIOURS, FLAKY, STORE_BEHAVIOURS, type Behaviour } from './behaviours.js';
export { NAMED_PARTNERS, readCast, type Cast } from './cast.js';
export type { Step } from './exchange-log.js';
export type { ScanOutcome, ScanRequest } from './wallet-app.js';
export type { ChargeRequest, TillOutcome, TillRequest } from './acquirer-till.js';
export {
  startSandbox,
  type RunningSandbox,
  type SandboxFile,
  type SandboxOptions,
} from './start-sandbox.js';
