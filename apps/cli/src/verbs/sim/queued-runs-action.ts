import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '#contracts/operator/paging';
import type { SimulationJob } from '#contracts/operator/simulations';
import { ExplainedError } from '#platform/explained-error';
import { scenarioDocument, shippedNames, type RunProgress, type SimulationRun } from '#scenarios';
import { table, widthFor } from '../../story/table.js';
import { OperatorApi } from '../../system/operator-api.js';
import type { CallOptions } from '../approvals.js';
import { paintFor } from '../paint.js';
import { givenScenario } from './given-scenario.js';
import { ProgressLine } from './progress-line.js';
import type { FollowOptions } from './queued-runs.js';
import type { RunOptions } from './run.js';

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;
const LOOK_EVERY_MS = 500;
/** After this long without a player a person should know why. */
const ALONE_MS = 10_000;

/** Has the hub's workers play a scenario, and tells what came of it. */
export async function runDistributed(scenario: string, options: RunOptions): Promise<void> {
  refuseLocal(options);
  const load = givenScenario(options.set);
  const asked = shippedNames().includes(scenario)
    ? { scenario, set: options.set }
    : { scenario: scenarioDocument(scenario, load) };
  const api = await OperatorApi.open(options);
  const job = await api.postOnce<SimulationJob>('/api/simulations', {
    ...asked,
    seed: options.seed,
    assumptionDraws: options.draws,
    ...(options.reps === undefined ? {} : { replications: options.reps }),
    ...(options.fidelity === undefined ? {} : { fidelity: options.fidelity }),
  });
  await follow(api, job, options);
}

/** What a run on this machine can do and a queued one cannot. */
function refuseLocal({ untilRelError, out, against, tornado, jobs }: RunOptions): void {
  const local = { '--until-rel-error': untilRelError, '--out': out, '--jobs': jobs };
  const given = Object.entries({ ...local, '--against': against, '--tornado': tornado })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (given.length === 0) return;
  const words = given.join(' and ');
  throw new ExplainedError(`${words} cannot go with --distributed: leave one of them out`, {
    exitCode: EXIT_USAGE,
  });
}

export async function showResult(id: string, options: FollowOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  await follow(api, await api.get<SimulationJob>(pathOf(id)), options);
}

export async function cancelJob(id: string, options: CallOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  const job = await api.post<SimulationJob>(`${pathOf(id)}/cancel`, {});
  const text = options.json === true ? JSON.stringify(job, null, 2) : `${job.id} is ${job.state}`;
  process.stdout.write(`${text}\n`);
}

export async function listJobs(options: CallOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  const page = await api.get<Page<SimulationJob>>('/api/simulations');
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(page, null, 2)}\n`);
    return;
  }
  const rows = page.items.map((job) => [
    job.id,
    job.state,
    `${String(Math.floor(job.share * 100))} %`,
    `${String(job.replicationsDone)} of ${String(job.replications)}`,
    job.scenario.name,
    job.askedBy,
    job.fault ?? (job.workers.length === 0 ? '' : `on ${job.workers.join(', ')}`),
  ]);
  const head = ['id', 'state', 'share', 'replications', 'scenario', 'asked by', ''];
  const lines =
    rows.length === 0
      ? ['No simulation was asked for; wayfare sim run <scenario> --distributed asks for one.']
      : table([head, ...rows], { right: [2, 3], width: widthFor(process.stdout) });
  for (const line of lines) process.stdout.write(`${line.trimEnd()}\n`);
  if (page.nextCursor !== null) process.stderr.write('older ones are not shown\n');
}

/** Follows a job to its end. Ctrl-C leaves it to itself: it is not this process that plays. */
async function follow(
  api: OperatorApi,
  asked: SimulationJob,
  options: FollowOptions | RunOptions,
): Promise<void> {
  const line = new ProgressLine(process.stderr, options.progress);
  const left = new AbortController();
  const leave = (): void => left.abort();
  process.on('SIGINT', leave);
  process.on('SIGTERM', leave);
  process.stderr.write(`${asked.id} is ${asked.state}\n`);
  try {
    const job = await ended(api, asked, line, left.signal);
    line.end();
    if (job === null) {
      process.stderr.write(
        `\n${asked.id} goes on; wayfare sim result ${asked.id} waits for it, ` +
          `wayfare sim cancel ${asked.id} stops it\n`,
      );
      process.exitCode = EXIT_INTERRUPTED;
      return;
    }
    if (job.state !== 'done') {
      throw new ExplainedError(`${job.id} is ${job.state}${job.fault ? `: ${job.fault}` : ''}`);
    }
    await tell(await api.get<SimulationRun>(`${pathOf(job.id)}/result`), job, options);
  } finally {
    line.end();
    process.off('SIGINT', leave);
    process.off('SIGTERM', leave);
  }
}

/** @returns null when nobody wants to wait any more */
async function ended(
  api: OperatorApi,
  asked: SimulationJob,
  line: ProgressLine,
  left: AbortSignal,
): Promise<SimulationJob | null> {
  let aloneSinceMs = performance.now();
  for (;;) {
    if (left.aborted) return null;
    const job = await api.get<SimulationJob>(pathOf(asked.id));
    if (job.endedAt !== null) return job;
    line.show(progressOf(job));
    if (job.workers.length > 0) aloneSinceMs = performance.now();
    if (performance.now() - aloneSinceMs > ALONE_MS) {
      line.end();
      process.stderr.write(
        `${job.id} is ${job.state}, and nobody plays it just now: ` +
          'a hub that carries its workers or a worker process does, where SIMULATION_PARTS is not 0\n',
      );
      aloneSinceMs = Number.POSITIVE_INFINITY;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: left }).catch(() => undefined);
  }
}

function progressOf(job: SimulationJob): RunProgress {
  const isPlayed = job.replicationsDone === job.replications;
  return {
    stage: job.state === 'queued' ? 'preparing' : isPlayed ? 'writing' : 'playing',
    replicationsDone: job.replicationsDone,
    replicationsPlanned: job.replications,
    ...{ purchases: 0, purchasesPerSecond: null, widest: null },
    share: job.share,
    etaSeconds: job.etaSeconds,
  };
}

async function tell(
  run: SimulationRun,
  { startedAt, endedAt }: SimulationJob,
  options: CallOptions,
): Promise<void> {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    return;
  }
  const { runText } = await import('./run-text.js');
  const look = {
    width: widthFor(process.stdout),
    paint: paintFor(process.stdout),
    plain: process.env['TERM'] === 'dumb',
  };
  const seconds = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1_000;
  for (const text of runText({ run, manifest: null }, { seconds, out: undefined }, look)) {
    process.stdout.write(`${text}\n`);
  }
}

const pathOf = (id: string): string => `/api/simulations/${encodeURIComponent(id)}`;
