import {
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { systemClock, type Clock } from '#platform/clock';
import { PeriodicLook } from '#platform/periodic-look';
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
  private readonly looks = new PeriodicLook({
    what: 'the exchange rates',
    everyMs: REFRESH_INTERVAL_MS,
    look: () => this.desk.refreshIfChanged(this.dataSource.manager),
  });

  constructor(
    @Inject(RateDesk) private readonly desk: RateDesk,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.desk.refresh(this.dataSource.manager);
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
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
