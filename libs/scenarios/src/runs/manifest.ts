import { z } from 'zod';
import { FIDELITIES, type Scenario } from '#simulation/scenario';

/** A file of a run, by its name in the folder. */
const fileSchema = z.strictObject({
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Null for what is no table. */
  rows: z.int().nonnegative().nullable(),
});

/**
 * What `manifest.json` says: all that is needed to play the run again and to tell whether its files
 * are as they were written. The only file of a run with a clock in it.
 */
export const manifestSchema = z.strictObject({
  wayfareRun: z.literal(1),
  product: z.string(),
  node: z.string(),
  scenario: z.strictObject({
    name: z.string(),
    title: z.string(),
    hash: z.string(),
    /** As it was asked for: a name or a path, and what was set on the command line. */
    given: z.string(),
    set: z.array(z.string()),
    /** After `extends` and `set`: this is what is played again. */
    resolved: z.looseObject({ wayfareScenario: z.literal(1) }),
  }),
  /** SHA-256 of each folder of shipped figures. */
  inputs: z.record(z.string(), z.string()),
  seed: z.number(),
  fidelity: z.enum(FIDELITIES),
  replications: z.int().positive(),
  replicationsAsked: z.int().positive(),
  untilRelativeError: z.number().nullable(),
  assumptionDraws: z.int().nonnegative(),
  partial: z.boolean(),
  resultHash: z.string(),
  counts: z.strictObject({ purchases: z.number(), payments: z.number(), merchants: z.number() }),
  jobs: z.int().positive(),
  startedAt: z.string(),
  elapsedMs: z.int().nonnegative(),
  files: z.array(fileSchema),
});

type ParsedManifest = z.infer<typeof manifestSchema>;
export type RunFile = ParsedManifest['files'][number];

export type RunManifest = Omit<ParsedManifest, 'scenario'> & {
  readonly scenario: Omit<ParsedManifest['scenario'], 'resolved'> & { readonly resolved: Scenario };
};

export const MANIFEST_FILE = 'manifest.json';
