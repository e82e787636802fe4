/**
 * Exchange rates, mark-up tiers and locked quotes: the figures the product ships, the import of
 * newer ones, the desk that prices payments from memory, and the store of the quotes they carry.
 */
export { FxModule, type FxModuleOptions } from './fx.module.js';
export { RateDesk, type CurrentRates, type RateDeskOptions } from './rate-desk.js';
export { commitQuotes, findQuote, findQuotes } from './quotes.repository.js';
export { seedFx } from './seed-fx.js';
export { forgetImported, importEcb, type EcbImport } from './import-ecb.js';
export { viewOfPath, viewOfQuote, viewOfRates } from './fx-views.js';
