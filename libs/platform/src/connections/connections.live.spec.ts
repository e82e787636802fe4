import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { DatabaseModule } from '../database-module.js';
import { ProblemFilter, validationPipe } from '../problems.js';
import { createKeyPair, type KeyPair } from '../signing/index.js';
import { loadConfig } from '../config.js';
import { OperatorsModule } from '../operators/index.js';
import { ProcessModule } from '../process-module.js';
import { createLogger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { Connections, ConnectionsModule } from './index.js';

/**
 * Goal: only the operator enrols partners, an enrolment is valid for every process, and nobody
 * gets hold of somebody else's client id. Method: the Nest module on a real socket and database.
 */
let database: TestDatabase;
let folder: string;
let app: NestFastifyApplication;
let origin: string;
let operatorKey: string;
let pair: KeyPair;

beforeAll(async () => {
  [database, folder, pair] = await Promise.all([
    openTestDatabase(),
    mkdtemp(join(tmpdir(), 'wayfare-connections-')),
    createKeyPair(),
  ]);
  app = await startHub();
  origin = await app.getUrl();
  operatorKey = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
}, 60_000);

@Module({})
class Hub {}

async function startHub(): Promise<NestFastifyApplication> {
  const module = {
    module: Hub,
    imports: [
      ProcessModule.forRoot({
        config: loadConfig({ WAYFARE_DATA_DIR: folder }),
        logger: createLogger({ name: 'test', level: 'silent' }),
        metrics: createMetrics('test'),
      }),
      DatabaseModule.forRoot(database.url, { poolSize: 2 }),
      OperatorsModule.forRoot({ dataDir: folder, openReads: true }),
      ConnectionsModule.forRoot({
        dataDir: folder,
        roleOf: (id) => (id.startsWith('acq_') ? 'acqp' : id === 'truemoney' ? 'mpp' : undefined),
        refreshEveryMs: 50,
      }),
    ],
  };
  Logger.overrideLogger(false);
  const hub = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter());
  const silent = { error: () => undefined, debug: () => undefined };
  hub.useGlobalFilters(new ProblemFilter(silent as never));
  hub.useGlobalPipes(validationPipe());
  await hub.listen(0, '127.0.0.1');
  return hub;
}

afterAll(async () => {
  await app.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown>;
}

async function put(id: string, change: object = {}, key = operatorKey): Promise<Answer> {
  const body = {
    role: 'mpp',
    clientId: 'MPP_TRUEMONEY',
    baseUrl: 'http://127.0.0.1:9',
    publicKeyPem: pair.publicKeyPem,
    ...change,
  };
  const response = await fetch(`${origin}/api/participants/${id}/connection`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  return answerOf(response);
}

async function answerOf(response: Response): Promise<Answer> {
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('enrolment', () => {
  it('gives partners the key the hub signs with, the same after a restart', async () => {
    const first = await answerOf(await fetch(`${origin}/api/hub-key`));
    expect(first.body).toMatchObject({ clientId: 'WAYFARE', keyVersion: 1 });
    expect(first.body['publicKeyPem']).toContain('BEGIN PUBLIC KEY');
    const other = await startHub();
    const again = await answerOf(await fetch(`${await other.getUrl()}/api/hub-key`));
    await other.close();
    expect(again.body).toEqual(first.body);
  });

  it('keeps both secrets for the owner of the data folder', async () => {
    for (const file of ['operator.key', join('keys', 'hub.pem')]) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('enrols, shows, and answers the wire from memory', async () => {
    const enrolled = await put('truemoney', { keyVersion: 2 });
    expect(enrolled.status).toBe(200);
    const shown = await answerOf(await fetch(`${origin}/api/participants/truemoney/connection`));
    expect(shown.body).toEqual(enrolled.body);
    const connections = app.get(Connections);
    expect(connections.findByClient('MPP_TRUEMONEY')?.participantId).toBe('truemoney');
    expect(connections.findKey('MPP_TRUEMONEY', 2)).toMatchObject({
      ok: true,
      value: { participantId: 'truemoney', role: 'mpp' },
    });
    expect(connections.findKey('MPP_TRUEMONEY', 3)).toMatchObject({
      rejection: { code: 'KEY_NOT_FOUND' },
    });
    expect(connections.findKey('NOBODY', 1)).toMatchObject({
      rejection: { code: 'INVALID_CLIENT' },
    });
  });

  it('takes a changed key at once, also in another process', async () => {
    const other = await startHub();
    const successor = await createKeyPair();
    await put('acq_kamogawa', { role: 'acqp', clientId: 'ACQ_K' });
    await put('acq_kamogawa', {
      role: 'acqp',
      clientId: 'ACQ_K',
      publicKeyPem: successor.publicKeyPem,
    });
    const keyIn = (hub: NestFastifyApplication) =>
      hub.get(Connections).findByClient('ACQ_K')?.publicKey.equals(successor.publicKey);
    expect(keyIn(app)).toBe(true);
    const deadline = Date.now() + 5_000;
    while (keyIn(other) !== true && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(keyIn(other)).toBe(true);
    await other.close();
  });

  it.each<[string, string, object, number, string]>([
    ['a stranger to the network', 'nobody_pay', {}, 404, 'nobody_pay'],
    ['the wrong role', 'truemoney', { role: 'acqp' }, 422, 'role'],
    ['an address that is none', 'truemoney', { baseUrl: 'file:///etc/passwd' }, 422, 'baseUrl'],
    ['an address with a password', 'truemoney', { baseUrl: 'http://a:b@c' }, 422, 'baseUrl'],
    ['no key', 'truemoney', { publicKeyPem: 'noise' }, 422, 'publicKeyPem'],
    ['a client id with spaces', 'truemoney', { clientId: 'a b' }, 422, 'clientId'],
    ['the client id of another', 'acq_sumida', { role: 'acqp' }, 409, 'MPP_TRUEMONEY'],
    ['an id that is none', 'No-Such', {}, 422, 'id'],
  ])('refuses %s and says so', async (_, id, change, status, words) => {
    await put('truemoney');
    const refused = await put(id, change);
    expect(refused.status).toBe(status);
    expect(refused.type).toContain('application/problem+json');
    expect(JSON.stringify(refused.body)).toContain(words);
  });

  it.each(['', 'wrong', 'wop_'])('keeps out a caller with the key %p', async (key) => {
    const before = app.get(Connections).list().length;
    const refused = await put('acq_yodo', { role: 'acqp', clientId: 'ACQ_Y' }, key);
    expect(refused.status).toBe(403);
    expect(JSON.stringify(refused.body)).not.toContain(operatorKey);
    expect(app.get(Connections).list()).toHaveLength(before);
  });
});
