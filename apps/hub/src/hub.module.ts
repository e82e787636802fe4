import { ClearingModule, CyclesModule, QueueOperationsModule } from '#clearing';
import { CorridorsModule } from '#corridors';
import { DisputesModule } from '#disputes';
import { FxModule } from '#fx';
import { LedgerPagesModule } from '#ledger';
import { PaymentsModule, paymentSettingsOf } from '#payments';
import type { Config } from '#platform/config';
import { ConnectionsModule, type RoleOf } from '#platform/connections/index';
import { DatabaseModule } from '#platform/database-module';
import { isForThisMachine, OperatorsModule } from '#platform/operators/index';
import { PartnerHttpModule } from '#platform/partner-http/partner-http.module';
import { ProcessModule, type ProcessParts } from '#platform/process-module';
import { queueConnectionOf } from '#platform/queues/index';
import { ReconciliationModule } from '#reconciliation';
import { SimulationPagesModule, SimulationRunsModule } from '#simulation-runs';
import {
  CalendarsModule,
  FxBooksModule,
  FxBooksPagesModule,
  SettlementApiModule,
  SettlementModule,
} from '#settlement';
import { VerificationModule } from '#verification';
import { Module, type DynamicModule } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** Quotes outlive the orders they price by this much, so that a shared offer is never too short. */
const OFFER_SLACK_MS = 60_000;

/** Where this process finds its database, and who may enrol. */
export interface HubPlace {
  readonly databaseUrl: string;
  /** Where partners reach it; asked only once it listens. */
  readonly publicUrl: () => string;
  /** Which participants may be enrolled, and as what. */
  readonly roleOf: RoleOf;
}

/**
 * The hub: front door and what is owed to partners, and clearing too unless workers are told
 * apart. Duties stay with hub processes, because they are the ones that reach every partner.
 */
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
    const payments = PaymentsModule.forRoot({ settings, fx, runDuties: true });
    return {
      module: HubModule,
      imports: [
        ProcessModule.forRoot(parts),
        DatabaseModule.forRoot(place.databaseUrl, {
          poolSize: config.databasePoolSize,
          applicationName: 'wayfare-hub',
        }),
        OperatorsModule.forRoot({
          dataDir: config.dataDir,
          openReads:
            config.operatorReads === 'open-on-loopback' &&
            isForThisMachine(config.host, config.publicUrl),
        }),
        ConnectionsModule.forRoot({ dataDir: config.dataDir, roleOf: place.roleOf }),
        PartnerHttpModule,
        CorridorsModule,
        fx,
        CalendarsModule,
        payments,
        DisputesModule.forRoot({ payments, runsByItself: true }),
        CyclesModule,
        QueueOperationsModule,
        SettlementApiModule,
        FxBooksPagesModule,
        LedgerPagesModule,
        ...(config.workersInline
          ? [
              ClearingModule.forRoot(queueConnectionOf(place.databaseUrl, config.redisUrl), {
                batchSize: config.clearingBatchSize,
              }),
              SettlementModule.forRoot({ simulatedBank: config.settlementBank === 'simulated' }),
              FxBooksModule.forRoot(),
              SimulationRunsModule.forRoot(
                queueConnectionOf(place.databaseUrl, config.redisUrl),
                config.simulationParts,
              ),
            ]
          : []),
        ReconciliationModule.forRoot({ runsByItself: true }),
        VerificationModule,
        SimulationPagesModule,
      ],
      controllers: [HealthController],
    };
  }
}
