import { parentPort, workerData } from 'node:worker_threads';
import { playExact } from '#simulation/exact/play-exact';
import { holdCaps } from '#simulation/fast/hold-caps';
import { partTotals } from '#simulation/fast/part-totals';
import { FastKernel } from '#simulation/fast/play-fast';
import { emptyTotals } from '#simulation/totals';
import type { ThreadPremises, ThreadResult, ThreadTask, ThreadWord } from './thread-words.js';

/**
 * A thread that plays what it is told. It keeps nothing between tasks, so it may be killed at any
 * moment and another one does its task again.
 */
const premises = workerData as ThreadPremises;
const perform = performer(premises);

parentPort?.on('message', (task: ThreadTask) => {
  const result = perform(task);
  const buffers = Object.values(result.totals)
    .filter((column) => column instanceof Float64Array)
    .map(({ buffer }) => buffer as ArrayBuffer);
  say({ kind: 'done', result }, buffers);
});

function say(word: ThreadWord, handedOver: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(word, handedOver);
}

function performer(given: ThreadPremises): (task: ThreadTask) => ThreadResult {
  return given.kernel === 'exact' ? exactPerformer(given) : fastPerformer(given);
}

function exactPerformer({
  world,
  seed,
}: ThreadPremises & { readonly kernel: 'exact' }): (task: ThreadTask) => ThreadResult {
  return ({ replicate }) => {
    const totals = emptyTotals(world);
    let purchases = 0;
    playExact(world, { seed, replicate }, totals, {
      onPurchases: (count) => {
        purchases += count;
        say({ kind: 'underway', purchases });
        return true;
      },
    });
    return { totals, purchases };
  };
}

function fastPerformer({
  world,
  tables,
  seed,
}: ThreadPremises & { readonly kernel: 'fast' }): (task: ThreadTask) => ThreadResult {
  const kernel = new FastKernel(tables);
  return (task) => {
    const run = { seed, replicate: task.replicate };
    if (task.kind === 'caps') {
      holdCaps(world, tables, run, task.totals);
      return { totals: task.totals, purchases: 0 };
    }
    if (task.kind === 'whole') throw new Error('the fast kernel is given days, not replications');
    const totals = partTotals(tables, task.range);
    let purchases = 0;
    kernel.play(run, totals, { ...task.range, hourOffset: task.range.fromDay * 24 }, (count) => {
      purchases += count;
      return true;
    });
    return { totals, purchases };
  };
}
