export { readCast } from './cast.js';
export { startSandbox, type RunningSandbox, type SandboxFile } from './start-sandbox.js';
