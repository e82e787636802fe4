import { z } from 'zod';

/** Version of the manifest's form; a reader refuses one it does not know. */
export const MANIFEST_SCHEMA = 'wayfare.file-manifest/1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256');
const columns = z.record(z.string(), sha256);

/**
 * What was written for a participant about a cycle, by content. Columns are digested one by one,
 * each cell followed by a line feed, so that a changed cell is named although nothing can be
 * computed from it.
 */
export const fileManifest = z
  .object({
    schema: z.literal(MANIFEST_SCHEMA),
    participant: z.string(),
    role: z.enum(['wallet', 'acquirer']),
    cycle: z.string(),
    currency: z.string(),
    seq: z.int().min(0).max(999),
    ledgerHead: z.object({ block: z.int().min(0), hash: z.string() }).nullable(),
    proofHash: sha256,
    files: z.array(
      z.object({
        name: z.string(),
        bytes: z.int().min(0),
        sha256,
        lines: z.int().min(0).nullable().describe('Detail lines of a CSV file'),
        columns: z.object({ summary: columns, detail: columns }).nullable(),
      }),
    ),
    hash: sha256.describe('Over all of the above, as canonical text'),
  })
  .meta({ title: 'FileManifest' });

export type FileManifest = z.infer<typeof fileManifest>;

/** The exact text whose SHA-256 is the manifest's hash: keys in order, no spaces, no `hash`. */
export function canonicalManifestText(manifest: Omit<FileManifest, 'hash'>): string {
  return JSON.stringify(manifest, (key, value: unknown) => {
    if (key === 'hash') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
