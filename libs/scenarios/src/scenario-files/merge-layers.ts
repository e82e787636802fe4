import { pointerOf } from './scenario-fault.js';
import type { Path } from './scenario-fault.js';

type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A figure is one thing: a child's number must not keep its parent's range or source. */
export function isFigure(value: unknown): boolean {
  return isTree(value) && 'value' in value;
}

/** Which layer a value comes from, and where it stands there. */
export interface Origin {
  readonly layer: number;
  readonly path: Path;
}

/** A chain put together: the values, and by JSON pointer where each comes from. */
export interface Merged {
  readonly value: Tree;
  readonly origins: ReadonlyMap<string, Origin>;
}

/**
 * Puts a chain of files together, the first one at the bottom. Maps are merged key by key; a
 * figure, a list or anything else replaces what was there, and `{ add: [...] }` adds to a list.
 */
export function mergeLayers(layers: readonly unknown[]): Merged {
  const origins = new Map<string, Origin>();
  let value: unknown = {};
  layers.forEach((layer, index) => {
    value = merge(value, layer, { origins, layer: index }, [], []);
  });
  return { value: isTree(value) ? value : {}, origins };
}

interface Marks {
  readonly origins: Map<string, Origin>;
  readonly layer: number;
}

function merge(below: unknown, above: unknown, marks: Marks, to: Path, from: Path): unknown {
  if (isAddition(above)) {
    const kept: readonly unknown[] = Array.isArray(below) ? below : [];
    const added = above.add.map((item, i) => {
      const at = [...to, kept.length + i];
      mark(item, marks, at, [...from, 'add', i]);
      return item;
    });
    return [...kept, ...added];
  }
  if (!isTree(above) || isFigure(above) || !isTree(below) || isFigure(below)) {
    mark(above, marks, to, from);
    return isTree(above) && !isFigure(above) ? resolved(above) : above;
  }
  const merged: Record<string, unknown> = { ...below };
  marks.origins.set(pointerOf(to), { layer: marks.layer, path: from });
  for (const [key, item] of Object.entries(above)) {
    if (item === undefined) continue;
    merged[key] = merge(below[key], item, marks, [...to, key], [...from, key]);
  }
  return merged;
}

/** An addition with nothing below it is the list itself. */
function resolved(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [key, isAddition(item) ? item.add : item]),
  );
}

function isAddition(value: unknown): value is { readonly add: readonly unknown[] } {
  return isTree(value) && Object.keys(value).length === 1 && Array.isArray(value['add']);
}

function mark(value: unknown, marks: Marks, to: Path, from: Path): void {
  marks.origins.set(pointerOf(to), { layer: marks.layer, path: from });
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      mark(item, marks, [...to, i], [...from, i]);
    });
  } else if (isAddition(value)) {
    value.add.forEach((item, i) => {
      mark(item, marks, [...to, i], [...from, 'add', i]);
    });
  } else if (isTree(value)) {
    for (const [key, item] of Object.entries(value)) {
      mark(item, marks, [...to, key], [...from, key]);
    }
  }
}
