import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '#platform/project-root';
import { shippedNames } from '#scenarios';
import type { AskedPremises, AskedScenario } from './asked-words.js';

/**
 * Resolves scenarios that came over the wire, one after another: each makes a world to be judged,
 * and many at once would take the memory of the process.
 */
export class AskedScenarios {
  private last: Promise<unknown> = Promise.resolve();

  /** @param asked a shipped name, or a document as a scenario file holds it */
  resolve(
    asked: string | Readonly<Record<string, unknown>>,
    set: readonly string[],
  ): Promise<AskedScenario> {
    const turn = this.last.then(() => resolveAsked(asked, set));
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * A document may extend what ships and nothing else: a path would make the hub read its own disk
 * for a stranger.
 */
async function resolveAsked(
  asked: string | Readonly<Record<string, unknown>>,
  set: readonly string[],
): Promise<AskedScenario> {
  const names = shippedNames();
  if (typeof asked === 'string') {
    if (!names.includes(asked)) return unknownName('', asked);
    return judge({ nameOrPath: asked, options: { set } });
  }
  const parent = asked['extends'];
  if (parent !== undefined && (typeof parent !== 'string' || !names.includes(parent))) {
    return unknownName('/extends', JSON.stringify(parent));
  }
  const folder = await mkdtemp(join(tmpdir(), 'wayfare-asked-'));
  try {
    const file = join(folder, 'scenario.json');
    await writeFile(file, JSON.stringify(asked, null, 2));
    return await judge({ nameOrPath: file, options: { set, folder } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a thread from the build, even where sources are run, as tests do. */
function judge(premises: AskedPremises): Promise<AskedScenario> {
  const file = join(projectRoot, 'dist/libs/simulation-runs/src/asked-thread.js');
  const thread = new Worker(file, { workerData: premises });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('a scenario was not judged: its thread ended')));
  });
}

function unknownName(pointer: string, name: string): AskedScenario {
  const message = `${name.slice(0, 64)} does not ship; give one of ${shippedNames().join(', ')}`;
  return { ok: false, faults: [{ pointer, message }] };
}
