/** Entries go from the outbox to the queue (relay), and from the queue into the books (posting). */
export const QUEUE_STAGES = ['relay', 'posting'] as const;
export type QueueStage = (typeof QUEUE_STAGES)[number];

/** `draining` ends as `paused`, when what was there at its beginning is done. */
export type StageState = 'running' | 'draining' | 'paused';
export type StageStates = Readonly<Record<QueueStage, StageState>>;

/**
 * Whether a stage takes new work. The relay also rests while nothing behind it works: batches that
 * nobody posts only run out of their lease. Where both are drained it first carries what was
 * accepted, so that draining both empties the outbox.
 */
export function takesWork(stage: QueueStage, { relay, posting }: StageStates): boolean {
  switch (stage) {
    case 'posting':
      return posting !== 'paused';
    case 'relay':
      return relay !== 'paused' && (posting === 'running' || posting === relay);
  }
}
