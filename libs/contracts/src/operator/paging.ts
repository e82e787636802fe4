import { z } from 'zod';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const NOT_A_CURSOR = 'must be the nextCursor of an earlier page, unchanged';

/**
 * Lists are read page by page with a cursor instead of an offset, so that a record added meanwhile
 * neither repeats nor hides another. The cursor is opaque to callers; it is the last key shown.
 */
export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, { error: NOT_A_CURSOR, abort: true })
    .max(200)
    .refine(holdsKey, NOT_A_CURSOR)
    .optional()
    .meta({ description: 'The nextCursor of the page before; absent for the first page.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: `Records of a page, 1 to ${String(MAX_LIMIT)}.` }),
});

/** Our keys are printable; anything else was never a cursor, and a database may not take it. */
function holdsKey(cursor: string): boolean {
  return /^[\x20-\x7e]+$/.test(Buffer.from(cursor, 'base64url').toString('latin1'));
}

export type PageQuery = z.infer<typeof pageQuerySchema>;

/** One page; `nextCursor` is null on the last one. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The key the page begins after, or undefined for the first page. */
export function keyOfCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
}

/**
 * Makes a page of rows read with one more than `limit`: the surplus row tells that there is a
 * next page without counting them all.
 */
export function pageOf<T>(rows: readonly T[], limit: number, keyOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items,
    nextCursor: more ? Buffer.from(keyOf(last), 'utf8').toString('base64url') : null,
  };
}
