import { ClearingModule } from '#clearing';
import { CorridorsModule } from '#corridors';
import { FxModule } from '#fx';
import { PaymentsModule } from '#payments';
import { CLOCK, type Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import {
  ConnectionsModule,
  HUB_IDENTITY,
  type HubIdentity,
  type RoleOf,
} from '#platform/connections/index';
import { DatabaseModule } from '#platform/database-module';
import { PartnerHttp } from '#platform/partner-http/index';
import { ProcessModule, type ProcessParts } from '#platform/process-module';
import { queueConnectionOf } from '#platform/queues/index';
import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { paymentSettingsOf } from './payment-settings.js';

/** Quotes outlive the orders they price by this much, so that a shared offer is never too short. */
const OFFER_SLACK_MS = 60_000;

/** The one client with which this process calls partners. */
@Global()
@Module({
  providers: [
    {
      provide: PartnerHttp,
      inject: [HUB_IDENTITY, CLOCK],
      useFactory: (signer: HubIdentity, clock: Clock) => new PartnerHttp({ signer, clock }),
    },
  ],
  exports: [PartnerHttp],
})
export class PartnerHttpModule implements OnApplicationShutdown {
  constructor(@Inject(PartnerHttp) private readonly http: PartnerHttp) {}

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}

/** Where this process finds its database and what the world calls it. */
export interface HubPlace {
  readonly databaseUrl: string;
  readonly publicUrl: string;
  /** Which participants may be enrolled, and as what. */
  readonly roleOf: RoleOf;
}

/** The hub: front door, and, unless workers are told apart, clearing and duties too. */
@Module({})
export class HubModule {
  static forRoot(
    parts: ProcessParts & { readonly config: Config },
    place: HubPlace,
  ): DynamicModule {
    const { config } = parts;
    const settings = paymentSettingsOf(config, place.publicUrl);
    const fx = FxModule.forRoot({
      quoteTtlMs: settings.quoteTtlMs + OFFER_SLACK_MS,
      maxAgeDays: config.ratesMaxAgeDays,
    });
    return {
      module: HubModule,
      imports: [
        ProcessModule.forRoot(parts),
        DatabaseModule.forRoot(place.databaseUrl, {
          poolSize: config.databasePoolSize,
          applicationName: 'wayfare-hub',
        }),
        ConnectionsModule.forRoot({ dataDir: config.dataDir, roleOf: place.roleOf }),
        PartnerHttpModule,
        CorridorsModule,
        fx,
        PaymentsModule.forRoot({ settings, fx, runDuties: config.workersInline }),
        ...(config.workersInline
          ? [
              ClearingModule.forRoot(queueConnectionOf(place.databaseUrl, config.redisUrl), {
                batchSize: config.clearingBatchSize,
              }),
            ]
          : []),
      ],
      controllers: [HealthController],
    };
  }
}
