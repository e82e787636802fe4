import { ExplainedError } from '#platform/explained-error';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A record with the place it was read from, so that a later fault can still name it. */
export interface Line<T> {
  readonly file: string;
  readonly line: number;
  readonly value: T;
}

/** The fault of one field of one line of a data file. */
export function dataFault(
  at: Pick<Line<unknown>, 'file' | 'line'>,
  field: string,
  message: string,
): ExplainedError {
  return new ExplainedError(`${at.file}, line ${String(at.line)}, ${field}: ${message}`);
}

/**
 * Reads a file of one JSON record a line. Blank lines are skipped.
 *
 * @throws ExplainedError naming file, line and field of the first record that does not fit
 */
export function readJsonl<T>(file: string, schema: z.ZodType<T>): Line<T>[] {
  const lines: Line<T>[] = [];
  for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (text.trim() === '') continue;
    const at = { file, line: index + 1 };
    lines.push({ ...at, value: parseLine(at, text, schema) });
  }
  return lines;
}

function parseLine<T>(
  at: Pick<Line<unknown>, 'file' | 'line'>,
  text: string,
  schema: z.ZodType<T>,
): T {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw dataFault(at, 'record', `is not JSON (${error instanceof Error ? error.message : ''})`);
  }
  const parsed = schema.safeParse(record);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw dataFault(at, issue?.path.map(String).join('.') ?? '', issue?.message ?? 'does not fit');
}
