import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExplainedError } from '../explained-error.js';
import type { Binaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { findPostmaster } from './postmaster.js';
import { isLast, join as joinServer } from './presence.js';
import type { Presence } from './presence.js';
import { isAlive, spawnServer } from './programs.js';

/** Recovery after a power cut can take long; a server that does nothing for so long is broken. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 30_000;
const POLL_MS = 20;
const START_TRIES = 20;

/** Chosen for a laptop that does other things too; what a person would change is in the docs. */
const SETTINGS: Readonly<Record<string, string>> = {
  cluster_name: 'wayfare',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
};

/** For databases that are thrown away: nobody restarts them after a power cut. */
const THROWAWAY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function logTail(cluster: Cluster): string {
  try {
    return readFileSync(cluster.logPath, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  } catch {
    return '(no log)';
  }
}

async function spawnOn(
  cluster: Cluster,
  binaries: Binaries,
  durable: boolean,
): Promise<ChildProcess> {
  const settings = durable ? SETTINGS : { ...SETTINGS, ...THROWAWAY_SETTINGS };
  const args = ['-D', cluster.folder, '-p', String(await freePort())];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  return spawnServer(join(binaries.folder, 'bin', 'postgres'), args, cluster.logPath, cluster.user);
}

/** Errors of a server that is coming up or going down; anything else will not pass by waiting. */
function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300'].includes(
      code ?? '',
    ) ||
    message.startsWith('Connection terminated') ||
    message.includes('timeout')
  );
}

function explainRefusal(cluster: Cluster, error: unknown): unknown {
  if ((error as { code?: string }).code !== '28P01') return error;
  return new ExplainedError(
    `the database in ${cluster.folder} was made with another password than the one kept in ` +
      `${cluster.dataDir}/postgres.json. Restore that file, or remove the data folder to start anew.`,
  );
}

/**
 * Joins the server that runs on the cluster, or starts one and joins it. Several processes may do
 * this at once: PostgreSQL's own lock file lets one start, the others then find it running.
 */
export async function joinOrStart(
  cluster: Cluster,
  binaries: Binaries,
  durable: boolean,
): Promise<Presence & { started: boolean }> {
  const deadline = Date.now() + READY_WITHIN_MS;
  let child: ChildProcess | undefined;
  let starts = 0;
  while (Date.now() < deadline) {
    const running = findPostmaster(cluster);
    if (running !== undefined) {
      try {
        const presence = await joinServer(cluster, running.port);
        return { ...presence, started: child?.pid === running.pid };
      } catch (error) {
        if (!isPassing(error)) throw explainRefusal(cluster, error);
      }
    } else if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      // A taken port, or the shared memory of a server whose last processes are still ending.
      if (starts++ === START_TRIES) break;
      if (starts > 1) await sleep(POLL_MS * starts);
      child = await spawnOn(cluster, binaries, durable);
      child.on('error', () => undefined);
    }
    await sleep(POLL_MS);
  }
  throw new ExplainedError(
    `PostgreSQL did not start. The end of its log, ${cluster.logPath}:\n${logTail(cluster)}`,
  );
}

/** Leaves the server, and stops it when nobody else uses it. Committed data is safe either way. */
export async function leave(cluster: Cluster, presence: Presence): Promise<void> {
  const { client } = presence;
  let last: boolean;
  try {
    last = await isLast(presence);
  } catch {
    // The server is gone already.
    return;
  }
  const running = last ? findPostmaster(cluster) : undefined;
  // SIGINT is PostgreSQL's fast shutdown: sessions end, a checkpoint is written.
  if (running !== undefined) process.kill(running.pid, 'SIGINT');
  await client.end().catch(() => undefined);
  if (running !== undefined) await waitForEnd(cluster, running.pid);
}

async function waitForEnd(cluster: Cluster, pid: number): Promise<void> {
  const lockFile = join(cluster.folder, 'postmaster.pid');
  const deadline = Date.now() + STOP_WITHIN_MS;
  while (existsSync(lockFile) && isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${String(pid)}) does not stop`);
    await sleep(POLL_MS);
  }
  // The file goes a moment before the process; where nobody reaps it, the process never does.
  for (let tries = 0; tries < 10 && isAlive(pid); tries++) await sleep(POLL_MS);
}
