import { FlowProducer, createPostgresBackend } from 'bullmq';
import type { Logger } from '#platform/telemetry/logger';
import {
  openPostgresPool,
  postgresConnection,
  QueueHealth,
  redisOptions,
  withinConnectTime,
  type QueueConnection,
} from './queue-connection.js';

export interface FlowJob<Data> {
  readonly name: string;
  readonly data: Data;
  /** Unique for ever. */
  readonly jobId: string;
}

const CONNECTIONS = 2;
const OPTIONS = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 200 },
  removeOnComplete: true,
  removeOnFail: true,
} as const;
/** One that failed for good is not waited for: the job that follows looks for itself what is whole. */
const FIRST_OPTIONS = { ...OPTIONS, removeDependencyOnFailure: true } as const;

/**
 * Adds jobs of one queue together with the job that follows them. It connects for one flow and lets
 * go again, since flows are rare; what it adds is a hint, as all jobs are.
 *
 * @throws if the queue is away
 */
export async function addFlow<Data extends object>(
  queueName: string,
  connection: QueueConnection,
  last: FlowJob<Data>,
  first: readonly FlowJob<Data>[],
  log: Logger,
): Promise<void> {
  const health = new QueueHealth(log, `${queueName} flow`, connection.backend);
  const node = ({ name, data, jobId }: FlowJob<Data>, options: object) => ({
    ...{ name, queueName, data },
    opts: { ...options, jobId },
  });
  const flow = { ...node(last, OPTIONS), children: first.map((job) => node(job, FIRST_OPTIONS)) };
  const silence = (error: Error): void => health.away(error);
  try {
    if (connection.backend === 'redis') {
      const line = { wanted: true };
      const producer = new FlowProducer(redisOptions(connection.url, true, line));
      producer.on('error', silence);
      await withinConnectTime(producer.add(flow)).finally(() => {
        line.wanted = false;
        return producer.close();
      });
      return;
    }
    const pool = await openPostgresPool(connection.url, CONNECTIONS, health);
    const producer = new FlowProducer(
      { connection: postgresConnection(pool) },
      createPostgresBackend,
    );
    producer.on('error', silence);
    await withinConnectTime(producer.add(flow)).finally(async () => {
      await producer.close();
      await pool.end();
    });
  } finally {
    health.close();
  }
}
