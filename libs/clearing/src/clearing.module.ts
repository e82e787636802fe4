import { hostname } from 'node:os';
import { LedgerModule, OutboxBell } from '#ledger';
import { createQueue, type QueueConnection } from '#platform/queues/index';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { METRICS } from '#platform/telemetry/metrics';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { BookKeeper } from './book-keeper.js';
import { measureClearing } from './clearing-metrics.js';
import {
  POSTING_QUEUE,
  STANDARD_TERMS,
  type ClearingTerms,
  type PostingJob,
} from './clearing-terms.js';
import { QueueGate } from './operations/queue-gate.js';
import { PostingWorker } from './posting-worker.js';
import { Relay } from './relay.js';
import { Sealer } from './sealer.js';

const QUEUE = Symbol('PostingQueue');
type PostingQueue = ReturnType<typeof createQueue<PostingJob>>;

let made = 0;

/**
 * Who clears, as heartbeats and batches tell it. Two hubs in one process are two: else one would
 * answer for the other that it has obeyed an order.
 */
function nextName(): string {
  made += 1;
  const self = `${hostname()}:${String(process.pid)}`;
  return made === 1 ? self : `${self}.${String(made)}`;
}

/**
 * Clears payments: relay, worker, keeper and sealer, started with the application and stopped before its
 * database goes away. Import it into the hub, into worker processes, or both. It expects `LOGGER`,
 * `METRICS` and a `DataSource` to be provided globally.
 */
@Module({})
export class ClearingModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly dataSource: DataSource,
    private readonly relay: Relay,
    private readonly worker: PostingWorker,
    private readonly keeper: BookKeeper,
    private readonly sealer: Sealer,
    private readonly gate: QueueGate,
    @Inject(QUEUE) private readonly queue: PostingQueue,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  static forRoot(connection: QueueConnection, terms: Partial<ClearingTerms> = {}): DynamicModule {
    const all = { ...STANDARD_TERMS, ...terms };
    const name = nextName();
    return {
      module: ClearingModule,
      imports: [LedgerModule],
      providers: [
        {
          provide: QUEUE,
          inject: [LOGGER],
          useFactory: (log: Logger) => createQueue<PostingJob>(POSTING_QUEUE, connection, log),
        },
        {
          provide: Relay,
          inject: [DataSource, QUEUE, OutboxBell, LOGGER],
          useFactory: (db: DataSource, queue: PostingQueue, bell: OutboxBell, log: Logger) =>
            new Relay(db, queue, bell, all, name, log),
        },
        {
          provide: PostingWorker,
          inject: [DataSource, LOGGER],
          useFactory: (db: DataSource, log: Logger) =>
            new PostingWorker(db, connection, all, name, log),
        },
        {
          provide: QueueGate,
          inject: [DataSource, Relay, PostingWorker, LOGGER],
          useFactory: (db: DataSource, relay: Relay, worker: PostingWorker, log: Logger) => {
            const self = { name, backend: connection.backend, slots: all.concurrency };
            return new QueueGate(db, { relay, worker }, self, log);
          },
        },
        {
          provide: BookKeeper,
          inject: [DataSource, LOGGER],
          useFactory: (db: DataSource, log: Logger) => new BookKeeper(db, log),
        },
        {
          provide: Sealer,
          inject: [DataSource, LOGGER],
          useFactory: (db: DataSource, log: Logger) => new Sealer(db, log),
        },
      ],
      exports: [Relay, PostingWorker],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.keeper.turnCycles();
    measureClearing(this.metrics, this.dataSource, this.worker);
    await this.gate.look();
    this.gate.start();
    this.keeper.start();
    this.sealer.start();
    this.worker.start();
    this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.gate.stop();
    await this.relay.stop();
    await this.worker.stop();
    await this.sealer.stop();
    await this.keeper.stop();
    await this.queue.close();
  }
}
