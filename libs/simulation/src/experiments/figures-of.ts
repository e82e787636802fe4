import { invariant } from '#domain/invariant';
import type { Figure, Scenario } from '../scenario.js';

/** A figure and where it stands in its scenario: keys and list places joined by dots. */
export interface PlacedFigure {
  readonly path: string;
  readonly figure: Figure;
}

/** Every figure of a scenario, in the order of its keys. */
export function figuresOf(scenario: Scenario): PlacedFigure[] {
  const found: PlacedFigure[] = [];
  walk(scenario, '', found);
  return found;
}

/** Those of which it is known how wrong they may be. */
export function uncertainFigures(scenario: Scenario): PlacedFigure[] {
  return figuresOf(scenario).filter(
    ({ figure: { range } }) => range !== undefined && range.low < range.high,
  );
}

/** The scenario with other values in some places; ranges, sources and all else stay. */
export function withFigures(scenario: Scenario, values: ReadonlyMap<string, number>): Scenario {
  const left = new Set(values.keys());
  const changed = replaced(scenario, '', values, left) as Scenario;
  invariant(left.size === 0, `there is no figure at ${[...left].join(', ')}`);
  return changed;
}

/** Agreements know whole basis points only: a drawn or swung fee is one that could be agreed. */
export function agreeable(path: string, value: number): number {
  return path.endsWith('Bps') ? Math.floor(value + 0.5) : value;
}

function walk(node: unknown, path: string, found: PlacedFigure[]): void {
  if (isFigure(node)) found.push({ path, figure: node });
  else if (typeof node === 'object' && node !== null) {
    for (const [key, child] of Object.entries(node)) walk(child, joined(path, key), found);
  }
}

function replaced(
  node: unknown,
  path: string,
  values: ReadonlyMap<string, number>,
  left: Set<string>,
): unknown {
  if (isFigure(node)) {
    const value = values.get(path);
    if (value === undefined) return node;
    left.delete(path);
    return { ...node, value };
  }
  if (Array.isArray(node)) {
    return node.map((child, place) => replaced(child, joined(path, String(place)), values, left));
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, child]) => [
      key,
      replaced(child, joined(path, key), values, left),
    ]),
  );
}

export function isFigure(node: unknown): node is Figure {
  return (
    typeof node === 'object' &&
    node !== null &&
    'value' in node &&
    typeof node.value === 'number' &&
    'quality' in node
  );
}

export function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
