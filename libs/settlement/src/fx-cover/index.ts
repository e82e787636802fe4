export {
  coverProviderOrder,
  findCoverProviders,
  readCoverProviders,
  seedCoverProviders,
  setCoverProvider,
  setCoverProviders,
} from './cover-providers.js';
export { readCovers } from './cover-reading.js';
export { FxBooksModule, FxBooksPagesModule, FxKeeper } from './fx-books.module.js';
export { fxChecks } from './fx-checks.js';
export { FxDesk, type AskProvider, type FxDeskParts } from './fx-desk.js';
export { readFxStatement } from './fx-statement.js';
