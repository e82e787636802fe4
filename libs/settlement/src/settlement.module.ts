import { join } from 'node:path';
import { AccountBook, LedgerModule, OutboxBell } from '#ledger';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { projectRoot } from '#platform/project-root';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DefaultDesk } from './default-desk.js';
import { FilesModule } from './files/index.js';
import { readHubCapital } from './hub-capital.js';
import { PrefundDesk } from './prefund-desk.js';
import { SettlementDesk } from './settlement-desk.js';
import { SettlementKeeper, type SettlementKeeperTerms } from './settlement-keeper.js';
import { SettlementRuns } from './settlement-runs.js';

/** The desks, for whoever moves money: the worker that settles and the API that operators use. */
@Module({
  imports: [LedgerModule],
  providers: [
    {
      provide: SettlementDesk,
      inject: [AccountBook, ID_SOURCE],
      useFactory: (book: AccountBook, ids: IdSource) => new SettlementDesk(book, ids),
    },
    {
      provide: PrefundDesk,
      inject: [AccountBook, ID_SOURCE],
      useFactory: (book: AccountBook, ids: IdSource) => new PrefundDesk(book, ids),
    },
    {
      provide: DefaultDesk,
      inject: [AccountBook, ID_SOURCE, PrefundDesk],
      useFactory: (book: AccountBook, ids: IdSource, prefunds: PrefundDesk) =>
        new DefaultDesk(book, ids, prefunds, readHubCapital(join(projectRoot, 'data'))),
    },
  ],
  exports: [SettlementDesk, PrefundDesk, DefaultDesk],
})
export class SettlementDesksModule {}

/**
 * Settles by itself, wherever clearing runs. It expects `LOGGER`, `CLOCK`, `ID_SOURCE` and a
 * `DataSource` to be provided globally.
 */
@Module({})
export class SettlementModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly keeper: SettlementKeeper) {}

  static forRoot(terms: SettlementKeeperTerms): DynamicModule {
    return {
      module: SettlementModule,
      imports: [LedgerModule, SettlementDesksModule, FilesModule],
      providers: [
        {
          provide: SettlementRuns,
          inject: [DataSource, ID_SOURCE, CLOCK, LOGGER],
          useFactory: (db: DataSource, ids: IdSource, clock: Clock, log: Logger) =>
            new SettlementRuns(db, ids, clock, log),
        },
        {
          provide: SettlementKeeper,
          inject: [DataSource, SettlementRuns, SettlementDesk, PrefundDesk, OutboxBell, LOGGER],
          useFactory: (
            db: DataSource,
            runs: SettlementRuns,
            desk: SettlementDesk,
            prefunds: PrefundDesk,
            bell: OutboxBell,
            log: Logger,
          ) => new SettlementKeeper(db, { runs, desk, prefunds, bell }, terms, log),
        },
      ],
      exports: [SettlementKeeper, SettlementRuns],
    };
  }

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.keeper.stop();
  }
}
