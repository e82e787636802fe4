/** For whoever starts a hub inside its own process: rehearsals and tests. */
export { startHub } from './start-hub.js';
