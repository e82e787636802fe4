import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { IssuedOperatorKey, OperatorKeyRequest } from '#contracts/operator/operators';
import { settableClock, type SettableClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/telemetry/logger';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { startHub, type RunningHub } from '../../apps/hub/src/start-hub.js';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface AskTerms {
  readonly key?: string;
  readonly body?: object;
  /** Another process of the same hub. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A hub without partners, its root key in hand, its clock still, every line of its log kept. */
export class GuardedHub {
  private constructor(
    readonly database: TestDatabase,
    readonly clock: SettableClock,
    readonly rootKey: string,
    readonly log: string[],
    private readonly folder: string,
    private readonly running: RunningHub,
    private readonly restart: () => Promise<RunningHub>,
  ) {}

  static async open(environment: Record<string, string> = {}): Promise<GuardedHub> {
    const [database, folder] = await Promise.all([
      openTestDatabase(),
      mkdtemp(join(tmpdir(), 'wayfare-operators-')),
    ]);
    const clock = settableClock(Date.now());
    const log: string[] = [];
    const destination = new PassThrough();
    destination.on('data', (line: Buffer) => log.push(line.toString('utf8')));
    const start = (): Promise<RunningHub> =>
      startHub({
        config: loadConfig({
          PORT: '0',
          WAYFARE_DATA_DIR: folder,
          WORKERS_INLINE: 'no',
          ...environment,
        }),
        databaseUrl: database.url,
        logger: createLogger({ name: 'hub', level: 'trace', destination }),
        clock,
      });
    const running = await start();
    const rootKey = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
    return new GuardedHub(database, clock, rootKey, log, folder, running, start);
  }

  get app(): RunningHub['app'] {
    return this.running.app;
  }

  get url(): string {
    return this.running.url;
  }

  /** Another process on the same database and folder; the caller closes it. */
  another(): Promise<RunningHub> {
    return this.restart();
  }

  /** One call of the API. @param key none: without a key */
  async ask(line: string, { key, body, url, headers }: AskTerms = {}): Promise<Answer> {
    const [method = 'GET', path = '/'] = line.split(' ');
    const response = await fetch(`${url ?? this.running.url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  /** The same over a bare socket, where every header is the caller's. */
  raw(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = request(`${this.running.url}${path}`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.once('error', reject).end();
    });
  }

  /** Issues a key with the root key, or another, and hands out its secret. */
  async issue(terms: OperatorKeyRequest | object, by = this.rootKey): Promise<string> {
    const answer = await this.ask('POST /api/operators', { key: by, body: terms });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return (answer.body as unknown as IssuedOperatorKey).key;
  }

  async audit(filter = ''): Promise<Record<string, unknown>[]> {
    const answer = await this.ask(`GET /api/audit?limit=200${filter}`, { key: this.rootKey });
    return answer.body['items'] as Record<string, unknown>[];
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
