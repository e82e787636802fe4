import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '#platform/project-root';
import { playFast } from '#simulation/fast/play-fast';
import { emptyTotals, type Totals } from '#simulation/totals';
import { smallWorld } from '#testkit/small-world';
import { ResultHash } from '../runs/content-hash.js';
import { playReplications, type PlayReplicationsOptions } from './play-replications.js';

/**
 * Goal: how many threads play, how the work is cut and whether a thread dies leave no trace in the
 * bytes; a stop leaves whole replications only.
 * Method: one hash over all totals, from one kernel in this thread and from pools of threads.
 */
const WORLD = smallWorld({ days: 6 });
const SEED = 11;

function hashHere(replications: number): string {
  const hash = new ResultHash();
  for (let replicate = 0; replicate < replications; replicate++) {
    const totals = emptyTotals(WORLD);
    playFast(WORLD, { seed: SEED, replicate }, totals);
    hash.add(totals);
  }
  return hash.hex();
}

async function hashOnThreads(
  change: Partial<PlayReplicationsOptions>,
): Promise<{ hash: string; order: number[]; purchases: number }> {
  const hash = new ResultHash();
  const order: number[] = [];
  let purchases = 0;
  await playReplications(
    WORLD,
    { seed: SEED, first: 0, count: 3, jobs: 1, purchasesPerTask: 2_000, ...change },
    {
      onReplication: (replication, totals) => {
        order.push(replication);
        hash.add(totals);
      },
      onPurchases: (count) => {
        purchases += count;
      },
    },
  );
  return { hash: hash.hex(), order, purchases };
}

it('gives the same bytes on 1, 2 and 3 threads, however the work is cut', async () => {
  const wanted = hashHere(3);
  const plays = [
    await hashOnThreads({ jobs: 1, purchasesPerTask: 1e9 }),
    await hashOnThreads({ jobs: 2 }),
    await hashOnThreads({ jobs: 3, purchasesPerTask: 1 }),
  ];
  for (const { hash, order, purchases } of plays) {
    expect([hash, order]).toEqual([wanted, [0, 1, 2]]);
    expect(purchases).toBe(plays[0]?.purchases);
  }
  expect(plays[0]?.purchases).toBeGreaterThan(15_000);
});

it('goes on from any replication', async () => {
  const hash = new ResultHash();
  const keep = (_: number, totals: Totals): void => hash.add(totals);
  const terms = { seed: SEED, jobs: 1 };
  await playReplications(WORLD, { ...terms, first: 0, count: 1 }, { onReplication: keep });
  await playReplications(WORLD, { ...terms, first: 1, count: 2 }, { onReplication: keep });
  expect(hash.hex()).toBe(hashHere(3));
});

const THREAD = join(projectRoot, 'dist/libs/scenarios/src/workers/play-thread.js');

it('gives the same bytes after threads were killed over their work', async () => {
  let [started, killed] = [0, 0];
  const { hash } = await hashOnThreads({
    jobs: 2,
    startThread: (premises) => {
      const worker = new Worker(THREAD, { workerData: premises });
      started += 1;
      if (started <= 2) {
        // Dies with its second task in hand.
        let tasks = 0;
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (task: unknown): void => {
          post(task);
          tasks += 1;
          if (tasks !== 2) return;
          killed += 1;
          void worker.terminate();
        };
      }
      return worker;
    },
  });
  expect([hash, killed, started]).toEqual([hashHere(3), 2, 4]);
});

it('gives up on a task that kills every thread, and passes on what a kernel throws', async () => {
  const dying = hashOnThreads({
    startThread: () => new Worker('process.exit(3)', { eval: true }),
  });
  await expect(dying).rejects.toThrow('died 4 times');
  const throwing = hashOnThreads({
    startThread: () =>
      new Worker(
        'require("node:worker_threads").parentPort.on("message", () => { throw new RangeError("no") })',
        { eval: true },
      ),
  });
  await expect(throwing).rejects.toThrow('no');
});

it('stops when told to, with what is whole', async () => {
  const stop = new AbortController();
  const hash = new ResultHash();
  let whole = 0;
  await playReplications(
    WORLD,
    { seed: SEED, first: 0, count: 50, jobs: 2, signal: stop.signal },
    {
      onReplication: (_, totals) => {
        hash.add(totals);
        whole += 1;
        if (whole === 2) stop.abort();
      },
    },
  );
  expect(whole).toBeGreaterThanOrEqual(2);
  expect(whole).toBeLessThan(50);
  expect(hash.hex()).toBe(hashHere(whole));
});
