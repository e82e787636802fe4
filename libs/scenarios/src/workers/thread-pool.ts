import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '#platform/project-root';
import type { ThreadPremises, ThreadResult, ThreadTask, ThreadWord } from './thread-words.js';

/** Starts one thread; tests start ones that die. */
export type StartThread = (premises: ThreadPremises) => Worker;

/** How often a task is given to another thread after one died over it. */
const MOST_ATTEMPTS = 4;

export interface PoolWatch {
  /** The next task, or undefined when there is none just now. */
  next(): ThreadTask | undefined;
  done(task: ThreadTask, result: ThreadResult): void;
  /** A long task tells how many purchases it has played since it began. */
  underway?(task: ThreadTask, purchases: number): void;
}

interface Thread {
  readonly worker: Worker;
  task: ThreadTask | undefined;
}

/** From the build even where sources are run, as tests do: a thread has no loader of its own. */
function startThread(premises: ThreadPremises): Worker {
  const file = join(projectRoot, 'dist/libs/scenarios/src/workers/play-thread.js');
  return new Worker(file, { workerData: premises });
}

/**
 * Keeps some threads at work until nothing is left. A thread that dies is replaced and its task
 * done again; a task that throws is a fault of the kernel and ends everything.
 */
export class ThreadPool {
  private readonly threads = new Set<Thread>();
  private readonly again: ThreadTask[] = [];
  private readonly attempts = new Map<ThreadTask, number>();
  private settle: { resolve: () => void; reject: (fault: Error) => void } | undefined;

  constructor(
    private readonly premises: ThreadPremises,
    private readonly watch: PoolWatch,
    private readonly start: StartThread = startThread,
  ) {}

  /** Resolves when `next` has nothing more and every task is done, or after `stop`. */
  async run(threads: number): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    for (let i = 0; i < threads; i++) this.startOne();
    this.giveOut();
    try {
      await finished;
    } finally {
      this.settle = undefined;
      await Promise.all([...this.threads].map(({ worker }) => worker.terminate()));
    }
  }

  /** Ends at once; tasks under way are lost, which costs nothing but their time. */
  stop(): void {
    this.settle?.resolve();
  }

  private startOne(): void {
    const thread: Thread = { worker: this.start(this.premises), task: undefined };
    this.threads.add(thread);
    thread.worker.on('message', (word: ThreadWord) => this.receive(thread, word));
    thread.worker.on('error', (fault: unknown) => this.fail(thread, fault));
    thread.worker.on('exit', () => this.replace(thread));
  }

  private giveOut(): void {
    for (const thread of this.threads) {
      if (thread.task !== undefined) continue;
      thread.task = this.again.pop() ?? this.watch.next();
      if (thread.task === undefined) break;
      thread.worker.postMessage(thread.task);
    }
    if ([...this.threads].every(({ task }) => task === undefined)) this.settle?.resolve();
  }

  private receive(thread: Thread, word: ThreadWord): void {
    const { task } = thread;
    if (task === undefined || this.settle === undefined) return;
    try {
      if (word.kind === 'underway') {
        this.watch.underway?.(task, word.purchases);
        return;
      }
      thread.task = undefined;
      this.attempts.delete(task);
      this.watch.done(task, word.result);
      this.giveOut();
    } catch (fault) {
      this.settle.reject(fault instanceof Error ? fault : new Error(String(fault)));
    }
  }

  private fail(thread: Thread, fault: unknown): void {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    // A thread short of memory is one that died; anything else it threw, it would throw again.
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return;
    this.threads.delete(thread);
    this.settle?.reject(fault instanceof Error ? fault : new Error(String(fault)));
  }

  private replace(thread: Thread): void {
    if (!this.threads.delete(thread) || this.settle === undefined) return;
    const { task } = thread;
    if (task !== undefined) {
      const attempts = (this.attempts.get(task) ?? 1) + 1;
      if (attempts > MOST_ATTEMPTS) {
        this.settle.reject(
          new Error(`a simulation thread died ${String(MOST_ATTEMPTS)} times over one task`),
        );
        return;
      }
      this.attempts.set(task, attempts);
      this.again.push(task);
    }
    this.startOne();
    this.giveOut();
  }
}
