// Goal: a simulation asked of a hub comes to what `wayfare sim run` prints on one machine, whatever
// happens to the workers and to the queue in between; and stops when it is told to.
// Method: a hub that plays nothing itself, and built worker processes beside it on one database, over
// either queue. A worker is killed only while the rows say that it plays a part. What must come out
// is played by the command line on its own.
import { execFile, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SimulationJob } from '#contracts/operator/simulations';
import { projectRoot } from '#platform/project-root';
import { clearingReady, endOfClearing, startClearing } from '#testkit/clearing-process';
import { onBothBackends } from '../faults/backends.js';
import { GuardedHub } from '../operators/guarded-hub.js';

const CLI = join(projectRoot, 'dist/apps/cli/src/main.js');
const SET = ['period.from=2025-04-01', 'period.to=2025-04-02'];
const SEED = 11;
const PATIENCE_MS = 90_000;
const ASKED = { scenario: 'thailand-japan', set: SET, seed: SEED, assumptionDraws: 2 };

interface LocalRun {
  readonly resultHash: string;
  readonly purchases: number;
}

/** What this machine alone makes of it. */
async function playHere(replications: number): Promise<LocalRun> {
  const given = SET.flatMap((word) => ['--set', word]);
  const numbers = ['--seed', String(SEED), '--reps', String(replications), '--draws', '2'];
  const words = ['sim', 'run', 'thailand-japan', ...given, ...numbers, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    CLI,
    ...words,
    ...['--progress', 'none', '--jobs', '1'],
  ]);
  return JSON.parse(stdout) as LocalRun;
}

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}

let two: LocalRun;
let three: LocalRun;
beforeAll(async () => {
  two = await playHere(2);
  three = await playHere(3);
}, 60_000);

onBothBackends((settings, redis) => {
  let hub: GuardedHub;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    hub = await GuardedHub.open();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((child) => endOfClearing(child, 'SIGTERM')));
  }, 30_000);
  afterAll(() => hub.close());

  async function startWorker(): Promise<ChildProcess> {
    const child = startClearing({ DATABASE_URL: hub.database.url, ...settings() });
    workers.push(child);
    await clearingReady(child);
    return child;
  }

  const call = (line: string, body?: object) =>
    hub.ask(line, { key: hub.rootKey, ...(body === undefined ? {} : { body }) });
  async function ask(replications: number): Promise<string> {
    const { status, body } = await call('POST /api/simulations', { ...ASKED, replications });
    expect({ status, ...body }).toMatchObject({ status: 202, state: 'queued', replications });
    return String(body['id']);
  }
  const show = async (id: string): Promise<SimulationJob> =>
    (await call(`GET /api/simulations/${id}`)).body as unknown as SimulationJob;
  const ended = (id: string): Promise<SimulationJob> =>
    until(async () => {
      const job = await show(id);
      return job.endedAt === null ? undefined : job;
    }, `the end of ${id}`);
  const isPlayedBy = (child: ChildProcess, { workers: names }: SimulationJob): boolean =>
    names.some((name) => name.endsWith(`:${String(child.pid)}`));

  async function emptyQueue(): Promise<void> {
    if (redis === undefined) await hub.database.dataSource.query('TRUNCATE bullmq.job CASCADE');
    else await redis().empty();
  }

  it('two workers share a run, and it is the run of one machine to the last figure', async () => {
    const [first, second] = [await startWorker(), await startWorker()];
    const id = await ask(3);
    await until(async () => {
      const job = await show(id);
      return isPlayedBy(first, job) && isPlayedBy(second, job) ? true : undefined;
    }, 'both workers at it');
    expect(await ended(id)).toMatchObject({
      ...{ state: 'done', fault: null, share: 1, replicationsDone: 3 },
      resultHash: three.resultHash,
    });
    const result = await call(`GET /api/simulations/${id}/result`);
    expect(result).toEqual({ status: 200, body: three });
    expect(three.purchases).toBeGreaterThan(10_000);
  }, 120_000);

  it('a worker killed in mid-part delays a run and changes nothing', async () => {
    const victim = await startWorker();
    const id = await ask(2);
    await until(async () => (isPlayedBy(victim, await show(id)) ? true : undefined), 'the victim');
    victim.kill('SIGKILL');
    expect((await show(id)).state).toBe('running');
    await startWorker();
    expect(await ended(id)).toMatchObject({ state: 'done', resultHash: two.resultHash });
  }, 120_000);

  it('a run waits while every worker is dead, and what they had begun is not lost', async () => {
    const id = await ask(1);
    const later = await ask(1);
    // Whoever dispatches may die after the rows say it has begun and before the queue hears of it.
    for (const sql of [
      `UPDATE simulation_runs SET state = 'running', started_at = clock_timestamp() WHERE id = $1`,
      `UPDATE simulation_parts SET enqueued = 1, enqueued_at = clock_timestamp() WHERE run_id = $1`,
    ]) {
      await hub.database.dataSource.query(sql, [id]);
    }
    expect(await show(id)).toMatchObject({ state: 'running', etaSeconds: null, workers: [] });
    expect(await show(later)).toMatchObject({ state: 'queued', etaSeconds: null, workers: [] });
    expect(await call(`GET /api/simulations/${id}/result`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`${id} is running`) as string },
    });
    await call(`POST /api/simulations/${later}/cancel`);
    await startWorker();
    expect(await ended(id)).toMatchObject({ state: 'done', replicationsDone: 1, fault: null });
    expect((await show(later)).state).toBe('cancelled');
  }, 120_000);

  it('an emptied queue delays a run and changes nothing', async () => {
    await startWorker();
    const id = await ask(2);
    await until(
      async () => ((await show(id)).workers.length > 0 ? true : undefined),
      'somebody at it',
    );
    await emptyQueue();
    expect(await ended(id)).toMatchObject({ state: 'done', resultHash: two.resultHash });
  }, 120_000);

  it('a cancelled run stops, leaves no parts, and has no result', async () => {
    const worker = await startWorker();
    const id = await ask(500);
    await until(async () => (isPlayedBy(worker, await show(id)) ? true : undefined), 'a player');
    const cancelled = await call(`POST /api/simulations/${id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled', workers: [] } });
    const parts = await hub.database.dataSource.query<unknown[]>(
      'SELECT FROM simulation_parts WHERE run_id = $1',
      [id],
    );
    expect(parts).toEqual([]);
    expect(await call(`GET /api/simulations/${id}/result`)).toMatchObject({ status: 409 });
    // The worker is free again, though five hundred jobs of the cancelled run were before this one.
    const next = await ask(2);
    expect(await ended(next)).toMatchObject({ state: 'done', resultHash: two.resultHash });
    expect(await call(`POST /api/simulations/${next}/cancel`)).toMatchObject({
      body: { state: 'done' },
    });
    expect((await hub.audit()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['simulation.ask', 'simulation.cancel']),
    );
  }, 120_000);

  it('a run whose part faults again and again has failed, and says why', async () => {
    const id = await ask(1);
    await hub.database.dataSource.query(
      `UPDATE simulation_runs SET scenario = '{"name":"broken"}' WHERE id = $1`,
      [id],
    );
    await startWorker();
    const job = await ended(id);
    expect(job).toMatchObject({ state: 'failed', workers: [], resultHash: null });
    expect(job.fault).not.toBe('');
    expect(await call(`GET /api/simulations/${id}/result`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(job.fault ?? 'no fault') as string },
    });
  }, 60_000);
});
