import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardDatabase } from '#platform/postgres/index';
import { projectRoot } from '#platform/project-root';

const WITHIN_MS = 120_000;

/**
 * From the command to the end of the first payment, with nothing there but an install and a
 * build: database made, migrated and seeded, hub and partners started, keys made, a code scanned,
 * paid and cleared.
 *
 * @returns seconds, one for each round
 */
export async function benchStart(rounds = 3): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await startOnce());
  return seconds;
}

async function startOnce(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wayfare-bench-start-'));
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, 'dist/apps/cli/src/main.js'), 'start'], {
    cwd: projectRoot,
    env: { ...process.env, WAYFARE_DATA_DIR: dataDir, PORT: '0', DATABASE_URL: '', REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
  try {
    let told = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      told += chunk.toString('utf8');
      // The invitation follows the story of the first payment.
      if (told.includes('Serving')) return (performance.now() - startedMs) / 1_000;
    }
    throw new Error('the start ended before its first payment');
  } finally {
    child.kill('SIGINT');
    await exited;
    clearTimeout(timer);
    await discardDatabase(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}
