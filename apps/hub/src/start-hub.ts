import { NetworkDirectory } from '#corridors';
import { DisputeOperations } from '#disputes';
import { readHubClock } from '#ledger';
import { AcquirerOperations, RefundOperations, WalletOperations } from '#payments';
import { systemClock, type Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import {
  Connections,
  HUB_IDENTITY,
  loadHubIdentity,
  type HubIdentity,
} from '#platform/connections/index';
import { createDataSource } from '#platform/database';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { listenOrExplain, portOf } from '#platform/listen';
import { migrate } from '#platform/migrations';
import { answerBadAddress, ProblemFilter, validationPipe } from '#platform/problems';
import { traceRequests } from '#platform/telemetry/context';
import { createLogger, nestLogger, type Logger } from '#platform/telemetry/logger';
import { createMetrics, serveMetrics } from '#platform/telemetry/metrics';
import { registerSignedRoutes } from '#platform/wire/index';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HubModule } from './hub.module.js';
import { describeApi } from './openapi.js';
import { prepareDatabase } from './prepare-database.js';
import { watchExchanges } from './wire-metrics.js';

/** Largest body of the operator API; the partner wire has its own limit. */
const BODY_LIMIT_BYTES = 1_048_576;

export interface HubOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly logger?: Logger;
  /** Decides what is due and what has expired; default: the machine's. */
  readonly clock?: Clock;
}

export interface RunningHub {
  /** Where it listens, e.g. `http://127.0.0.1:4070`. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Finishes what is under way, then stops. */
  readonly close: () => Promise<void>;
}

/**
 * Migrates, seeds, and opens the front door. The one way a hub starts: for the command line, in
 * containers and in tests alike.
 *
 * @throws ExplainedError when the port cannot be had
 */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const { config, databaseUrl } = options;
  const logger = options.logger ?? createLogger({ name: 'hub', level: config.logLevel });
  // A new key takes a processor as long as migrating takes the database: so they go side by side.
  await Promise.all([prepare(databaseUrl, config.decisionLog), loadHubIdentity(config.dataDir)]);
  const app = await createHub(options, logger);
  const fastify = app.getHttpAdapter().getInstance();
  try {
    await listenOrExplain(() => app.listen(config.port, config.host), config);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = addressOf(config, app);
  logger.info({ url }, 'hub ready');
  const close = async (): Promise<void> => {
    // The door first: whoever is inside is served, nobody else comes in.
    await fastify.close();
    await app.close();
  };
  return { url, app, close };
}

/** Where a hub that listens is reached from its own machine. */
function addressOf({ host }: Config, app: NestFastifyApplication): string {
  const port = portOf(app.getHttpAdapter().getInstance().server);
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${String(port)}`;
}

async function prepare(databaseUrl: string, decisionLog: boolean): Promise<void> {
  await migrate(databaseUrl);
  const dataSource = await createDataSource(databaseUrl, { poolSize: 2 });
  try {
    await prepareDatabase(dataSource, await readHubClock(dataSource.manager), decisionLog);
  } finally {
    await dataSource.destroy();
  }
}

/** The application without its socket; also what describes the API. */
export async function createHub(
  { config, databaseUrl, clock = systemClock }: HubOptions,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const metrics = createMetrics('hub');
  // Every call to a partner names it, and asking the socket goes to the kernel.
  let listensAt: string | undefined;
  const publicUrl = (): string => config.publicUrl ?? (listensAt ??= addressOf(config, app));
  // Asked only by requests, when the application below is there.
  const roleOf = (id: string): 'mpp' | 'acqp' | undefined => {
    const { wallets, acquirers } = app.get(NetworkDirectory).current();
    if (wallets.has(id)) return 'mpp';
    return acquirers.has(id) ? 'acqp' : undefined;
  };

  @Module({
    imports: [
      HubModule.forRoot({ config, logger, metrics, clock }, { databaseUrl, publicUrl, roleOf }),
    ],
  })
  class HubApp {}

  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    HubApp,
    new FastifyAdapter({
      bodyLimit: BODY_LIMIT_BYTES,
      forceCloseConnections: 'idle',
      frameworkErrors: answerBadAddress,
    }),
    { logger: nestLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalPipes(validationPipe());
  const fastify = app.getHttpAdapter().getInstance();
  traceRequests(fastify, { ids: app.get<IdSource>(ID_SOURCE), nowMs: () => Date.now() });
  serveMetrics(fastify, metrics);
  const connections = app.get(Connections);
  await registerSignedRoutes(fastify, {
    operations: new Map([
      ...app.get(AcquirerOperations).handlers(),
      ...app.get(RefundOperations).handlers(),
      ...app.get(WalletOperations).handlers(),
      ...app.get(DisputeOperations).handlers(),
    ]),
    findKey: (clientId, keyVersion) => connections.findKey(clientId, keyVersion),
    signer: app.get<HubIdentity>(HUB_IDENTITY),
    clock: systemClock,
    skewMs: config.requestTimeSkewSeconds * 1_000,
    timeoutMs: config.hubAnswerWithinMs,
    onExchange: watchExchanges(metrics, logger),
  });
  describeApi(app);
  return app;
}
