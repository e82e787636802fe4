import { figuresOf } from '#simulation/experiments/figures-of';
import type { Figure, Scenario } from '#simulation/scenario';
import type { Vocabulary } from '../vocabulary.js';
import { GROUPS, sentenceOf } from './sentences.js';
import type { Group, Namer } from './sentences.js';
import { settingSentences, shockSentence } from './shock-sentences.js';

/** One thing a scenario assumes. */
export interface Assumption {
  readonly group: Group;
  /** As `--set` names it. */
  readonly path: string;
  readonly sentence: string;
  /** Null where it is no figure: a date, a list, a model. */
  readonly figure: Figure | null;
  /** Whether the scenario it extends says otherwise. */
  readonly differs: boolean;
  /** False for figures of origins, wallets and destinations that this scenario does not play. */
  readonly used: boolean;
}

export interface Explanation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly extends: string;
  readonly assumptions: readonly Assumption[];
  readonly sources: readonly {
    readonly id: string;
    readonly what: string;
    readonly quality: string;
    readonly asOf: string;
    readonly url: string | null;
  }[];
}

const GROUP_OF: Readonly<Record<string, Group>> = {
  period: 'Who travels',
  corridors: 'Who travels',
  visitors: 'Who travels',
  spending: 'What they spend',
  wallets: 'Wallets',
  acceptance: 'Where wallets are taken',
  fx: 'Rates',
  settlement: 'Settlement',
  run: 'Run',
};

/** Tells everything a scenario assumes, and marks what its parent says otherwise. */
export function explainScenario(
  scenario: Scenario,
  parent: { readonly name: string; readonly scenario: Scenario },
  names: Vocabulary,
): Explanation {
  const namer = namerOf(scenario, names);
  const told = [
    ...settings(scenario, parent.scenario, namer),
    ...figures(scenario, parent.scenario, namer, names),
    ...shocks(scenario, parent.scenario, namer),
  ];
  const assumptions = GROUPS.flatMap((group) =>
    joinersTogether(told.filter((one) => one.group === group)),
  );
  const cited = new Set(assumptions.flatMap(({ figure }) => figure?.source ?? []));
  return {
    name: scenario.name,
    title: scenario.title,
    description: scenario.description.trim(),
    extends: parent.name,
    assumptions,
    sources: [...cited].flatMap((id) => {
      const source = names.sources.get(id);
      return source === undefined ? [] : [{ id, ...source }];
    }),
  };
}

/** What is said of one joining wallet stands together. */
function joinersTogether(assumptions: readonly Assumption[]): Assumption[] {
  const joiner = (path: string): string | undefined => /^wallets\.joining\.\d+/.exec(path)?.[0];
  const joiners = new Set(assumptions.flatMap(({ path }) => joiner(path) ?? []));
  return [
    ...assumptions.filter(({ path }) => joiner(path) === undefined),
    ...[...joiners].flatMap((one) => assumptions.filter(({ path }) => joiner(path) === one)),
  ];
}

function settings(scenario: Scenario, parent: Scenario, namer: Namer): Assumption[] {
  const before = settingSentences(parent, namer);
  const known = new Set(before.values());
  return [...settingSentences(scenario, namer)].map(([path, sentence]) => ({
    group: GROUP_OF[path.split('.')[0] ?? ''] ?? 'Run',
    path,
    sentence,
    figure: null,
    differs: !known.has(sentence),
    used: true,
  }));
}

function figures(
  scenario: Scenario,
  parent: Scenario,
  namer: Namer,
  names: Vocabulary,
): Assumption[] {
  const before = new Map(figuresOf(parent).map(({ path, figure }) => [path, figure]));
  return figuresOf(scenario).flatMap(({ path, figure }): Assumption[] => {
    if (path.startsWith('shocks.')) return [];
    const told = sentenceOf(path, figure, namer, keyOf(path, scenario));
    const { group, sentence } = told ?? {
      group: 'Run' as const,
      sentence: `${path} is ${String(figure.value)}.`,
    };
    const differs = JSON.stringify(before.get(path)) !== JSON.stringify(figure);
    return [{ group, path, sentence, figure, differs, used: isUsed(path, scenario, names) }];
  });
}

/** What a sentence calls the subject: the last key, or the joining wallet's name. */
function keyOf(path: string, scenario: Scenario): string {
  const keys = path.split('.');
  if (keys[1] !== 'joining') return keys.at(-1) ?? '';
  return scenario.wallets.joining[Number(keys[2])]?.name ?? '';
}

function isUsed(path: string, scenario: Scenario, names: Vocabulary): boolean {
  const { corridors } = scenario;
  const [, list = '', key = ''] = path.split('.');
  if (list.endsWith('ByOrigin')) return corridors.origins.includes(key);
  if (list === 'merchants') return corridors.destinations.includes(key);
  if (list === 'weights') {
    const home = names.wallets.get(key)?.home ?? '';
    return corridors.origins.includes(home) && paysThere(key, scenario, names);
  }
  return true;
}

/** Whether a wallet of the network can pay in a destination; one that only joins needs no weight. */
function paysThere(wallet: string, { corridors, period }: Scenario, names: Vocabulary): boolean {
  return names.acceptance.some(
    ({ market, asOf, wallets }) =>
      corridors.destinations.includes(market) && asOf <= period.to && wallets.includes(wallet),
  );
}

function shocks(scenario: Scenario, parent: Scenario, namer: Namer): Assumption[] {
  const before = new Set(parent.shocks.map((shock) => JSON.stringify(shock)));
  return scenario.shocks.map((shock, i) => ({
    group: 'Shocks',
    path: shock.kind === 'default' ? `shocks.${String(i)}` : `shocks.${String(i)}.percent`,
    sentence: shockSentence(shock, namer),
    figure: shock.kind === 'default' ? null : shock.percent,
    differs: !before.has(JSON.stringify(shock)),
    used: true,
  }));
}

function namerOf(scenario: Scenario, names: Vocabulary): Namer {
  const joining = new Map(scenario.wallets.joining.map(({ id, name }) => [id, name]));
  return {
    market: (code) => names.names.get(`market ${code}`) ?? code,
    wallet: (id) => joining.get(id) ?? names.names.get(`wallet ${id}`) ?? id,
    acquirer: (id) => names.names.get(`acquirer ${id}`) ?? id,
    area: (id) => names.names.get(`area ${id}`) ?? id,
    category: (id) => `${id.slice(0, 1).toUpperCase()}${id.slice(1).replaceAll('_', ' ')}`,
  };
}
