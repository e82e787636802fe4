import { Module } from '@nestjs/common';
import { WalletController } from './wallet.controller.js';
import { WalletRepository } from './wallet-repository.js';

/** The wallet side of the network. Needs the process's `DataSource`. */
@Module({
  controllers: [WalletController],
  providers: [WalletRepository],
  exports: [WalletRepository],
})
export class WalletsModule {}
