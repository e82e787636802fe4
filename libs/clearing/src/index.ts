export { BookKeeper } from './book-keeper.js';
export { ClearingModule } from './clearing.module.js';
export {
  POSTING_QUEUE,
  STANDARD_TERMS,
  type ClearingTerms,
  type PostingJob,
} from './clearing-terms.js';
export { Loop, type LoopTerms } from './loop.js';
export { PostingWorker, type PostedListener } from './posting-worker.js';
export { Relay } from './relay.js';
