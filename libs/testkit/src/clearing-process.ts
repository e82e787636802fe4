import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';

const MAIN = join(projectRoot, 'dist/apps/clearing/src/main.js');

export interface ClearingSettings {
  readonly DATABASE_URL: string;
  /** Empty or left out: the queue is in the database. */
  readonly REDIS_URL?: string | undefined;
  readonly [setting: string]: string | undefined;
}

/**
 * Starts the built worker as a process of its own, quiet and with few connections. It ends with the
 * test that started it: its line to it breaks.
 *
 * @throws when there is no build
 */
export function startClearing(settings: ClearingSettings): ChildProcess {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build first (npm run build)`);
  return spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      REDIS_URL: '',
      DATABASE_POOL_SIZE: '4',
      INVARIANTS_EVERY_SECONDS: '0',
      LOG_LEVEL: 'fatal',
      ...settings,
    },
  });
}

/** Waits until a worker says that it works. */
export async function clearingReady(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended with ${String(code)}`)));
  });
}

/** How a worker ended: its exit code, or the signal that killed it. */
export async function endOfClearing(
  child: ChildProcess,
  signal?: NodeJS.Signals,
): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (signal !== undefined) child.kill(signal);
    await ended;
  }
  return child.exitCode ?? child.signalCode;
}
