import { tablesOf } from '#simulation/fast/fast-tables';
import type { World } from '#simulation/world';
import { DaysPlan } from './days-plan.js';
import { shareColumns } from './memory-of-threads.js';
import type { PlanTerms, PlayReplicationsWatch, ReplicationPlan } from './replication-plan.js';
import { ThreadPool, type StartThread } from './thread-pool.js';
import type { ThreadPremises } from './thread-words.js';
import { WholePlan } from './whole-plan.js';

/** Kernels that draw; what is expected needs no threads. */
export type DrawingKernel = ThreadPremises['kernel'];

export interface PlayReplicationsOptions extends PlanTerms {
  readonly kernel: DrawingKernel;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * About so many purchases make a task of the fast kernel; a fraction of a second's worth when not
   * given. The exact kernel has one task to a replication: what it decides rests on all before.
   */
  readonly purchasesPerTask?: number;
  /** For tests that need threads which die. */
  readonly startThread?: StartThread;
}

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
  const { kernel, seed, signal, jobs, count } = options;
  if (count <= 0 || signal?.aborted === true) return;
  const plan: ReplicationPlan =
    kernel === 'fast' ? new DaysPlan(world, options, watch) : new WholePlan(options, watch);
  const pool = new ThreadPool({ ...premisesOf(world, kernel), seed }, plan, options.startThread);
  const stop = (): void => pool.stop();
  signal?.addEventListener('abort', stop);
  try {
    await pool.run(Math.min(jobs, plan.tasks));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Worlds take a moment to be laid into shared memory and are often played in several goes. */
const laidOut = {
  fast: new WeakMap<World, ThreadPremises & { readonly kernel: 'fast' }>(),
  exact: new WeakMap<World, ThreadPremises & { readonly kernel: 'exact' }>(),
};

function premisesOf(world: World, kernel: DrawingKernel): ThreadPremises {
  const known = laidOut[kernel].get(world);
  if (known !== undefined) return known;
  if (kernel === 'exact') {
    const made = { kernel, seed: 0, world: shareColumns(world) };
    laidOut.exact.set(world, made);
    return made;
  }
  const tables = shareColumns(tablesOf(world));
  // Threads take the merchants, the bulk of a world, from the tables.
  const slim: World = { ...world, merchants: tables.merchants };
  const made = { kernel, seed: 0, tables, world: slim };
  laidOut.fast.set(world, made);
  return made;
}
