import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ExplainedError } from '#platform/explained-error';
import { SERVER_FLAGS } from '#platform/processes/server-flags';
import { projectRoot } from '#platform/project-root';

/** A hub on a slow disk recovers its database first; longer than this it never comes. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;

/** One process of the system, started by this one and ended with it. */
export interface Child {
  readonly name: string;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/**
 * Starts one of the apps. The IPC channel is its lifeline: when this process dies, even by
 * `kill -9`, the channel closes and the app ends in order by itself.
 *
 * @param abandoned ends an app that is not ready yet
 * @throws ExplainedError with what the app said last, when it ends before it is ready
 */
export async function startChild(
  name: 'hub' | 'sandbox' | 'clearing',
  env: Readonly<Record<string, string>>,
  abandoned: AbortSignal,
): Promise<Child> {
  abandoned.throwIfAborted();
  const child = fork(join(projectRoot, 'dist', 'apps', name, 'src', 'main.js'), [], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [...process.execArgv, ...SERVER_FLAGS],
    // A Ctrl-C reaches the whole terminal group; the order of closing is ours to keep.
    detached: true,
  });
  const lastWords = relayErrors(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // Told twice, an app ends at once and leaves its database running: so it is told once.
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopChild(child, ended));
  const onAbandoned = (): void => void stop();
  abandoned.addEventListener('abort', onAbandoned);
  const ready = await Promise.race([
    new Promise<Record<string, unknown>>((resolve) => {
      child.once('message', (message) => {
        resolve(message as Record<string, unknown>);
      });
    }),
    ended.then(() => undefined),
    new Promise<undefined>((resolve) => {
      setTimeout(() => {
        resolve(undefined);
      }, READY_WITHIN_MS).unref();
    }),
  ]);
  abandoned.removeEventListener('abort', onAbandoned);
  if (ready === undefined) {
    child.kill('SIGKILL');
    const said = lastWords().replace(new RegExp(`^${name}: `), '');
    throw new ExplainedError(said === '' ? `the ${name} did not start` : said);
  }
  return { name, ready, ended, stop };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** Passes on what the child logs, and remembers the end of it for when it fails to start. */
function relayErrors(child: ChildProcess): () => string {
  let ready = false;
  let text = '';
  child.once('message', () => {
    ready = true;
    process.stderr.write(text);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (ready) process.stderr.write(chunk);
    else text += chunk.toString('utf8');
  });
  return () =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{'))
      .join('\n')
      .slice(-4_000);
}
