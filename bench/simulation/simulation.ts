import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { loadRunMachinery, loadScenario } from '#scenarios';
import { playExact } from '#simulation/exact/play-exact';
import { fastTables } from '#simulation/fast/fast-tables';
import { FastKernel } from '#simulation/fast/play-fast';
import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import { emptyTotals, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import { count, table } from '../report-words.js';
import { BareLoop } from './bare-loop.js';

export interface SimulationBenchOptions {
  readonly rounds?: number;
  /** Days of the large world in one round. */
  readonly days?: number;
  /** Days of Thailand to Japan, for the exact kernel and for threads. */
  readonly corridorDays?: number;
  /** Whether the whole runs are made, of which one takes all of two cores for half a minute. */
  readonly wholeRuns?: boolean;
  readonly tell?: (line: string) => void;
}

export interface SimulationFigures {
  /** Of one core's time: purchases drawn, and payments among them. */
  readonly purchasesPerSecond: number;
  readonly paymentsPerSecond: number;
  readonly barePerSecond: number;
  /** Median over rounds of kernel against bare loop, each measured beside the other. */
  readonly ofBare: number;
  readonly merchants: number;
  /** Wall clock of one thread over that of two, same work. */
  readonly twoThreads: number;
  readonly exactPerSecond: number;
  readonly runs: readonly WholeRun[];
}

export interface WholeRun {
  readonly what: string;
  readonly seconds: number;
  readonly peakMemoryMb: number;
  readonly purchases: number;
  readonly replications: number;
  readonly targetSeconds: number;
}

/**
 * How fast worlds are played. Figures of one core are of its own time, not of the clock, so that
 * other work on the machine falls on neither the kernel nor its yardstick.
 */
export async function benchSimulation(
  options: SimulationBenchOptions = {},
): Promise<SimulationFigures> {
  const { rounds = 15, days = 4, corridorDays = 120, wholeRuns = true } = options;
  const tell = options.tell ?? ((): void => undefined);
  const { shippedParts } = await loadRunMachinery();
  const worldOf = (name: string, set: readonly string[] = []): World =>
    shippedParts('fast', 1).compile(loadScenario(name, { set })).world;
  tell('simulation: kernel and bare loop');
  const asia = worldOf('all-asia-japan-2024');
  const kernel = besideBareLoop(asia, rounds, days);
  tell('simulation: threads');
  const corridor = { ...worldOf('thailand-japan'), days: corridorDays };
  const twoThreads = await threadsGain(corridor, Math.ceil(rounds / 3));
  tell('simulation: exact');
  const exactPerSecond = exactSpeed({ ...corridor, days: Math.ceil(corridorDays / 10) });
  const runs: WholeRun[] = [];
  if (wholeRuns) {
    tell('simulation: whole runs');
    const once = ['all-asia-japan-2024', '--reps', '1', '--draws', '0', '--jobs', '2'];
    runs.push(await wholeRun('All Asia to Japan, 2024, every payment drawn', once, 30));
    const sure = ['thailand-japan', '--until-rel-error', '0.01', '--draws', '0', '--jobs', '2'];
    runs.push(await wholeRun('Thailand to Japan, every headline within 1 %', sure, 60));
  }
  return { ...kernel, merchants: asia.merchants.count, twoThreads, exactPerSecond, runs };
}

type KernelFigures = Pick<
  SimulationFigures,
  'purchasesPerSecond' | 'paymentsPerSecond' | 'barePerSecond' | 'ofBare'
>;

function besideBareLoop(world: World, rounds: number, days: number): KernelFigures {
  const tables = fastTables(world);
  const kernel = new FastKernel(tables);
  const middle = Math.floor(world.days / 2);
  const range = { fromDay: middle, untilDay: middle + days };
  const busiest = world.flows.reduce(
    (best, { intended }, flow) =>
      (intended[middle] ?? 0) > (world.flows[best]?.intended[middle] ?? 0) ? flow : best,
    0,
  );
  const bare = new BareLoop(tables, busiest, middle);
  const [kernelRates, bareRates, paidShares]: [number[], number[], number[]] = [[], [], []];
  // The first rounds let the compiler finish.
  for (let round = -3; round < rounds; round++) {
    const totals = emptyTotals(world);
    let purchases = 0;
    const kernelUs = cpuTimeUs(() => {
      kernel.play({ seed: 1, replicate: round + 3 }, totals, range, (played) => {
        purchases += played;
        return true;
      });
    });
    const bareUs = cpuTimeUs(() => bare.play(purchases));
    if (round < 0) continue;
    kernelRates.push((purchases / kernelUs) * 1e6);
    bareRates.push((purchases / bareUs) * 1e6);
    paidShares.push(paidOf(totals) / purchases);
  }
  const purchasesPerSecond = median(kernelRates);
  return {
    purchasesPerSecond,
    paymentsPerSecond: purchasesPerSecond * median(paidShares),
    barePerSecond: median(bareRates),
    ofBare: median(kernelRates.map((rate, round) => rate / (bareRates[round] ?? NaN))),
  };
}

function cpuTimeUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function paidOf({ outcomes }: Totals): number {
  let paid = 0;
  for (let at = OUTCOME.paid; at < outcomes.length; at += OUTCOMES.length)
    paid += outcomes[at] ?? 0;
  return paid;
}

/** Enough that starting the threads is little beside their work. */
const REPLICATIONS = 24;

async function threadsGain(world: World, rounds: number): Promise<number> {
  const { shippedParts } = await loadRunMachinery();
  const [one, two] = [shippedParts('fast', 1), shippedParts('fast', 2)];
  const gains: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ms: number[] = [];
    for (const { play } of [one, two]) {
      const startedMs = performance.now();
      const ignore = (): void => undefined;
      const calls = { onReplication: ignore, onPurchases: ignore, signal: undefined };
      await play(world, { seed: round, first: 0, count: REPLICATIONS, ...calls });
      ms.push(performance.now() - startedMs);
    }
    gains.push((ms[0] ?? NaN) / (ms[1] ?? NaN));
  }
  return median(gains);
}

/** Payments that came to the hub, of one core's time; the first play is the compiler's. */
function exactSpeed(world: World): number {
  const rates = [0, 1, 2].map((replicate) => {
    let payments = 0;
    const us = cpuTimeUs(() => {
      payments = playExact(world, { seed: 1, replicate }, emptyTotals(world))?.payments ?? 0;
    });
    return (payments / us) * 1e6;
  });
  return median(rates.slice(1));
}

/** A run from the command line, as a person makes it: its start, its answers and its memory too. */
async function wholeRun(
  what: string,
  args: readonly string[],
  targetSeconds: number,
): Promise<WholeRun> {
  const startedMs = performance.now();
  const main = join(projectRoot, 'dist/apps/cli/src/main.js');
  const child = spawn(process.execPath, [main, 'sim', 'run', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let peakMemoryMb = 0;
  const timer = setInterval(() => {
    void peakOf(child.pid).then((mb) => {
      peakMemoryMb = Math.max(peakMemoryMb, mb);
    });
  }, 200);
  try {
    let text = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) text += chunk.toString('utf8');
    const seconds = (performance.now() - startedMs) / 1_000;
    const run = JSON.parse(text) as { purchases: number; replications: number };
    const { purchases, replications } = run;
    return { what, seconds, peakMemoryMb, purchases, replications, targetSeconds };
  } finally {
    clearInterval(timer);
    child.kill();
  }
}

/** The most a process has held; systems without /proc tell nothing. */
async function peakOf(pid: number | undefined): Promise<number> {
  try {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_000;
  } catch {
    return 0;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export function simulationPart(figures: SimulationFigures): string {
  const rows = [
    [
      'Fast kernel: payments drawn, decided and priced, a second and core',
      count(figures.purchasesPerSecond),
      '≥ 12,000,000',
    ],
    ['… of which end paid', count(figures.paymentsPerSecond), ''],
    ['… as a share of the bare loop', figures.ofBare.toFixed(2), '≥ 0.6'],
    ['Bare loop, the same payments', count(figures.barePerSecond), ''],
    ['Two threads over one, same work', figures.twoThreads.toFixed(2), '≥ 1.5'],
    ['Exact kernel: payments a second and core', count(figures.exactPerSecond), '≥ 100,000'],
    ...figures.runs.flatMap((run) => [
      [
        `${run.what} (${count(run.purchases)} payments drawn in ${count(run.replications)} replications)`,
        `${run.seconds.toFixed(1)} s`,
        `≤ ${String(run.targetSeconds)} s`,
      ],
      ['… memory, peak', `${count(run.peakMemoryMb)} MB`, '≤ 1,500 MB'],
    ]),
  ];
  const head = [`${count(figures.merchants)} merchants`, 'Figure', 'Target'];
  return `## Simulation\n\n${table(head, rows)}`;
}
