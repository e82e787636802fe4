import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '#platform/project-root';
import type { PartPremises, PartReply, PartWord } from './part-words.js';

export type PartOutcome = Exclude<PartWord, { readonly kind: 'want' }>;

export interface PartWatch {
  /** Stops the thread: what it did is lost. */
  readonly signal: AbortSignal;
  /** A stored replication, for the summary. */
  readonly totalsOf: (part: number) => Promise<Uint8Array>;
}

/**
 * Plays a part in a thread of its own, from the build even where sources are run, as tests do.
 *
 * @returns null when it was stopped
 * @throws what the kernel or the world's compiler threw
 */
export async function playPart(
  premises: PartPremises,
  { signal, totalsOf }: PartWatch,
): Promise<PartOutcome | null> {
  if (signal.aborted) return null;
  const file = join(projectRoot, 'dist/libs/simulation-runs/src/part-thread.js');
  const thread = new Worker(file, { workerData: premises });
  const stop = (): void => void thread.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<PartOutcome | null>((resolve, reject) => {
      let outcome: PartOutcome | null = null;
      thread.on('message', (word: PartWord) => {
        if (word.kind !== 'want') {
          outcome = word;
          return;
        }
        const reply = async (): Promise<void> => {
          const answer: PartReply = { part: word.part, bytes: await totalsOf(word.part) };
          thread.postMessage(answer);
        };
        reply().catch(reject);
      });
      thread.on('error', reject);
      thread.on('exit', () => {
        if (outcome !== null || signal.aborted) resolve(outcome);
        else reject(new Error('the thread of a simulation ended without a word'));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
