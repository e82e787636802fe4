import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A Redis of a test's own. */
export interface TestRedis {
  readonly url: string;
  /** Empties it, as an operator's mistake or a lost disk would. */
  readonly empty: () => Promise<void>;
  /** Ends the process without warning; `restart` brings an empty one to the same port. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const START_WITHIN_MS = 10_000;

/** Name of the server binary in PATH, or undefined: then tests of Redis are skipped, visibly. */
export function findRedisServer(): string | undefined {
  return ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a Redis on a free port, without persistence. */
export async function openTestRedis(binary: string): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'wayfare-redis-'));
  const url = `redis://127.0.0.1:${String(port)}`;
  const start = async () => {
    const child = spawn(
      binary,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
      { stdio: 'ignore' },
    );
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
    client.on('error', () => undefined);
    const late = sleep(START_WITHIN_MS, 'late', { ref: false });
    if ((await Promise.race([client.ping(), late])) === 'late') throw new Error('no Redis');
    client.disconnect();
    return { child, exited };
  };
  let running = await start();
  const kill = async () => {
    running.child.kill('SIGKILL');
    await running.exited;
  };
  return {
    url,
    kill,
    empty: async () => {
      const client = new Redis(url);
      await client.flushall();
      client.disconnect();
    },
    restart: async () => {
      running = await start();
    },
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
