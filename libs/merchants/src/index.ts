/** Merchants, their stores and codes, and the national schemes the codes belong to. */
export { MerchantsModule } from './merchants.module.js';
export {
  MerchantRepository,
  type MerchantRecord,
  type MerchantVersion,
} from './merchant-repository.js';
export { StoreRepository, type StoreRecord, type StoreVersion } from './store-repository.js';
