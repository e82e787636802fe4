import { QUEUE_STAGES } from '#domain/queues/queue-stages';
import { z } from 'zod';

const instant = z.iso.datetime();

export const queueStage = z.enum(QUEUE_STAGES).meta({
  description: 'relay: from the outbox to the queue; posting: from the queue into the books.',
});

export const queueStageView = z
  .object({
    stage: queueStage,
    state: z.enum(['running', 'draining', 'paused']),
    changedAt: instant,
    changedBy: z.string(),
    reason: z.string(),
    obeyed: z.boolean().meta({ description: 'Whether every live process does as it says.' }),
  })
  .meta({ id: 'QueueStage' });
export type QueueStageView = z.infer<typeof queueStageView>;

const processView = z
  .object({
    name: z.string(),
    backend: z.enum(['postgres', 'redis']),
    alive: z.boolean().meta({ description: 'It was heard of in the last five seconds.' }),
    startedAt: instant,
    seenAt: instant,
    relay: z.boolean().meta({ description: 'Whether it takes batches out of the outbox.' }),
    posting: z.boolean().meta({ description: 'Whether it takes jobs out of the queue.' }),
    inHand: z.int().meta({ description: 'Batches it is posting.' }),
    posted: z.int().meta({ description: 'Entries since its start.' }),
  })
  .meta({ id: 'ClearingProcess' });

const leaseView = z
  .object({
    batchNo: z.int(),
    entries: z.int(),
    relay: z.string(),
    ageSeconds: z.number(),
    endsInSeconds: z.number(),
  })
  .meta({ id: 'BatchLease' });

export const queuesView = z
  .object({
    at: instant,
    stages: z.array(queueStageView),
    outbox: z.object({
      waiting: z.int(),
      aside: z.int().meta({ description: 'Refused by the books; see dead letters.' }),
      oldestSeconds: z.number().meta({ description: 'Age of the oldest that waits; 0 if none.' }),
    }),
    inFlight: z.object({
      batches: z.int().meta({ description: 'Leased to the queue and not posted yet.' }),
      entries: z.int(),
      leases: z.array(leaseView).meta({ description: 'The oldest 20.' }),
    }),
    perSecond: z.object({
      arrivals: z.number().meta({ description: 'Entries staged, over the last minute.' }),
      posted: z.number().meta({ description: 'Entries posted, over the last minute.' }),
    }),
    deadLetters: z.record(z.string(), z.int()),
    processes: z.array(processView),
  })
  .meta({ id: 'Queues' });
export type QueuesView = z.infer<typeof queuesView>;

export const queueScaling = z
  .object({
    workersAlive: z.int(),
    workersWanted: z.int(),
    backlog: z.int(),
    arrivalsPerSecond: z.number(),
    perWorkerPerSecond: z
      .number()
      .nullable()
      .meta({ description: 'Entries a never idle process posts; null until it was measured.' }),
  })
  .meta({ id: 'QueueScaling' });
export type QueueScaling = z.infer<typeof queueScaling>;

export const stageOrder = z
  .object({ reason: z.string().min(1).max(500) })
  .meta({ title: 'StageOrder' });
export type StageOrder = z.infer<typeof stageOrder>;

/** The stages an order in the path names. */
export const stageChoice = z.enum([...QUEUE_STAGES, 'all']);
export const stageVerb = z.enum(['pause', 'drain', 'resume']);
export type StageVerb = z.infer<typeof stageVerb>;
