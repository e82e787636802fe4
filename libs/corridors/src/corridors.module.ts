import { AcquirersModule } from '#acquirers';
import { MerchantsModule } from '#merchants';
import { WalletsModule } from '#wallets';
import { Inject, Injectable, Logger, Module } from '@nestjs/common';
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
  private readonly log = new Logger(NetworkWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private away = false;

  constructor(
    @Inject(NetworkDirectory) private readonly directory: NetworkDirectory,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.directory.refresh(this.dataSource.manager);
    this.timer = setInterval(() => {
      this.looking = this.look();
    }, REFRESH_INTERVAL_MS).unref();
  }

  /** A look under way ends before the database is closed, so that leaving logs no fault. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** A database that is away must not stop the process: routing goes on with what it knows. */
  private async look(): Promise<void> {
    try {
      await this.directory.refreshIfChanged(this.dataSource.manager);
      if (this.away) this.log.log('the network can be refreshed again');
      this.away = false;
    } catch (error) {
      if (!this.away) this.log.warn(`the network cannot be refreshed: ${String(error)}`);
      this.away = true;
    }
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
