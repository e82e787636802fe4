// Goal: parts of an exact run add up to what one machine makes of it, with how long payments waited,
// though the counts went through a store; a part that is stopped leaves nothing.
// Method: parts are played in threads of their own, as workers do it, and their bytes kept as a database
// would; the same run is played here by the code of `sim run`.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadRunMachinery, loadScenario, type SimulationRun } from '#scenarios';
import { playPart } from './play-part.js';
import type { PartPremises } from './part-words.js';

const premises = (period: readonly string[], changes: Partial<PartPremises>): PartPremises => ({
  kind: 'replication',
  part: 0,
  scenario: loadScenario('thailand-japan', { set: period }),
  seed: 11,
  fidelity: 'exact',
  replications: 2,
  assumptionDraws: 0,
  ...changes,
});

const DAY = ['period.from=2025-04-01', 'period.to=2025-04-01'];
const never = new AbortController().signal;
const notAsked = (): Promise<Uint8Array> => Promise.reject(new Error('nothing is to be read'));

it('adds up to the run of one machine, waits and all', async () => {
  const stored = await Promise.all(
    [0, 1].map(async (part) => {
      const outcome = await playPart(premises(DAY, { part }), {
        signal: never,
        totalsOf: notAsked,
      });
      if (outcome?.kind !== 'totals') throw new Error('a replication comes to totals');
      return outcome.bytes;
    }),
  );
  const summary = await playPart(premises(DAY, { kind: 'summary', part: 2 }), {
    signal: never,
    totalsOf: (part) => Promise.resolve(stored[part] ?? new Uint8Array()),
  });
  if (summary?.kind !== 'run') throw new Error('a summary comes to a run');
  const found = JSON.parse(summary.json) as SimulationRun;

  const { playRun, productVersion, shippedParts } = await loadRunMachinery();
  const { kind: _kind, part: _part, ...asked } = premises(DAY, {});
  const request = { ...asked, untilRelativeError: null, mostReplications: 2 };
  const { run } = await playRun(request, {}, shippedParts('exact', 2), productVersion());
  expect(found).toEqual(JSON.parse(JSON.stringify(run)));
  expect(summary.hash).toBe(run.resultHash);
  expect(found.payments).toBeGreaterThan(10_000);
  expect(found.answers.latency.basis).toBe('events');
}, 60_000);

it('is nothing when it is stopped, however far it was', async () => {
  const year = ['period.from=2025-01-01', 'period.to=2025-12-31'];
  for (const afterMs of [0, 2_000]) {
    const stop = new AbortController();
    const outcome = playPart(premises(year, {}), { signal: stop.signal, totalsOf: notAsked });
    await sleep(afterMs);
    stop.abort();
    expect(await outcome).toBeNull();
  }
}, 60_000);
