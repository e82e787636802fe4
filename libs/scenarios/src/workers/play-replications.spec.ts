import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '#platform/project-root';
import { playExact } from '#simulation/exact/play-exact';
import { playFast } from '#simulation/fast/play-fast';
import { emptyTotals, type Totals } from '#simulation/totals';
import { smallWorld } from '#testkit/small-world';
import { ResultHash } from '../runs/content-hash.js';
import { playReplications, type PlayReplicationsOptions } from './play-replications.js';

/**
 * Goal: how many threads play, how the work is cut and whether a thread dies leave no trace in the
 * bytes; a stop leaves whole replications only.
 * Method: one hash over all totals, from either kernel in this thread and from pools of threads.
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
  world = WORLD,
): Promise<{ hash: string; order: number[]; purchases: number }> {
  const hash = new ResultHash();
  const order: number[] = [];
  let purchases = 0;
  await playReplications(
    world,
    { kernel: 'fast', seed: SEED, first: 0, count: 3, jobs: 1, purchasesPerTask: 2_000, ...change },
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
  const terms = { kernel: 'fast', seed: SEED, jobs: 1 } as const;
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
    { kernel: 'fast', seed: SEED, first: 0, count: 50, jobs: 2, signal: stop.signal },
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

describe('the exact kernel', () => {
  const DAYS = smallWorld({ days: 4 });
  const EXACT = { kernel: 'exact', count: 2 } as const;
  let wanted: { readonly hash: string; readonly purchases: number; readonly order: number[] };
  beforeAll(() => {
    const hash = new ResultHash();
    let purchases = 0;
    for (const replicate of [0, 1]) {
      const totals = emptyTotals(DAYS);
      purchases += playExact(DAYS, { seed: SEED, replicate }, totals)?.purchases ?? 0;
      hash.add(totals);
    }
    wanted = { hash: hash.hex(), purchases, order: [0, 1] };
  });

  it.each([1, 2])('gives the same bytes, and tells each purchase once, on %d', async (jobs) => {
    expect(await hashOnThreads({ ...EXACT, jobs }, DAYS)).toEqual(wanted);
  });

  it('gives the same bytes after threads were killed in mid-replication', async () => {
    let [started, killed] = [0, 0];
    const startThread = (premises: unknown): Worker => {
      const worker = new Worker(THREAD, { workerData: premises });
      started += 1;
      if (started > 2) return worker;
      worker.once('message', ({ kind }: { readonly kind: string }) => {
        if (kind !== 'underway') return;
        killed += 1;
        void worker.terminate();
      });
      return worker;
    };
    const played = await hashOnThreads({ ...EXACT, jobs: 2, startThread }, DAYS);
    expect([played, killed, started]).toEqual([wanted, 2, 4]);
  }, 20_000);

  it('stops in mid-replication, with what is whole', async () => {
    const stop = new AbortController();
    let [whole, purchases] = [0, 0];
    await playReplications(
      DAYS,
      { ...EXACT, seed: SEED, first: 0, jobs: 2, signal: stop.signal },
      {
        onReplication: () => {
          whole += 1;
        },
        onPurchases: (count) => {
          purchases += count;
          stop.abort();
        },
      },
    );
    expect(whole).toBe(0);
    expect(purchases).toBeGreaterThan(0);
    expect(purchases).toBeLessThan(wanted.purchases / 2);
  });
});
