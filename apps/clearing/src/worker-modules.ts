import { ClearingModule } from '#clearing';
import type { Config } from '#platform/config';
import { DatabaseModule } from '#platform/database-module';
import { ProcessModule, type ProcessParts } from '#platform/process-module';
import { queueConnectionOf } from '#platform/queues/index';
import { FxBooksModule, SettlementModule } from '#settlement';
import { SimulationRunsModule } from '#simulation-runs';
import { InvariantWatchModule } from '#verification';
import type { DynamicModule, Type } from '@nestjs/common';

/** Everything a worker process does, one line each. */
export function workerModules(
  parts: ProcessParts & { readonly config: Config },
  databaseUrl: string,
): (DynamicModule | Type)[] {
  const { config } = parts;
  return [
    ProcessModule.forRoot({ ...parts, part: 'clearing' }),
    DatabaseModule.forRoot(databaseUrl, {
      poolSize: config.databasePoolSize,
      applicationName: 'wayfare-clearing',
    }),
    ClearingModule.forRoot(queueConnectionOf(databaseUrl, config.redisUrl), {
      batchSize: config.clearingBatchSize,
    }),
    SettlementModule.forRoot({ simulatedBank: config.settlementBank === 'simulated' }),
    FxBooksModule.forRoot(),
    SimulationRunsModule.forRoot(
      queueConnectionOf(databaseUrl, config.redisUrl),
      config.simulationParts,
    ),
    InvariantWatchModule,
  ];
}
