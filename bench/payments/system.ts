import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_FLAGS } from '#platform/processes/server-flags';
import { projectRoot } from '#platform/project-root';
import { databaseUrl, onServer } from '../scratch-database.js';
import type { LoadCommand, LoadReply } from './load-process.js';
import type { LoadResult } from './load.js';

/** Hub, wallets and tills, each a process of its own, on a database made for the measurement. */
export interface BenchSystem {
  readonly databaseUrl: string;
  readonly hubUrl: string;
  readonly hubPid: number;
  readonly load: (command: LoadCommand) => Promise<{ result?: LoadResult; cpuSeconds: number }>;
  readonly walletsCpuSeconds: () => Promise<number>;
  readonly hubMetric: (name: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

const QUIET = { LOG_LEVEL: 'warn', NODE_ENV: 'production' };

const DATABASE = 'wayfare_bench_payments';

export interface BenchSystemOptions {
  /** A database of that name is made anew, and gone afterwards. */
  readonly database?: string;
  /** Settings of the hub beside those of every measurement. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * @param serverUrl any database of the server under test
 * @throws when a process does not come up; whatever came up before is stopped
 */
export async function startBenchSystem(
  serverUrl: string,
  { database: name = DATABASE, settings = {} }: BenchSystemOptions = {},
): Promise<BenchSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wayfare-bench-'));
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const database = { url: databaseUrl(serverUrl, name) };
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of children.reverse()) await ended(child);
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const common = { ...QUIET, WAYFARE_DATA_DIR: dataDir };
    const start = async (module: string, more: Readonly<Record<string, string>>) => {
      const child = startProcess(module, { ...common, ...more });
      children.push(child);
      return { child, ready: await said(child, module) };
    };
    const hub = await start('apps/hub/src/main.js', {
      PORT: '0',
      DATABASE_URL: database.url,
      ...settings,
    });
    const hubUrl = String(hub.ready['url']);
    const wallets = await start('bench/payments/wallets-process.js', { HUB_URL: hubUrl });
    const loader = await start('bench/payments/load-process.js', {});
    const load = async (command: LoadCommand) => {
      loader.child.send(command);
      const reply = (await said(loader.child, 'the load')) as unknown as LoadReply;
      if (!reply.ok) throw new Error(`the load failed: ${reply.reason}`);
      return reply;
    };
    const operatorKey = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
    await load({ kind: 'enrol', hubUrl, databaseUrl: database.url, operatorKey });
    return {
      databaseUrl: database.url,
      hubUrl,
      hubPid: hub.child.pid ?? 0,
      load,
      walletsCpuSeconds: async () => {
        wallets.child.send('cpu');
        return Number((await said(wallets.child, 'the wallets'))['cpuSeconds']);
      },
      hubMetric: async (name) => {
        const text = await (await fetch(`${hubUrl}/metrics`)).text();
        const line = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text);
        return Number(line?.[1] ?? NaN);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function startProcess(module: string, env: Readonly<Record<string, string>>): ChildProcess {
  return fork(join(projectRoot, 'dist', module), [], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // As `wayfare start` and the compose file start them; to look into the hub, add e.g. --cpu-prof.
    execArgv: [...SERVER_FLAGS, ...(module.startsWith('apps/hub') ? hubFlags() : [])],
  });
}

function hubFlags(): string[] {
  return process.env['BENCH_HUB_NODE_OPTIONS']?.split(' ') ?? [];
}

/** The next message of a child. */
function said(child: ChildProcess, name: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const exited = (): void => {
      reject(new Error(`${name} ended before it answered`));
    };
    child.once('exit', exited);
    child.once('message', (message) => {
      child.off('exit', exited);
      resolve(message as Record<string, unknown>);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Each of them finishes what it has in hand when its channel closes.
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(timer);
}
