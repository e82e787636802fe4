import type { Figure, Scenario } from '../scenario.js';
import { isFigure, joined } from './figures-of.js';

/** Parts of a scenario that change what is played; its names and its way of running do not. */
export const SECTIONS = [
  'period',
  'corridors',
  'visitors',
  'spending',
  'wallets',
  'acceptance',
  'conduct',
  'fx',
  'fees',
  'settlement',
  'costs',
  'shocks',
] as const satisfies readonly (keyof Scenario)[];

export type Section = (typeof SECTIONS)[number];

/** One thing that the second scenario assumes otherwise. */
export interface Difference {
  readonly section: Section;
  readonly path: string;
  /** In words; null where it is not there at all. */
  readonly base: string | null;
  readonly other: string | null;
}

/** Everything that two scenarios assume differently, in the order of their keys. */
export function differencesOf(base: Scenario, other: Scenario): Difference[] {
  return SECTIONS.flatMap((section) => {
    const found: Omit<Difference, 'section'>[] = [];
    compare(base[section], other[section], section, found);
    return found.map((difference) => ({ section, ...difference }));
  });
}

/** The base with one part taken from the other: what that part alone does. */
export function withSection(base: Scenario, other: Scenario, section: Section): Scenario {
  return { ...base, [section]: other[section] };
}

/** Sections in which two scenarios differ. */
export function changedSections(base: Scenario, other: Scenario): Section[] {
  const changed = new Set(differencesOf(base, other).map(({ section }) => section));
  return SECTIONS.filter((section) => changed.has(section));
}

function compare(
  base: unknown,
  other: unknown,
  path: string,
  found: Omit<Difference, 'section'>[],
): void {
  if (isFigure(base) && isFigure(other)) {
    const [before, after] = [figureText(base), figureText(other)];
    if (before !== after) found.push({ path, base: before, other: after });
  } else if (Array.isArray(base) && Array.isArray(other)) {
    compareLists(base, other, path, found);
  } else if (isRecord(base) && isRecord(other)) {
    for (const key of new Set([...Object.keys(base), ...Object.keys(other)])) {
      compare(base[key], other[key], joined(path, key), found);
    }
  } else if (!Object.is(base, other)) {
    found.push({ path, base: told(base), other: told(other) });
  }
}

/** Things with an id are paired by it, so that one more at the front does not shift all others. */
function compareLists(
  base: readonly unknown[],
  other: readonly unknown[],
  path: string,
  found: Omit<Difference, 'section'>[],
): void {
  const named = (list: readonly unknown[]): Map<string, unknown> =>
    new Map(list.map((item, place) => [nameOf(item) ?? String(place), item]));
  const [before, after] = [named(base), named(other)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    compare(before.get(key), after.get(key), joined(path, key), found);
  }
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item;
  if (!isRecord(item)) return undefined;
  return typeof item['id'] === 'string' ? item['id'] : undefined;
}

function told(node: unknown): string | null {
  if (node === undefined || node === null) return null;
  if (isFigure(node)) return figureText(node);
  if (Array.isArray(node)) return node.map((item) => told(item) ?? '–').join(', ');
  if (isRecord(node)) {
    return typeof node['name'] === 'string' && 'joins' in node
      ? `${node['name']} from ${String(node['joins'])}`
      : Object.entries(node)
          .filter(([, value]) => value !== null)
          .map(([key, value]) => `${key} ${told(value) ?? '–'}`)
          .join(', ');
  }
  return typeof node === 'string' ? node : JSON.stringify(node);
}

function figureText({ value, range }: Figure): string {
  const spread = range === undefined ? '' : ` (${String(range.low)} to ${String(range.high)})`;
  return `${String(value)}${spread}`;
}

function isRecord(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
