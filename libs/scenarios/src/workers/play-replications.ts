import { fastTables } from '#simulation/fast/fast-tables';
import { addPart } from '#simulation/fast/part-totals';
import type { DayRange } from '#simulation/fast/play-fast';
import { emptyTotals, TOTALS_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import { shareColumns } from './memory-of-threads.js';
import { ThreadPool, type StartThread } from './thread-pool.js';
import type { ThreadPremises, ThreadResult, ThreadTask } from './thread-words.js';

export interface PlayReplicationsOptions {
  readonly seed: number;
  /** Replications from `first`, `count` of them. */
  readonly first: number;
  readonly count: number;
  /** Threads. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** About so many purchases make a task; a fraction of a second's worth when not given. */
  readonly purchasesPerTask?: number;
  /** For tests that need threads which die. */
  readonly startThread?: StartThread;
}

export interface PlayReplicationsWatch {
  /** Every replication once, in order, each as soon as it is whole. */
  readonly onReplication: (replication: number, totals: Totals) => void;
  /** Purchases played since the last call, by any thread. */
  readonly onPurchases?: (count: number) => void;
}

/** So that no thread waits long for the last one, and a lost task costs little. */
const PURCHASES_PER_TASK = 1_500_000;

/** Replications under way beyond the one to be handed on next, for each thread. */
const AHEAD = 2;

/**
 * Plays replications of a world on threads. Every task draws from streams of its own and totals
 * are whole numbers, so the bytes do not depend on how many threads there are, which of them did
 * what, or whether one died. Stops early, with whole replications only, when the signal says so.
 */
export async function playReplications(
  world: World,
  options: PlayReplicationsOptions,
  watch: PlayReplicationsWatch,
): Promise<void> {
  const { signal, jobs, count } = options;
  if (count <= 0 || signal?.aborted === true) return;
  const plan = new ReplicationPlan(world, options, watch);
  const pool = new ThreadPool(premisesOf(world, options.seed), plan, options.startThread);
  const stop = (): void => pool.stop();
  signal?.addEventListener('abort', stop);
  try {
    await pool.run(Math.min(jobs, plan.tasks));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Tables take a moment to make and a world is often played in several goes. */
const sharedTables = new WeakMap<World, ThreadPremises & { readonly kernel: 'fast' }>();

function premisesOf(world: World, seed: number): ThreadPremises {
  const known = sharedTables.get(world);
  if (known !== undefined) return { ...known, seed };
  const tables = shareColumns(fastTables(world));
  // Threads take the merchants, the bulk of a world, from the tables.
  const slim: World = { ...world, merchants: tables.merchants };
  const made = { kernel: 'fast' as const, seed, tables, world: slim };
  sharedTables.set(world, made);
  return made;
}

interface Underway {
  readonly totals: Totals;
  /** Parts that are still to come. */
  parts: number;
  whole: boolean;
}

/** Cuts replications into tasks, puts the parts together and hands them on in order. */
class ReplicationPlan {
  private readonly ranges: readonly DayRange[];
  private readonly underway = new Map<number, Underway>();
  private readonly waitingForCaps: ThreadTask[] = [];
  private readonly end: number;
  private nextReplicate: number;
  private nextRange = 0;
  private handOn: number;

  constructor(
    private readonly world: World,
    private readonly options: PlayReplicationsOptions,
    private readonly watch: PlayReplicationsWatch,
  ) {
    this.ranges = rangesOf(world, options.purchasesPerTask ?? PURCHASES_PER_TASK);
    this.nextReplicate = options.first;
    this.handOn = options.first;
    this.end = options.first + options.count;
  }

  get tasks(): number {
    return this.ranges.length * this.options.count;
  }

  next(): ThreadTask | undefined {
    const capTask = this.waitingForCaps.shift();
    if (capTask !== undefined) return capTask;
    const replicate = this.nextReplicate;
    const range = this.ranges[this.nextRange];
    const isAhead = replicate > this.handOn + this.options.jobs * AHEAD;
    if (replicate >= this.end || range === undefined || isAhead) return undefined;
    if (this.nextRange === 0) {
      const parts = this.ranges.length;
      this.underway.set(replicate, { totals: emptyTotals(this.world), parts, whole: false });
    }
    this.nextRange += 1;
    if (this.nextRange === this.ranges.length) {
      this.nextRange = 0;
      this.nextReplicate += 1;
    }
    return { kind: 'days', replicate, range };
  }

  done(task: ThreadTask, { totals, purchases }: ThreadResult): void {
    const underway = this.underway.get(task.replicate);
    if (underway === undefined) throw new Error('a part of a replication that is not under way');
    if (task.kind === 'caps') {
      for (const name of TOTALS_COLUMNS) underway.totals[name].set(totals[name]);
      underway.whole = true;
    } else {
      addPart(underway.totals, totals, task.range.fromDay);
      this.watch.onPurchases?.(purchases);
      underway.parts -= 1;
      if (underway.parts === 0) this.finish(task.replicate, underway);
    }
    this.handOnWhole();
  }

  private finish(replicate: number, underway: Underway): void {
    if (this.world.settlement.capsHold) {
      this.waitingForCaps.push({ kind: 'caps', replicate, totals: underway.totals });
    } else {
      underway.whole = true;
    }
  }

  private handOnWhole(): void {
    for (;;) {
      const underway = this.underway.get(this.handOn);
      if (underway?.whole !== true) return;
      this.underway.delete(this.handOn);
      this.handOn += 1;
      this.watch.onReplication(this.handOn - 1, underway.totals);
    }
  }
}

/** Stretches of days with about as many expected purchases as a task should have. */
function rangesOf(world: World, purchasesPerTask: number): DayRange[] {
  const ranges: DayRange[] = [];
  let [fromDay, expected] = [0, 0];
  for (let day = 0; day < world.days; day++) {
    for (const { intended } of world.flows) expected += intended[day] ?? 0;
    if (expected >= purchasesPerTask || day === world.days - 1) {
      ranges.push({ fromDay, untilDay: day + 1 });
      [fromDay, expected] = [day + 1, 0];
    }
  }
  return ranges;
}
