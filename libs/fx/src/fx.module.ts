import {
  Inject,
  Injectable,
  Logger,
  Module,
  type DynamicModule,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { systemClock, type Clock } from '#platform/clock';
import { FX_CLOCK } from './fx-clock.js';
import { FxController } from './fx.controller.js';
import { RateDesk, type RateDeskOptions } from './rate-desk.js';

export interface FxModuleOptions extends RateDeskOptions {
  readonly clock?: Clock;
}

/** An import by another process is priced with after this long at the latest. */
const REFRESH_INTERVAL_MS = 2_000;

/** Loads the rates before the first request is served, and again when an import changed them. */
@Injectable()
class RateWatch implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(RateWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private away = false;

  constructor(
    @Inject(RateDesk) private readonly desk: RateDesk,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.desk.refresh(this.dataSource.manager);
    this.timer = setInterval(() => {
      this.looking = this.look();
    }, REFRESH_INTERVAL_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Rates in memory stay good while the database is away; they age by the calendar anyway. */
  private async look(): Promise<void> {
    try {
      const changed = await this.desk.refreshIfChanged(this.dataSource.manager);
      if (changed) this.log.log(`rates of ${this.desk.current().asOf} are in force`);
      this.away = false;
    } catch (error) {
      if (!this.away) this.log.warn(`the rates cannot be refreshed: ${String(error)}`);
      this.away = true;
    }
  }
}

/** Rates, tiers and quotes. Needs the process's `DataSource`; exports `RateDesk`. */
@Module({})
export class FxModule {
  static forRoot(options: FxModuleOptions = {}): DynamicModule {
    return {
      module: FxModule,
      controllers: [FxController],
      providers: [
        { provide: RateDesk, useFactory: () => new RateDesk(options) },
        { provide: FX_CLOCK, useValue: options.clock ?? systemClock },
        RateWatch,
      ],
      exports: [RateDesk],
    };
  }
}
