/** Rates are entries a second; none of this is near money, so it may be inexact. */
export interface QueueLoad {
  /** Entries that wait in the outbox and are not set aside. */
  readonly backlog: number;
  readonly arrivalsPerSecond: number;
  /** What one process posts when it is never idle; undefined until it was measured. */
  readonly perWorkerPerSecond: number | undefined;
}

/** A backlog is to be gone in so many seconds. */
export const CATCH_UP_SECONDS = 30;
/** Workers are to be busy for this part of their time: a queue in front of busier ones grows. */
export const TARGET_USE = 0.7;
/** Measured on two cores with batches of 500; only until the own rate is known. */
export const ASSUMED_PER_WORKER = 2_000;
/** Batches under way are limited to eight, two in each process: more processes would idle. */
export const MOST_WORKERS = 4;

/**
 * How many worker processes the load asks for, between one and four: enough to keep up with what
 * arrives and to post the backlog within 30 seconds, with a third of their time to spare.
 */
export function workersWanted(load: QueueLoad): number {
  const perWorker = load.perWorkerPerSecond ?? ASSUMED_PER_WORKER;
  const needed = load.arrivalsPerSecond + load.backlog / CATCH_UP_SECONDS;
  const wanted = Math.ceil(needed / (perWorker * TARGET_USE));
  return Math.min(Math.max(wanted, 1), MOST_WORKERS);
}
