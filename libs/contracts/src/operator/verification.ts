import { z } from 'zod';

/** What `wayfare verify` and `GET /api/invariants` find. */
export const invariantsReport = z
  .object({
    ok: z.boolean().describe('Whether every invariant holds'),
    checks: z.array(
      z.object({
        name: z.string().describe('Stable, kebab-case: alert on it'),
        ok: z.boolean(),
        why: z.string(),
        offenders: z
          .array(z.object({ offender: z.string(), detail: z.string() }))
          .describe('The first rows that break it'),
        count: z.int().describe('How many rows break it'),
        durationMs: z.int(),
      }),
    ),
  })
  .meta({ title: 'InvariantsReport' });

export type InvariantsReport = z.infer<typeof invariantsReport>;
