import type { z } from 'zod';
import { figureKindOf } from './figure-schema.js';
import { wholeScenarioSchema } from './file-schema.js';
import { findingsOf, unknownKey } from './issue-words.js';
import { isTree } from './merge-layers.js';
import { pointerOf } from './scenario-fault.js';
import type { Path, ScenarioFault } from './scenario-fault.js';
import { bare, keysOf, schemaAt, valueAt } from './schema-walk.js';

/** What `--set` asked for, put into a scenario. */
export interface Settings {
  readonly value: Readonly<Record<string, unknown>>;
  readonly faults: readonly ScenarioFault[];
  /** JSON pointers of what was set. */
  readonly pointers: readonly string[];
}

const AT = { file: '--set', line: null, column: null };

/**
 * Applies `path=value` words in their order. A number set where a figure stands becomes a figure
 * that says it was asked for; the former range and source do not belong to it and go.
 *
 * @param words e.g. `fees.mdrBps=150`, `corridors.origins=TH,KR`, `shocks.0.percent=-12`
 */
export function applySettings(
  scenario: Readonly<Record<string, unknown>>,
  words: readonly string[],
): Settings {
  let value = scenario;
  const faults: ScenarioFault[] = [];
  const pointers: string[] = [];
  for (const word of words) {
    const applied = applyOne(value, word);
    if ('fault' in applied) {
      faults.push({ at: AT, ...applied.fault });
    } else {
      value = applied.value;
      pointers.push(applied.pointer);
    }
  }
  return { value, faults, pointers };
}

type Applied =
  | { readonly value: Readonly<Record<string, unknown>>; readonly pointer: string }
  | { readonly fault: { readonly pointer: string; readonly message: string } };

function applyOne(scenario: Readonly<Record<string, unknown>>, word: string): Applied {
  const equals = word.indexOf('=');
  if (equals < 1) {
    return { fault: { pointer: '', message: `${word} is not path=value, e.g. fees.mdrBps=150` } };
  }
  const path = word.slice(0, equals).split('.');
  const text = word.slice(equals + 1).trim();
  const pointer = pointerOf(path);
  const lost = firstUnknown(scenario, path);
  if (lost !== undefined) return { fault: lost };
  const schema = schemaAt(wholeScenarioSchema, path, withPath(scenario, path, undefined));
  if (schema === undefined) return { fault: { pointer, message: 'cannot be set' } };
  const kind = figureKindOf(schema);
  if (kind !== undefined && text !== 'null' && !isNumber(text)) {
    const message = `${JSON.stringify(text)} is no number; write it without its unit, e.g. ${path.join('.')}=${String(Math.max(1, kind.least))}`;
    return { fault: { pointer, message } };
  }
  const value = kind === undefined || text === 'null' ? plainValue(text, schema) : asked(text);
  const [finding] = findingsOf(bare(schema), value);
  if (finding !== undefined && !(text === 'null' && isNullable(path, scenario))) {
    return { fault: { pointer: pointerOf([...path, ...finding.path]), message: finding.message } };
  }
  return { value: withPath(scenario, path, value), pointer };
}

/** The first key of a path that the format does not have, or a place in a list that is empty. */
function firstUnknown(scenario: unknown, path: Path) {
  for (let length = 1; length <= path.length; length++) {
    const part = path.slice(0, length);
    const key = String(part.at(-1));
    const parentPath = part.slice(0, -1);
    const parent = valueAt(scenario, parentPath);
    if (Array.isArray(parent)) {
      if (/^\d+$/.test(key) && Number(key) < parent.length) continue;
      const message = `has ${String(parent.length)} entries, counted from 0; there is no ${key}`;
      return { pointer: pointerOf(parentPath), message };
    }
    const parentSchema = schemaAt(wholeScenarioSchema, parentPath, scenario);
    if (parentSchema !== undefined && figureKindOf(parentSchema) !== undefined) {
      const message = 'is a figure and is set as a whole: leave out what follows its name';
      return { pointer: pointerOf(parentPath), message };
    }
    if (schemaAt(wholeScenarioSchema, part, scenario) !== undefined) continue;
    return { pointer: pointerOf(part), message: unknownKey(key, keysOf(parentSchema)) };
  }
  return undefined;
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

function asked(text: string) {
  return { value: Number(text), because: 'asked for on the command line', quality: 'fictional' };
}

/** A word of the command line as the format would have it; one name where a list stands is a list. */
function plainValue(text: string, schema: z.ZodType): unknown {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const items = text.split(',').map((item) => item.trim());
  const single = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return [single, items].find((value) => schema.safeParse(value).success) ?? single;
}

/** Whether `null` is allowed is judged with the whole scenario; here it only must not be refused. */
function isNullable(path: Path, scenario: Readonly<Record<string, unknown>>): boolean {
  return findingsOf(wholeScenarioSchema, withPath(scenario, path, null)).length === 0;
}

function withPath<T>(tree: T, path: Path, value: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  if (Array.isArray(tree)) {
    return tree.map((item: unknown, i) =>
      i === Number(key) ? withPath(item, rest, value) : item,
    ) as T;
  }
  const below: Readonly<Record<string, unknown>> = isTree(tree) ? tree : {};
  return { ...below, [String(key)]: withPath(below[String(key)], rest, value) } as T;
}
