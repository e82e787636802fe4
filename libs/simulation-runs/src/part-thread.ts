import { parentPort, workerData } from 'node:worker_threads';
import { loadRunMachinery, type Play, type RunMachinery } from '#scenarios';
import type { PartPremises, PartReply, PartWord } from './part-words.js';
import { packTotals, unpackTotals } from './totals-bytes.js';

/**
 * A thread that plays one part of a run, or sums a run up, and ends. It makes the world itself: a
 * second of work that must not stop the process around it.
 */
const premises = workerData as PartPremises;
const say = (word: PartWord): void => parentPort?.postMessage(word);

async function playReplication({ shippedParts }: RunMachinery): Promise<void> {
  const { scenario, fidelity, seed, part } = premises;
  const parts = shippedParts(fidelity, 1);
  const { world } = parts.compile(scenario);
  await parts.play(world, {
    ...{ seed, first: part, count: 1, signal: undefined },
    onReplication: (_, totals) => say({ kind: 'totals', bytes: packTotals(totals) }),
    onPurchases: () => undefined,
  });
}

/** Hands stored replications on as if they were played here, so that the sum is the local run's. */
const playStored: Play = async (world, { first, count, onReplication }) => {
  for (let part = first; part < first + count; part++) {
    onReplication(part, unpackTotals(world, await ask(part)));
  }
};

function ask(part: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    parentPort?.once('message', (reply: PartReply) => resolve(reply.bytes));
    say({ kind: 'want', part });
  });
}

async function sumUp({ playRun, productVersion, shippedParts }: RunMachinery): Promise<void> {
  const { scenario, seed, fidelity, replications, assumptionDraws } = premises;
  const request = {
    ...{ scenario, seed, fidelity, replications, assumptionDraws },
    ...{ untilRelativeError: null, mostReplications: replications },
  };
  const parts = { ...shippedParts(fidelity, 1), play: playStored };
  const { run } = await playRun(request, {}, parts, productVersion());
  say({ kind: 'run', json: JSON.stringify(run), hash: run.resultHash });
}

const machinery = await loadRunMachinery();
await (premises.kind === 'summary' ? sumUp(machinery) : playReplication(machinery));
parentPort?.close();
