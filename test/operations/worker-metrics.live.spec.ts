/*
 * Goal: what a worker process posts, how late, and how it fares itself can be scraped from that
 * process, which serves nothing else and nothing at all unless it is told to.
 * Method: the built worker as a process on a real database, with entries to post.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountBook, countStaged, dailyCycleAt, ensureCycles, stageEntries } from '#ledger';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';

const MAIN = join(projectRoot, 'dist/apps/clearing/src/main.js');
const ENTRIES = 20;
const DAY_MS = Date.now() + 86_400_000;

let db: TestDatabase;
const children: ChildProcess[] = [];
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await db.close();
});

interface Ready {
  readonly metricsUrl?: string;
}

async function startWorker(environment: Record<string, string>): Promise<Ready> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: db.url,
      REDIS_URL: '',
      INVARIANTS_EVERY_SECONDS: '0',
      LOG_LEVEL: 'fatal',
      ...environment,
    },
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`the worker ended with ${String(code)}`));
    });
  });
}

it('are served by the worker where it is told to, and nothing else is', async () => {
  const { manager } = db.dataSource;
  const cycle = dailyCycleAt(DAY_MS).id;
  await ensureCycles(manager, DAY_MS, 2);
  const { metricsUrl } = await startWorker({ WORKER_METRICS_PORT: '0' });
  if (metricsUrl === undefined) throw new Error('no metrics are served');
  const entries = Array.from({ length: ENTRIES }, (_, n) => entryCase(n + 1, cycle));
  await stageEntries(manager, new AccountBook(), entries);
  while ((await countStaged(manager)).waiting > 0) await sleep(50);
  await sleep(200);
  const response = await fetch(metricsUrl);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toMatch(
    new RegExp(`^wayfare_clearing_entries_posted_total{part="clearing"} ${String(ENTRIES)}$`, 'm'),
  );
  expect(text).toMatch(/^wayfare_clearing_lag_seconds_count{part="clearing"} [1-9]/m);
  expect(text).toMatch(/^process_resident_memory_bytes{part="clearing"} \d/m);
  expect((await fetch(new URL('/api/payments', metricsUrl))).status).toBe(404);
  expect((await fetch(metricsUrl, { method: 'POST' })).status).toBe(404);
}, 60_000);

it('are not served by a worker that was not told where', async () => {
  expect((await startWorker({ WORKER_METRICS_PORT: '' })).metricsUrl).toBeUndefined();
}, 60_000);
