export * from './acquirer-calls.js';
export * from './dispute-calls.js';
export * from './objects.js';
export * from './operations.js';
export * from './read-wire.js';
export * from './scalars.js';
export * from './wallet-calls.js';
export * from './wire-time.js';
