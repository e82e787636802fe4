import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, type Config } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { interruptible } from '#platform/processes/shutdown';
import { startChild, type Child } from './child.js';
import { freePort } from './free-port.js';
import { claimFolder, isClaim, readClaim, type Claim, type Holder, type Stay } from './claim.js';
import { findRunning, untilOrphansEnd, type System } from './running.js';
import { SandboxControl } from './sandbox-control.js';

export type { System } from './running.js';

export interface StartedSystem extends System {
  readonly children: readonly Child[];
  stop(): Promise<void>;
}

const POLL_MS = 100;
/** Somebody else's start or single payment takes seconds; more is a fault worth telling. */
const FREE_WITHIN_MS = 120_000;

/**
 * Starts a hub and a sandbox as processes of their own; they meet over HTTP only, and start side
 * by side: the partners make their keys while the hub brings up its database. The data folder must
 * be claimed.
 *
 * @param abandoned ends what was started so far, and with it the start
 */
async function startSystem(
  config: Config,
  env: Readonly<Record<string, string>>,
  abandoned: AbortSignal,
): Promise<StartedSystem> {
  await untilOrphansEnd(config.dataDir);
  const { dataDir } = config;
  const port = env['PORT'] === '0' || config.port === 0 ? await freePort() : config.port;
  const shared = { ...env, WAYFARE_DATA_DIR: dataDir, PORT: String(port) };
  const noHub = new AbortController();
  const partners = startChild(
    'sandbox',
    { ...shared, HUB_URL: urlOf(config.host, port) },
    AbortSignal.any([abandoned, noHub.signal]),
  );
  // Seen below, when the hub is there; until then its fault would count as unhandled.
  partners.catch(() => undefined);
  let hub: Child;
  try {
    hub = await startChild('hub', shared, abandoned);
  } catch (error) {
    noHub.abort();
    await partners.then(
      (sandbox) => sandbox.stop(),
      () => undefined,
    );
    throw error;
  }
  const hubUrl = String(hub.ready['url']);
  try {
    const sandbox = await partners;
    const stop = async (): Promise<void> => {
      // The partners leave last: the hub may still owe them a call.
      await hub.stop();
      await sandbox.stop();
    };
    return {
      hubUrl,
      dataDir,
      stays: false,
      sandbox: await SandboxControl.read(dataDir),
      children: [hub, sandbox],
      stop,
    };
  } catch (error) {
    await hub.stop();
    throw error;
  }
}

/** Where a hub that will listen there is reached from its own machine. */
function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reached}:${String(port)}`;
}

/** A system being started, which can be stopped at any moment of its life. */
export interface Starting {
  readonly system: Promise<StartedSystem>;
  /** Resolves when nothing of it is left; the folder is free then. */
  stop(): Promise<void>;
}

export function beginSystem(
  claim: Claim,
  config: Config,
  env: Readonly<Record<string, string>>,
): Starting {
  const abandoned = new AbortController();
  const system = startSystem(config, env, abandoned.signal);
  // Whoever awaits it sees the fault; a stop does not care why the start failed.
  const started = system.catch(() => undefined);
  const stop = async (): Promise<void> => {
    abandoned.abort();
    await (await started)?.stop();
    await claim.release();
  };
  return { system, stop };
}

/**
 * Runs work on the system that already runs on this data folder, or on one started for it and
 * stopped after it.
 */
export async function withSystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const found = await claimOrFind(config.dataDir);
  if ('hubUrl' in found) return work(found);
  let starting: Starting | undefined;
  return interruptible(
    async () => {
      // Any free port: nobody else is to find this hub, and the usual one may be taken.
      starting = beginSystem(found, config, { PORT: '0', LOG_LEVEL: quietLevel() });
      return work(await starting.system);
    },
    async () => starting?.stop(),
  );
}

async function claimOrFind(dataDir: string): Promise<Claim | System> {
  if ((await readClaim(dataDir)) === 'free') {
    // Parts started one by one, as in containers, are used as they are.
    const running = await findRunning(dataDir);
    if (running !== undefined) return running;
  }
  return waitForClaim(dataDir, 'passing', async ({ stay }) =>
    stay === 'serving' ? findRunning(dataDir) : undefined,
  );
}

/**
 * Claims the folder, waiting while somebody passes through.
 *
 * @param instead asked while there is a holder; what it finds ends the wait
 * @throws ExplainedError when the folder does not become free
 */
export async function waitForClaim<T>(
  dataDir: string,
  stay: Stay,
  instead: (holder: Holder) => Promise<T | undefined>,
): Promise<Claim | T> {
  const deadlineMs = performance.now() + FREE_WITHIN_MS;
  let told = false;
  for (;;) {
    const result = await claimFolder(dataDir, stay);
    if (isClaim(result)) return result;
    const found = await instead(result);
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) throw heldTooLong(dataDir, result);
    if (!told) process.stderr.write('wayfare: waiting for another command on this data folder …\n');
    told = true;
    await sleep(POLL_MS);
  }
}

function heldTooLong(dataDir: string, { pid }: Holder): ExplainedError {
  return new ExplainedError(
    `process ${String(pid)} holds the data folder ${dataDir} and does not let go. ` +
      'End it, or set WAYFARE_DATA_DIR to another folder.',
  );
}

/** A verb that starts a hub only for itself shows what the hub complains of, no more. */
function quietLevel(): string {
  return process.env['LOG_LEVEL'] ?? 'warn';
}
