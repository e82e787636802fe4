import { accepted, rejected, type Outcome, type Rejection } from '#domain/rejection';
import type { z } from 'zod';

/**
 * Reads a message from a partner. A `null` field counts as absent (docs/sources.md A1.2), and what
 * does not fit becomes a PARAM_ILLEGAL whose detail names the field and what to do, since the
 * person who reads it is an integrator in front of a log.
 */
export function readWire<S extends z.ZodType>(schema: S, body: unknown): Outcome<z.output<S>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return rejected('PARAM_ILLEGAL', 'The body must be a JSON object.');
  }
  const parsed = schema.safeParse(withoutNulls(body), { error: explain });
  return parsed.success
    ? accepted(parsed.data)
    : { ok: false, rejection: rejectionOfIssues(parsed.error) };
}

/** The rejection of a failed parse: the first issue in full, the paths of the others. */
export function rejectionOfIssues(error: z.ZodError): Rejection {
  const [first, ...others] = error.issues;
  if (first === undefined) return { code: 'PARAM_ILLEGAL', detail: 'The message is not valid.' };
  const field = pathText(first.path);
  const paths = [...new Set(others.map((issue) => pathText(issue.path)))].filter(
    (path) => path !== field,
  );
  const also = paths.length === 0 ? '' : ` Also not valid: ${paths.slice(0, 10).join(', ')}.`;
  const subject = field === '' ? 'The message' : field;
  return { code: 'PARAM_ILLEGAL', detail: `${subject} ${first.message}.${also}`, field };
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${String(part)}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}`;
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'string'
      ? `is longer than ${issue.maximum} characters`
      : `has more than ${issue.maximum} items`;
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'string' ? 'must not be empty; leave it out' : 'has too few items';
  }
  if (issue.code === 'invalid_value') {
    const choice = issue.values.map(String).join(', ');
    return issue.input === undefined ? 'is required' : `must be one of ${choice}`;
  }
  return undefined;
}

function article(expected: string): string {
  return expected === 'object' || expected === 'array' ? `an ${expected}` : `a ${expected}`;
}

/** Most messages hold no null at all, so they are looked through first and copied only if needed. */
function withoutNulls(value: unknown): unknown {
  if (!holdsNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value as object)) {
    // An own `__proto__` would set the copy's prototype; no message has such a field.
    if (item !== null && key !== '__proto__') kept[key] = withoutNulls(item);
  }
  return kept;
}

function holdsNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsNull);
  return Object.values(value).some((item) => item === null || holdsNull(item));
}
