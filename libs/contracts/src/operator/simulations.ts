import { z } from 'zod';
import { simulationRun } from '../simulation/run.js';
import { pageSchema } from './paging.js';

const MOST_REPLICATIONS = 10_000;
/** As deep as a message on the partner wire may be; what ships goes six levels deep. */
const MOST_LEVELS = 32;
/** A dozen times what the largest scenario that ships says. Judging takes the square of it. */
const MOST_VALUES = 10_000;

/**
 * Level by level: a document a megabyte deep or wide is refused before anybody walks through it.
 *
 * @returns undefined where the document may be judged
 */
function faultOfMeasure(document: unknown): string | undefined {
  let level = [document];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MOST_LEVELS) return `is nested deeper than ${String(MOST_LEVELS)} levels`;
    if (values > MOST_VALUES) return `holds more than ${String(MOST_VALUES)} values`;
    level = level.flatMap((node): unknown[] =>
      typeof node === 'object' && node !== null ? Object.values(node) : [],
    );
  }
  return undefined;
}

/** What to play: a scenario that ships, by name, or a whole document of one. */
export const simulationRequest = z
  .strictObject({
    scenario: z
      .union([
        z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'give the name of a scenario that ships'),
        z.record(z.string(), z.unknown()),
      ])
      .superRefine((asked, context) => {
        const fault = faultOfMeasure(asked);
        if (fault !== undefined) context.addIssue(fault);
      })
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
