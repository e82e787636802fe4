import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, type Config } from '#platform/config';
import { interruptible } from '#platform/processes/shutdown';
import { startChild, type Child } from './child.js';
import { SandboxControl } from './sandbox-control.js';

/** A hub and the simulated partners around it, ready to be used. */
export interface System {
  readonly hubUrl: string;
  readonly sandbox: SandboxControl;
  readonly dataDir: string;
}

export interface StartedSystem extends System {
  readonly children: readonly Child[];
  stop(): Promise<void>;
}

interface HubAddress {
  readonly url: string;
}

/**
 * Starts a hub and a sandbox as processes of their own; they meet over HTTP only. The sandbox
 * starts beside the hub, not after it, and waits for it by itself.
 */
export async function startSystem(
  config: Config,
  env: Readonly<Record<string, string>>,
): Promise<StartedSystem> {
  const hub = await startChild('hub', { ...env, WAYFARE_DATA_DIR: config.dataDir });
  const hubUrl = String(hub.ready['url']);
  try {
    const sandbox = await startChild('sandbox', {
      ...env,
      WAYFARE_DATA_DIR: config.dataDir,
      HUB_URL: hubUrl,
    });
    const stop = async (): Promise<void> => {
      // The partners leave last: the hub may still owe them a call.
      await hub.stop();
      await sandbox.stop();
    };
    return {
      hubUrl,
      dataDir: config.dataDir,
      sandbox: await SandboxControl.read(config.dataDir),
      children: [hub, sandbox],
      stop,
    };
  } catch (error) {
    await hub.stop();
    throw error;
  }
}

/**
 * Runs work on the system that already runs on this data folder, or on one started for it and
 * stopped after it.
 */
export async function withSystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const running = await findRunning(config.dataDir);
  if (running !== undefined) return work(running);
  let started: StartedSystem | undefined;
  return interruptible(
    async () => {
      // Any free port: nobody else is to find this hub, and the usual one may be taken.
      started = await startSystem(config, { PORT: '0', LOG_LEVEL: quietLevel() });
      return work(started);
    },
    async () => started?.stop(),
  );
}

async function findRunning(dataDir: string): Promise<System | undefined> {
  try {
    const text = await readFile(join(dataDir, 'hub.json'), 'utf8');
    const { url } = JSON.parse(text) as HubAddress;
    const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) });
    const sandbox = await SandboxControl.read(dataDir);
    if (!health.ok || !(await sandbox.answers())) return undefined;
    return { hubUrl: url, sandbox, dataDir };
  } catch {
    // No file, a stale one, or nobody at the address: then there is no running system.
    return undefined;
  }
}

/** A verb that starts a hub only for itself shows what the hub complains of, no more. */
function quietLevel(): string {
  return process.env['LOG_LEVEL'] ?? 'warn';
}
