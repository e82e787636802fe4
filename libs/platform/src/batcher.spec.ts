/*
 * Goal: commands travel together when they come together, a lonely one never waits, and a fault
 * stays with the command that caused it.
 * Method: a batcher whose batches are noted and ended by hand.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher, type BatcherOptions } from './batcher.js';

function noting(options: BatcherOptions): {
  batches: number[][];
  batcher: Batcher<number, number>;
} {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>((commands) => {
    batches.push([...commands]);
    if (commands.includes(13)) return Promise.reject(new Error('thirteen'));
    return Promise.resolve(commands.map((command) => command * 2));
  }, options);
  return { batches, batcher };
}

describe('a batcher', () => {
  it('runs what came together as one batch, at most so many', async () => {
    const { batches, batcher } = noting({ maxSize: 3 });
    const results = await Promise.all([1, 2, 3, 4].map((command) => batcher.submit(command)));
    expect(results).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it('waits for company after a crowd, and takes along who comes meanwhile', async () => {
    const { batches, batcher } = noting({ maxSize: 10, crowdLingerMs: 200 });
    await Promise.all([1, 2, 3].map((command) => batcher.submit(command)));
    const early = batcher.submit(4);
    await sleep(5);
    const late = batcher.submit(5);
    expect(await Promise.all([early, late])).toEqual([8, 10]);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('waits for nobody when nobody came before', async () => {
    // So long a wait would end the test by its time limit.
    const { batches, batcher } = noting({ maxSize: 10, crowdLingerMs: 3_600_000 });
    expect(await batcher.submit(1)).toBe(2);
    expect(await batcher.submit(2)).toBe(4);
    expect(batches).toEqual([[1], [2]]);
  });

  it('runs a batch that faults one by one', async () => {
    const { batcher } = noting({ maxSize: 10 });
    const results = await Promise.allSettled([1, 13, 2].map((command) => batcher.submit(command)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await batcher.drained();
  });
});
