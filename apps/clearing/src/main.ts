import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { migrate } from '#platform/migrations';
import { ensureDatabase } from '#platform/postgres/index';
import { untilStopped } from '#platform/processes/shutdown';
import { createLogger, nestLogger } from '#platform/telemetry/logger';
import { serveMetricsAlone } from '#platform/telemetry/metrics-server';
import { createMetrics } from '#platform/telemetry/metrics';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { workerModules } from './worker-modules.js';

/**
 * A worker process: clears until it is stopped. Run as many as the load needs. Whoever started it
 * over an IPC channel is told when it is ready, and outlived by no moment.
 */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'clearing', level: config.logLevel });
  const stopped = Promise.race([untilStopped(), untilDisconnected()]);
  const { dataDir, databaseUrl } = config;
  const database = await ensureDatabase({ dataDir, databaseUrl });
  try {
    await migrate(database.url);
    const parts = { config, logger, metrics: createMetrics('clearing') };
    @Module({ imports: workerModules(parts, database.url) })
    class WorkerApp {}
    const app = await NestFactory.createApplicationContext(WorkerApp, {
      logger: nestLogger(logger),
    });
    logger.info({ queue: config.redisUrl === undefined ? 'postgres' : 'redis' }, 'worker ready');
    const { workerMetricsPort: port, host } = config;
    const metrics =
      port === undefined
        ? undefined
        : await serveMetricsAlone(parts.metrics, { host, port, setting: 'WORKER_METRICS_PORT' });
    if (metrics !== undefined) logger.info({ url: metrics.url }, 'metrics served');
    process.send?.({ kind: 'ready', pid: process.pid, metricsUrl: metrics?.url });
    const reason = await stopped;
    logger.info({ reason }, 'worker finishes what it has in hand');
    await app.close();
    await metrics?.close();
  } finally {
    await database.stop();
  }
}

function untilDisconnected(): Promise<'disconnected'> {
  return new Promise((resolve) => {
    if (process.send === undefined) return;
    process.once('disconnect', () => {
      resolve('disconnected');
    });
  });
}

try {
  await main();
} catch (error) {
  const text = error instanceof ExplainedError ? error.message : (error as Error).stack;
  process.stderr.write(`clearing: ${text ?? String(error)}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
