import { Module } from '@nestjs/common';
import { MerchantController } from './merchant.controller.js';
import { MerchantRepository } from './merchant-repository.js';
import { StoreRepository } from './store-repository.js';

/** Merchants, stores and printed codes. Needs the process's `DataSource`. */
@Module({
  controllers: [MerchantController],
  providers: [MerchantRepository, StoreRepository],
  exports: [MerchantRepository, StoreRepository],
})
export class MerchantsModule {}
