import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { parse } from 'yaml';

/** Every chain of scenarios ends here: each default with its source or assumption. */
export const BASE_SCENARIO = 'base';

export interface ShippedScenario {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The scenario it changes, where that is not the base. */
  readonly extends: string | null;
}

export function shippedFolder(): string {
  return join(projectRoot, 'data', 'scenarios');
}

export function shippedPath(name: string): string {
  return join(shippedFolder(), `${name}.yaml`);
}

/** Names that ship, the base left out: it is no question by itself. */
export function shippedNames(): string[] {
  return readdirSync(shippedFolder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .filter((name) => name !== BASE_SCENARIO)
    .sort();
}

/** What ships, each in two lines; parents come before what changes them. */
export function listShippedScenarios(): ShippedScenario[] {
  const all = shippedNames().map((name) => {
    const head = parse(readFileSync(shippedPath(name), 'utf8')) as {
      readonly title?: string;
      readonly description?: string;
      readonly extends?: string;
    };
    return {
      name,
      title: head.title ?? '',
      description: (head.description ?? '').trim(),
      extends: head.extends ?? null,
    };
  });
  const childrenOf = (parent: string | null): ShippedScenario[] =>
    all.filter((one) => one.extends === parent).flatMap((one) => [one, ...childrenOf(one.name)]);
  const listed = childrenOf(null);
  return [...listed, ...all.filter((one) => !listed.includes(one))];
}
