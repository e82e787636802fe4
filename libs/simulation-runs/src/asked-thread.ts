import { parentPort, workerData } from 'node:worker_threads';
import { checkScenarioFile, readScenario } from '#scenarios';
import type { AskedPremises, AskedScenario } from './asked-words.js';

/**
 * A thread that judges one scenario, and ends. What the shipped figures cannot give shows only when
 * the world is made, and that takes a second in which a hub should serve others.
 */
async function judge({ nameOrPath, options }: AskedPremises): Promise<AskedScenario> {
  const { faults } = await checkScenarioFile(nameOrPath, options);
  if (faults.length > 0) {
    return { ok: false, faults: faults.map(({ pointer, message }) => ({ pointer, message })) };
  }
  const read = readScenario(nameOrPath, options);
  return read.ok ? { ok: true, scenario: read.scenario } : { ok: false, faults: read.faults };
}

parentPort?.postMessage(await judge(workerData as AskedPremises));
parentPort?.close();
