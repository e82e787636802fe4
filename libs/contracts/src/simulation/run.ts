import { z } from 'zod';
import { simulationAnswers } from './answers.js';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a day');
const fidelity = z.enum(['exact', 'fast', 'fluid']);
const widest = z
  .object({ id: z.string(), relativeError: z.number().nullable() })
  .nullable()
  .describe('The least sure headline, and its half-width against its mean');

/** A headline with its 95 % interval, chance and assumptions told apart. */
export const headlineResult = z
  .object({
    id: z.string(),
    title: z.string(),
    unit: z.enum(['count', 'usd', 'percent', 'bps', 'ratio', 'hours', 'ms', 'number']),
    better: z.enum(['more', 'less', 'neither']),
    mean: z.number(),
    low: z.number(),
    high: z.number(),
    samplingHalfWidth: z.number().nullable().describe('Of chance alone; null where not known'),
    samplingLow: z.number().nullable().describe('Lower end of the 95 % interval of chance alone'),
    samplingHigh: z.number().nullable().describe('Its upper end'),
    assumption: z
      .object({
        below: z.number(),
        above: z.number(),
        halfWidth: z.number(),
        shift: z.number(),
        draws: z.int(),
      })
      .nullable(),
    fidelity: fidelity.describe('Which kernel the mean comes from'),
    assumptionFidelity: fidelity.nullable(),
  })
  .meta({ title: 'HeadlineResult' });

/** A run as files and the API give it: no clock and no machine in it, so equal runs are equal bytes. */
export const simulationRun = z
  .object({
    wayfareRun: z.literal(1),
    scenario: z.object({
      name: z.string(),
      title: z.string(),
      hash: z.string(),
      from: day,
      to: day,
    }),
    seed: z.number(),
    fidelity,
    product: z.string(),
    replications: z.int().min(1),
    replicationsAsked: z.int().min(1),
    partial: z.boolean().describe('Interrupted: what is here is whole, and less than was asked'),
    precision: z.object({
      asked: z.number().nullable(),
      reached: z.boolean().nullable(),
      widest,
    }),
    purchases: z.number().min(0),
    payments: z.number().min(0),
    merchants: z.int().min(0),
    assumptionDraws: z.int().min(0),
    resultHash: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex'),
    remarks: z.array(z.string()),
    headlines: z.array(headlineResult),
    answers: simulationAnswers.describe('Of the mean of all replications'),
  })
  .meta({ title: 'SimulationRun' });

export type SimulationRunDocument = z.infer<typeof simulationRun>;
