// Goal: a guard lets through who it says, for every kind of caller and method, and a route that
// nobody guarded is shut to those it should be. Method: a controller with one route of each kind on
// a real socket, every caller at every route, against a table written by hand.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorScope } from '#contracts/operator/operators';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { Controller, Get, Logger, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../config.js';
import { DatabaseModule } from '../database-module.js';
import { ProblemFilter } from '../problems.js';
import { ProcessModule } from '../process-module.js';
import { createLogger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { OPERATOR_KEY } from './bootstrap-key.js';
import { LOCAL_OPERATOR } from './caller.js';
import { AnyKey, NeedsOperator, NeedsScope, OpenToAll, OwnParticipant } from './guards.js';
import { OperatorKeys } from './operator-keys.js';
import { OperatorsModule } from './operators.module.js';

@Controller('t')
class Routes {
  @Get('all')
  @OpenToAll()
  all(): string {
    return 'ok';
  }

  @Get('forgotten')
  forgottenRead(): string {
    return 'ok';
  }

  @Post('forgotten')
  forgottenWrite(): string {
    return 'ok';
  }

  @Post('caps')
  @NeedsScope('caps:write')
  caps(): string {
    return 'ok';
  }

  @Post('operator')
  @NeedsOperator()
  operator(): string {
    return 'ok';
  }

  @Post('any')
  @AnyKey()
  any(): string {
    return 'ok';
  }

  @Get(':id/own')
  @OwnParticipant()
  own(): string {
    return 'ok';
  }

  @Post(':id/own')
  @OwnParticipant()
  ownWrite(): string {
    return 'ok';
  }

  @Post(':id/stead')
  @OwnParticipant('payments:write')
  stead(): string {
    return 'ok';
  }
}

let database: TestDatabase;
let folder: string;
let app: NestFastifyApplication;
const keys = new Map<string, string>();

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-guards-'));
  const logger = createLogger({ name: 'test', level: 'silent' });
  @Module({
    imports: [
      ProcessModule.forRoot({ config: loadConfig({}), logger, metrics: createMetrics('test') }),
      DatabaseModule.forRoot(database.url, { poolSize: 2 }),
      OperatorsModule.forRoot({ dataDir: folder, openReads: true }),
    ],
    controllers: [Routes],
  })
  class App {}
  Logger.overrideLogger(false);
  app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter());
  app.useGlobalFilters(new ProblemFilter(logger));
  await app.listen(0, '127.0.0.1');
  keys.set('root', app.get(OPERATOR_KEY));
  const issue = async (name: string, scopes: OperatorScope[], participant?: string) => {
    const terms = { name, scopes, ...(participant === undefined ? {} : { participant }) };
    const issued = await database.dataSource.transaction((tx) =>
      app.get(OperatorKeys).issue(tx, LOCAL_OPERATOR, terms),
    );
    keys.set(name, issued.ok ? issued.value.key : '');
  };
  await issue('reader', ['read']);
  await issue('capper', ['caps:write']);
  await issue('payer', ['payments:write']);
  await issue('wallet', [], 'wal_a');
  await issue('other', [], 'wal_b');
}, 60_000);
afterAll(async () => {
  await app.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Who gets in; everybody else of the seven is refused. */
it.each<[string, string]>([
  ['GET /t/all', 'nobody root reader capper payer wallet other'],
  ['GET /t/forgotten', 'nobody root reader'],
  ['POST /t/forgotten', 'root'],
  ['POST /t/caps', 'root capper'],
  ['POST /t/operator', 'root reader capper payer'],
  ['POST /t/any', 'root reader capper payer wallet other'],
  ['GET /t/wal_a/own', 'nobody root reader wallet'],
  ['POST /t/wal_a/own', 'root wallet'],
  ['POST /t/wal_a/stead', 'root payer wallet'],
])('%s is for %s', async (route, who) => {
  const [method = '', path = ''] = route.split(' ');
  const url = `${await app.getUrl()}${path}`;
  const admitted: string[] = [];
  for (const name of ['nobody', ...keys.keys()]) {
    const key = keys.get(name);
    const headers: Record<string, string> =
      key === undefined ? {} : { authorization: `Bearer ${key}` };
    const { status } = await fetch(url, { method, headers });
    expect([200, 201, 403]).toContain(status);
    if (status !== 403) admitted.push(name);
  }
  expect(admitted).toEqual(who.split(' '));
});
