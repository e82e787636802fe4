import { AcquirersModule } from '#acquirers';
import { MerchantsModule } from '#merchants';
import { WalletsModule } from '#wallets';
import { PeriodicLook } from '#platform/periodic-look';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CorridorController } from './corridor.controller.js';
import { CorridorRepository } from './corridor-repository.js';
import { StoreCodeController } from './store-code.controller.js';
import { NetworkDirectory } from './network-directory.js';

/** A suspended participant must stop within seconds; one look costs one small row. */
const REFRESH_INTERVAL_MS = 1_000;

/** Loads the network before the first request is served, and keeps it fresh until the end. */
@Injectable()
class NetworkWatch implements OnModuleInit, OnModuleDestroy {
  private readonly looks = new PeriodicLook({
    what: 'the network',
    everyMs: REFRESH_INTERVAL_MS,
    look: () => this.directory.refreshIfChanged(this.dataSource.manager),
  });

  constructor(
    @Inject(NetworkDirectory) private readonly directory: NetworkDirectory,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.directory.refresh(this.dataSource.manager);
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}

/**
 * Agreements, acceptance links and routing, with the participants below them. Needs the process's
 * `DataSource`; exports `NetworkDirectory`.
 */
@Module({
  imports: [WalletsModule, AcquirersModule, MerchantsModule],
  controllers: [CorridorController, StoreCodeController],
  providers: [CorridorRepository, NetworkDirectory, NetworkWatch],
  exports: [CorridorRepository, NetworkDirectory, WalletsModule, AcquirersModule, MerchantsModule],
})
export class CorridorsModule {}
