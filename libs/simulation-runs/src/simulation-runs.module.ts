import { hostname } from 'node:os';
import { createQueue, type JobQueue, type QueueConnection } from '#platform/queues/index';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AskedScenarios } from './asked-scenarios.js';
import { Dispatcher } from './dispatcher.js';
import { PartWorker, SIMULATION_QUEUE } from './part-worker.js';
import type { PartJob } from './part-rows.js';
import { SimulationsController } from './simulations.controller.js';

/** The pages about simulations; who plays them may be elsewhere. */
@Module({ controllers: [SimulationsController], providers: [AskedScenarios] })
export class SimulationPagesModule {}

const QUEUE = Symbol('SimulationQueue');

/**
 * Plays queued simulations. Import it into worker processes, or into a hub that carries its
 * workers. It expects `LOGGER` and a `DataSource` to be provided globally.
 */
@Module({})
export class SimulationRunsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(PartWorker) private readonly worker: PartWorker,
    @Inject(QUEUE) private readonly queue: JobQueue<PartJob>,
  ) {}

  /** @param atOnce parts this process plays at once, a thread each; 0 leaves them to others */
  static forRoot(connection: QueueConnection, atOnce: number): DynamicModule {
    const name = `${hostname()}:${String(process.pid)}`;
    return {
      module: SimulationRunsModule,
      providers: [
        {
          provide: QUEUE,
          inject: [LOGGER],
          useFactory: (log: Logger) => createQueue<PartJob>(SIMULATION_QUEUE, connection, log),
        },
        {
          provide: Dispatcher,
          inject: [DataSource, QUEUE, LOGGER],
          useFactory: (db: DataSource, queue: JobQueue<PartJob>, log: Logger) =>
            new Dispatcher(db, queue, connection, log),
        },
        {
          provide: PartWorker,
          inject: [DataSource, LOGGER],
          useFactory: (db: DataSource, log: Logger) =>
            new PartWorker(db, connection, name, atOnce, log),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.worker.start();
    this.dispatcher.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.dispatcher.stop();
    await this.worker.stop();
    await this.queue.close();
  }
}
