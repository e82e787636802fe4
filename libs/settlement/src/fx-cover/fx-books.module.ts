import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Loop } from '#clearing';
import { RateDesk } from '#fx';
import { AccountBook, LedgerModule, OutboxBell } from '#ledger';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { FxBooksController } from './fx-books.controller.js';
import { FxDesk } from './fx-desk.js';

const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 5_000;

/** Covers and revalues at each cut-off, and settles covers when their day has come. */
export class FxKeeper {
  private readonly loop: Loop;

  constructor(
    private readonly desk: FxDesk,
    private readonly bell: OutboxBell,
    private readonly log: Logger,
  ) {
    this.loop = new Loop({
      name: 'fx-books',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run: () => this.turn(),
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Does everything whose time has come. */
  async turn(): Promise<void> {
    const runs = await this.desk.runDue();
    for (const { cycleId } of runs) {
      this.log.info({ cycle: cycleId }, `positions of cycle ${cycleId} covered and revalued`);
    }
    const settled = await this.desk.settleDue();
    if (runs.length > 0 || settled > 0) this.bell.ring();
  }
}

/** The pages about the hub's result; import it where the operator API is served. */
@Module({ controllers: [FxBooksController] })
export class FxBooksPagesModule {}

/**
 * Keeps the hub's own positions, wherever clearing runs. It expects `LOGGER`, `ID_SOURCE` and a
 * `DataSource` to be provided globally.
 */
@Module({})
export class FxBooksModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly keeper: FxKeeper) {}

  static forRoot(): DynamicModule {
    return {
      module: FxBooksModule,
      imports: [LedgerModule],
      providers: [
        {
          provide: FxDesk,
          inject: [DataSource, AccountBook, ID_SOURCE],
          useFactory: (dataSource: DataSource, book: AccountBook, ids: IdSource) =>
            new FxDesk({ dataSource, book, ids, rates: new RateDesk() }),
        },
        {
          provide: FxKeeper,
          inject: [FxDesk, OutboxBell, LOGGER],
          useFactory: (desk: FxDesk, bell: OutboxBell, log: Logger) =>
            new FxKeeper(desk, bell, log),
        },
      ],
      exports: [FxDesk, FxKeeper],
    };
  }

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.keeper.stop();
  }
}
