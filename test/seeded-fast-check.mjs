import * as fc from '../node_modules/fast-check/lib/fast-check.js';

// Every suite that imports fast-check gets this instead. One seed for all, so that a run that
// fails fails again; `PROPERTY_SEED=<any integer>` looks at other values, and PROPERTY_RUNS at more
// of them, where a property does not say how many it needs.
const seed = Number(process.env.PROPERTY_SEED ?? 2026);
const numRuns = process.env.PROPERTY_RUNS;
fc.configureGlobal({ seed, ...(numRuns === undefined ? {} : { numRuns: Number(numRuns) }) });

export * from '../node_modules/fast-check/lib/fast-check.js';
export { default } from '../node_modules/fast-check/lib/fast-check.js';
