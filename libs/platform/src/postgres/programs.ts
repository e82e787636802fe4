import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './cluster.js';

/**
 * Locale and time zone of the person who happens to start it must not shape a database, and a
 * foreign PGDATA or library path must not reach it.
 */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program of PostgreSQL to its end; its working directory is one that everybody may enter. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  user: ServerUser | undefined,
): Promise<void> {
  const child = spawn(program, args, {
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} failed (${String(code)}):\n${said.trim()}`);
}

/**
 * Starts a server in a session of its own: Ctrl-C in the terminal and the end of its starter do
 * not reach it, so data is only ever closed on purpose.
 */
export function spawnServer(
  program: string,
  args: readonly string[],
  logPath: string,
  user: ServerUser | undefined,
): ChildProcess {
  const log = openSync(logPath, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', log, log],
      detached: true,
      ...user,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
