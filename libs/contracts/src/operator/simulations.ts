import { z } from 'zod';
import { simulationRun } from '../simulation/run.js';
import { pageSchema } from './paging.js';

const MOST_REPLICATIONS = 10_000;

/** What to play: a scenario that ships, by name, or a whole document of one. */
export const simulationRequest = z
  .strictObject({
    scenario: z
      .union([
        z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'give the name of a scenario that ships'),
        z.record(z.string(), z.unknown()),
      ])
      .describe('A shipped name, or a document as a scenario file holds it'),
    set: z
      .array(z.string().max(200))
      .max(100)
      .default([])
      .describe('Figures to change, as `path=value`'),
    seed: z.int().min(0).default(7),
    replications: z
      .int()
      .min(1)
      .max(MOST_REPLICATIONS)
      .optional()
      .describe('The scenario’s own number if left out'),
    assumptionDraws: z.int().min(0).max(1_000).default(32),
    fidelity: z.enum(['exact', 'fast', 'fluid']).optional(),
  })
  .meta({ title: 'SimulationRequest' });
export type SimulationRequest = z.infer<typeof simulationRequest>;

export const simulationJob = z
  .object({
    id: z.string(),
    scenario: z.object({ name: z.string(), hash: z.string() }),
    seed: z.number(),
    fidelity: z.enum(['exact', 'fast', 'fluid']),
    state: z.enum(['queued', 'running', 'done', 'cancelled', 'failed']),
    replications: z.int(),
    replicationsDone: z.int(),
    share: z.number().describe('0 to 1'),
    etaSeconds: z.number().nullable().describe('Null until a replication is whole'),
    workers: z.array(z.string()).describe('Processes that play a part just now'),
    resultHash: z.string().nullable(),
    fault: z.string().nullable(),
    askedBy: z.string(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ title: 'SimulationJob' });
export type SimulationJob = z.infer<typeof simulationJob>;

export const simulationJobPage = pageSchema(simulationJob).meta({ title: 'SimulationJobPage' });

export { simulationRun };
