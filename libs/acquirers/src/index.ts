/** Acquirers (ACQPs): their versioned terms and the operator's view of them. */
export { AcquirersModule } from './acquirers.module.js';
export {
  AcquirerRepository,
  type AcquirerRecord,
  type AcquirerVersion,
} from './acquirer-repository.js';
