import { readFileSync, statSync } from 'node:fs';
import { LineCounter, isMap, isNode, isPair, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Path, Place, ScenarioFault } from './scenario-fault.js';

/** More is no scenario: it is a wrong file, and parsing it would only take long. */
const MOST_BYTES = 1_000_000;

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
    if (statSync(path).size > MOST_BYTES) {
      return fails(shownAs, `is larger than a scenario can be (${String(MOST_BYTES)} bytes)`);
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fails(shownAs, `cannot be read: ${error instanceof Error ? error.message : ''}`);
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
      faults: [...twice, ...others].map((error) => ({
        at: placeAt(error.pos[0]),
        pointer: '',
        message: notYaml(error.code, error.message),
      })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return fails(shownAs, error instanceof Error ? error.message : 'cannot be read');
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
  const first = message.split('\n')[0] ?? '';
  return code === 'DUPLICATE_KEY'
    ? `a key is here twice; keep one (${first})`
    : `is not YAML: ${first}`;
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
