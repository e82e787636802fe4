/** For whoever starts a hub inside its own process: rehearsals and tests. */
export { startHub, type HubOptions, type RunningHub } from './start-hub.js';
