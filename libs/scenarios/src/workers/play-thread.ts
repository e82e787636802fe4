import { parentPort, workerData } from 'node:worker_threads';
import { holdCaps } from '#simulation/fast/hold-caps';
import { partTotals } from '#simulation/fast/part-totals';
import { FastKernel } from '#simulation/fast/play-fast';
import type { ThreadPremises, ThreadResult, ThreadTask } from './thread-words.js';

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
  parentPort?.postMessage(result, buffers);
});

function performer(given: ThreadPremises): (task: ThreadTask) => ThreadResult {
  if (given.kernel === 'exact') throw new Error('the exact kernel is not played on threads yet');
  const { tables, seed, world } = given;
  const kernel = new FastKernel(tables);
  return (task) => {
    const run = { seed, replicate: task.replicate };
    if (task.kind === 'caps') {
      holdCaps(world, tables, run, task.totals);
      return { totals: task.totals, purchases: 0 };
    }
    const totals = partTotals(tables, task.range);
    let purchases = 0;
    kernel.play(run, totals, { ...task.range, hourOffset: task.range.fromDay * 24 }, (count) => {
      purchases += count;
      return true;
    });
    return { totals, purchases };
  };
}
