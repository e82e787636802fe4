import { Inject, Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { systemClock, type Clock } from '#platform/clock';
import { FX_CLOCK } from './fx-clock.js';
import { FxController } from './fx.controller.js';
import { RateDesk, type RateDeskOptions } from './rate-desk.js';

export interface FxModuleOptions extends RateDeskOptions {
  readonly clock?: Clock;
}

/** Loads the rates before the first request is served. */
@Injectable()
class RateDeskOpening implements OnModuleInit {
  constructor(
    @Inject(RateDesk) private readonly desk: RateDesk,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.desk.refresh(this.dataSource.manager);
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
        RateDeskOpening,
      ],
      exports: [RateDesk],
    };
  }
}
