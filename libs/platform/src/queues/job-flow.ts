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
  const node = ({ name, data, jobId }: FlowJob<Data>) => ({
    ...{ name, queueName, data },
    opts: { ...OPTIONS, jobId },
  });
  const flow = { ...node(last), children: first.map(node) };
  const silence = (error: Error): void => health.away(error);
  try {
    if (connection.backend === 'redis') {
      const producer = new FlowProducer(redisOptions(connection.url, true, { wanted: true }));
      producer.on('error', silence);
      await withinConnectTime(producer.add(flow)).finally(() => producer.close());
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
