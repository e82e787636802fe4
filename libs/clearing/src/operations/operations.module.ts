import { METRICS } from '#platform/telemetry/metrics';
import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { BoardController } from './board.controller.js';
import { DeadLetterController } from './dead-letter.controller.js';
import { measureQueues } from './queue-metrics.js';
import { QueueController } from './queue.controller.js';
import { ReplayDeadLetters } from './replay-dead-letters.js';

/**
 * What operators see and do of the queues; import it into the front door. It expects the approvals
 * and the audit log of `OperatorsModule` globally. The queues themselves are `ClearingModule`'s.
 */
@Module({
  controllers: [DeadLetterController, QueueController, BoardController],
  providers: [ReplayDeadLetters],
})
export class QueueOperationsModule implements OnApplicationBootstrap {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  onApplicationBootstrap(): void {
    measureQueues(this.metrics, this.dataSource);
  }
}
