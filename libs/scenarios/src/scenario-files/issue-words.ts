import { z } from 'zod';
import { figureKindOf } from './figure-schema.js';
import { isTree } from './merge-layers.js';
import { nearestName, sameInOtherUnit } from './nearest-name.js';
import type { Path } from './scenario-fault.js';
import { branchFor, keysOf, schemaAt, valueAt } from './schema-walk.js';

/** What a schema found, as a person should read it. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Whether the key is at fault rather than its value. */
  readonly atKey: boolean;
}

type Issue = z.core.$ZodIssue;

/** Judges a value and says in words what does not fit, and what to write instead. */
export function findingsOf(schema: z.ZodType, value: unknown): Finding[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => inWords(issue, schema, value));
}

function inWords(issue: Issue, schema: z.ZodType, value: unknown): Finding[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const given = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, path, value));
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key, known),
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    return [{ path, message: unknownKind(given), atKey: false }];
  }
  if (issue.code === 'invalid_union') {
    const deeper = unionFindings(schemaAt(schema, path, value), given, path);
    if (deeper !== undefined) return deeper;
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: wrongKey(path), atKey: true }];
  }
  const expected = schemaAt(schema, path, value);
  return [{ path, message: wrongValue(issue, given, path, schema, value, expected), atKey: false }];
}

/** A union says only that nothing fitted; the branch that was meant says what did not. */
function unionFindings(
  union: z.ZodType | undefined,
  given: unknown,
  path: Path,
): Finding[] | undefined {
  if (union === undefined) return undefined;
  const branch = branchFor(union, given);
  if (branch instanceof z.ZodUnion) return undefined;
  const findings = findingsOf(branch, given);
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
}

export function unknownKey(key: string, known: readonly string[]): string {
  const unit = sameInOtherUnit(key, known);
  if (unit !== undefined) return `unknown key; the unit is part of the key: ${unit}`;
  const near = nearestName(key, known);
  if (near !== undefined) return `unknown key; did you mean ${near}?`;
  return known.length === 0
    ? 'is not a name that can stand here'
    : `unknown key; known here: ${known.join(', ')}`;
}

function wrongKey(path: Path): string {
  const key = String(path.at(-1));
  return /^[a-z]{2}$/.test(key)
    ? `is no market; write ${key.toUpperCase()}`
    : 'is not a name that can stand here';
}

const SOURCE_FORM = 'source: "https://…" } or { value: …, because: "why you assume it" }';

function wrongValue(
  issue: Issue,
  given: unknown,
  path: Path,
  root: z.ZodType,
  value: unknown,
  expected: z.ZodType | undefined,
): string {
  const kind = expected === undefined ? undefined : figureKindOf(expected);
  if (given === undefined) return missing(path, kind !== undefined);
  if (kind !== undefined && !isTree(given)) return bareFigure(given);
  if (issue.code === 'too_big' || issue.code === 'too_small') {
    const owner = figureOwner(root, value, path);
    return outOfBounds(issue, given, owner);
  }
  if (issue.code === 'invalid_type' && issue.expected === 'number' && typeof given === 'string') {
    const digits = /-?\d+(\.\d+)?/.exec(given)?.[0];
    const number = digits === undefined ? 'a number' : `the number alone, ${digits}`;
    return `${JSON.stringify(given)} is a text; write ${number}: the unit is in the key's name`;
  }
  return byForm(issue, given, expected);
}

function byForm(issue: Issue, given: unknown, expected: z.ZodType | undefined): string {
  // JSON knows no such numbers and would show them as null.
  const isNoNumber = typeof given === 'number' && !Number.isFinite(given);
  const shown = isNoNumber ? String(given) : JSON.stringify(given);
  if (issue.code === 'invalid_format' && issue.format === 'date') {
    return `${shown} is no ISO date; write YYYY-MM-DD, e.g. 2025-03-31`;
  }
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    const near = typeof given === 'string' ? nearestName(given, words) : undefined;
    const all = words.length === 1 ? words.join('') : `one of ${words.join(', ')}`;
    const hint = near === undefined ? `write ${all}` : `did you mean ${near}?`;
    return `${shown} is not known here; ${hint}`;
  }
  if (issue.code === 'invalid_union') return unionMessage(given, shown);
  if (issue.code === 'invalid_format') {
    const text = String(given);
    if (/^[a-z]{2,3}$/.test(text))
      return `${shown} is no code; did you mean ${text.toUpperCase()}?`;
    const form = expected?.description;
    return `${shown} does not fit${form === undefined ? '' : `; here belongs: ${form}`}`;
  }
  if (issue.code === 'invalid_type') {
    return `${shown} does not fit; a ${expectedName(expected, issue.expected)} belongs here`;
  }
  return `${shown}: ${issue.message}`;
}

function unionMessage(given: unknown, shown: string | undefined): string {
  if (isTree(given)) return 'is neither a list nor add: with a list';
  return `${shown ?? 'nothing'} does not fit here`;
}

const SHOCK_KINDS = ['rate', 'visitors', 'outage', 'default'];

function unknownKind(given: unknown): string {
  if (given === undefined) return `is missing; a shock says its kind: ${SHOCK_KINDS.join(', ')}`;
  const near = typeof given === 'string' ? nearestName(given, SHOCK_KINDS) : undefined;
  const hint =
    near === undefined ? `write one of ${SHOCK_KINDS.join(', ')}` : `did you mean ${near}?`;
  return `no shock is of kind ${JSON.stringify(given)}; ${hint}`;
}

function expectedName(schema: z.ZodType | undefined, fallback: string): string {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return 'map of keys';
  if (schema instanceof z.ZodArray) return 'list';
  return fallback;
}

function missing(path: Path, isFigure: boolean): string {
  const key = String(path.at(-1) ?? '');
  return isFigure
    ? `is missing; write ${key}: { value: …, ${SOURCE_FORM}`
    : `is missing; ${key} must be there`;
}

function bareFigure(given: unknown): string {
  if (typeof given === 'number') {
    const value = String(given);
    return `is a number alone; say where it is from: { value: ${value}, source: "https://…" } or { value: ${value}, because: "why you assume it" }`;
  }
  const digits = typeof given === 'string' ? /-?\d+(\.\d+)?/.exec(given)?.[0] : undefined;
  const value = digits ?? '…';
  return `is no figure; write { value: ${value}, source: "https://…" } or { value: ${value}, because: "why you assume it" }, the unit is in the key's name`;
}

/** The kind of the figure that a path leads into. */
function figureOwner(root: z.ZodType, value: unknown, path: Path) {
  for (let length = path.length; length > 0; length--) {
    const schema = schemaAt(root, path.slice(0, length), value);
    const kind = schema === undefined ? undefined : figureKindOf(schema);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function outOfBounds(
  issue: Extract<Issue, { code: 'too_big' | 'too_small' }>,
  given: unknown,
  kind: ReturnType<typeof figureOwner>,
): string {
  if (Array.isArray(given)) return 'is an empty list; name at least one, or leave the key out';
  if (typeof given === 'string') return 'is too short to say anything';
  const unit = kind === undefined ? '' : ` ${kind.unit}`;
  const limit =
    issue.code === 'too_big'
      ? `above the most that makes sense here, ${String(issue.maximum)}${unit}`
      : `below the least that makes sense here, ${String(issue.minimum)}${unit}`;
  return `${String(given)} is ${limit}`;
}
