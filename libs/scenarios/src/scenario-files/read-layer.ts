import { readFileSync, statSync } from 'node:fs';
import { LineCounter, isMap, isNode, isPair, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { pointerOf } from './scenario-fault.js';
import type { Path, Place, ScenarioFault } from './scenario-fault.js';

/** More is no scenario: it is a wrong file, and parsing it would only take long. */
const MOST_BYTES = 1_000_000;

const NOTHING_IN_IT = 'has nothing in it; `wayfare sim init <name>` writes a file to start from';
const TOO_MANY_ALIASES = 'repeats parts of itself by * too often; write out what they stand for';

/** One file of a chain, parsed but not yet judged. */
export interface Layer {
  /** As shown to a person. */
  readonly file: string;
  /** Where the file lies, to resolve what it extends. */
  readonly path: string;
  readonly value: unknown;
  /** Where the value at a path stands, or the nearest thing around it that is there. */
  readonly place: (path: Path) => Place;
  /** Where the key that names the value stands. */
  readonly placeOfKey: (path: Path) => Place;
}

export type LayerOrFaults =
  | { readonly ok: true; readonly layer: Layer }
  | { readonly ok: false; readonly faults: readonly ScenarioFault[] };

/** Reads a YAML or JSON file. */
export function readLayer(path: string, shownAs: string): LayerOrFaults {
  let text: string;
  try {
    const there = statSync(path);
    if (there.isDirectory()) return fails(shownAs, 'is a folder; name a file in it');
    if (there.size > MOST_BYTES) {
      return fails(
        shownAs,
        `is larger than a scenario can be (${String(MOST_BYTES)} bytes); is it another file?`,
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fails(shownAs, unreadable(error));
  }
  return parseLayer(text, path, shownAs);
}

/** Parses the text of a file. */
export function parseLayer(text: string, path: string, shownAs: string): LayerOrFaults {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: shownAs, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    // What follows the first slip of syntax is mostly its consequence; keys that are here twice are not.
    const others = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY').slice(0, 1);
    const twice = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
    return {
      ok: false,
      faults: [
        ...twice.map(({ pos }) => {
          const twicePath = pathOfKey(document.contents, pos[0]);
          const key = twicePath === undefined ? 'a key' : String(twicePath.at(-1));
          const message = `${key} is here twice; keep one`;
          return { at: placeAt(pos[0]), pointer: pointerOf(twicePath ?? []), message };
        }),
        ...others.map(({ pos, code, message }) => ({
          at: placeAt(pos[0]),
          pointer: '',
          message: notYaml(code, message),
        })),
      ],
    };
  }
  if (document.contents === null) return fails(shownAs, NOTHING_IN_IT);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return fails(shownAs, TOO_MANY_ALIASES);
  }
  return {
    ok: true,
    layer: {
      file: shownAs,
      path,
      value,
      place: (at) => placeAt(offsetOf(nearestNode(document, at))),
      placeOfKey: (at) => placeAt(keyOffset(document, at)),
    },
  };
}

function notYaml(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'begins a second document; keep one, without --- between';
  const first = message.split('\n')[0] ?? '';
  return /call stack/i.test(first)
    ? 'is nested too deep for a scenario; is it another file?'
    : `is not YAML or JSON: ${first}`;
}

/** In words, where the system has only a code for it. */
function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by you; see its permissions';
  return `cannot be read: ${error instanceof Error ? error.message : ''}`;
}

/** Where the key that begins at a place of the text leads. */
function pathOfKey(node: unknown, offset: number): Path | undefined {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isNode(key) ? String(key) : '';
      if (isNode(key) && offsetOf(key) === offset) return [name];
      const below = pathOfKey(value, offset);
      if (below !== undefined) return [name, ...below];
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const below = pathOfKey(item, offset);
      if (below !== undefined) return [index, ...below];
    }
  }
  return undefined;
}

function fails(file: string, message: string): LayerOrFaults {
  return { ok: false, faults: [{ at: { file, line: null, column: null }, pointer: '', message }] };
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function nearestNode(document: Document.Parsed, path: Path): Node | null {
  for (let length = path.length; length > 0; length--) {
    const found = document.getIn(path.slice(0, length), true);
    if (isNode(found)) return found;
  }
  return document.contents;
}

function keyOffset(document: Document.Parsed, path: Path): number {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const name = path.at(-1);
    const pair = parent.items.find(
      (item) => isPair(item) && isNode(item.key) && String(item.key) === String(name),
    );
    if (pair !== undefined && isNode(pair.key)) return offsetOf(pair.key);
  }
  return offsetOf(nearestNode(document, path));
}
