import { ExplainedError } from '#platform/explained-error';
import type { Scenario } from '#simulation/scenario';
import { applySettings } from './apply-settings.js';
import { wholeScenarioSchema } from './file-schema.js';
import { explainScenario } from './explain/explain-scenario.js';
import type { Explanation } from './explain/explain-scenario.js';
import { findingsOf } from './issue-words.js';
import { judgeScenario } from './judge-scenario.js';
import type { UnresolvedScenario } from './judge-scenario.js';
import { isFigure, isTree, mergeLayers } from './merge-layers.js';
import type { Merged } from './merge-layers.js';
import { readChain } from './read-chain.js';
import type { Chain } from './read-chain.js';
import { faultLine, pointerOf } from './scenario-fault.js';
import type { Path, Place, ScenarioFault } from './scenario-fault.js';
import { loadVocabulary } from './vocabulary.js';
import type { Vocabulary } from './vocabulary.js';

/** What the shell sees when a scenario is not valid. */
export const EXIT_INVALID_SCENARIO = 3;

export interface LoadOptions {
  /** `path=value` words, applied last. */
  readonly set?: readonly string[];
  /** Where relative paths begin; the working folder if left out. */
  readonly folder?: string;
}

export type ReadScenario =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      /** Where a JSON pointer into the scenario was said, for faults found later. */
      readonly place: (pointer: string) => Place;
    }
  | { readonly ok: false; readonly faults: readonly ScenarioFault[] };

/**
 * Reads a scenario, puts its chain of files together and judges the whole. All faults are found,
 * not only the first.
 *
 * @param nameOrPath a shipped name, or the path of a YAML or JSON file
 */
export function readScenario(nameOrPath: string, options: LoadOptions = {}): ReadScenario {
  const chain = readChain(nameOrPath, options.folder ?? process.cwd());
  return assemble(chain, options.set ?? [], nameOrPath);
}

/**
 * What a scenario assumes, and what the one it extends says otherwise.
 *
 * @throws ExplainedError with exit code 3
 */
export function explainScenarioFile(nameOrPath: string, options: LoadOptions = {}): Explanation {
  const chain = readChain(nameOrPath, options.folder ?? process.cwd());
  const scenario = orThrow(assemble(chain, options.set ?? [], nameOrPath));
  const above = chain.layers.slice(0, Math.max(1, chain.layers.length - 1));
  const parent = orThrow(assemble({ layers: above, faults: [] }, [], nameOrPath));
  const named = { name: parent.name, scenario: parent };
  return explainScenario(scenario, named, loadVocabulary());
}

function assemble(chain: Chain, set: readonly string[], asked: string): ReadScenario {
  const names = loadVocabulary();
  const merged = mergeLayers(chain.layers.map(({ sound }) => sound));
  const settings = applySettings(withoutFileKeys(merged.value), set);
  const faults = [...chain.faults, ...settings.faults];
  const place = placeFinder(chain, merged, settings.pointers, asked);
  const whole = wholeScenarioSchema.safeParse(settings.value);
  if (!whole.success) {
    const findings = findingsOf(wholeScenarioSchema, settings.value);
    for (const { path, message } of findings) {
      faults.push({ at: place(path, false), pointer: pointerOf(path), message });
    }
    return { ok: false, faults: unique(faults) };
  }
  const scenario = completed(whole.data, names) as UnresolvedScenario;
  for (const { path, message, atKey } of judgeScenario(scenario, names)) {
    faults.push({ at: place(path, atKey === true), pointer: pointerOf(path), message });
  }
  if (faults.length > 0) return { ok: false, faults: unique(faults) };
  return {
    ok: true,
    scenario: withOrigins(scenario, names),
    place: (pointer) => place(pointer.split('/').slice(1).map(pathKey), false),
  };
}

function pathKey(word: string): string | number {
  return /^\d+$/.test(word) ? Number(word) : word.replaceAll('~1', '/').replaceAll('~0', '~');
}

/**
 * Like `readScenario`, for who can do nothing about a fault but tell it.
 *
 * @throws ExplainedError with exit code 3, one line a fault
 */
export function loadScenario(nameOrPath: string, options: LoadOptions = {}): Scenario {
  return orThrow(readScenario(nameOrPath, options));
}

/**
 * A scenario with all it extends as one document, such as a file holds it: for who reads it where
 * these files are not.
 *
 * @throws ExplainedError with exit code 3, one line a fault
 */
export function scenarioDocument(
  nameOrPath: string,
  { set = [], folder = process.cwd() }: LoadOptions = {},
): Readonly<Record<string, unknown>> {
  const chain = readChain(nameOrPath, folder);
  orThrow(assemble(chain, set, nameOrPath));
  const { value } = mergeLayers(chain.layers.map(({ sound }) => sound));
  return applySettings(withoutFileKeys(value), set).value;
}

function orThrow(read: ReadScenario): Scenario {
  if (read.ok) return read.scenario;
  throw new ExplainedError(faultText(read.faults), { exitCode: EXIT_INVALID_SCENARIO });
}

/** One fault is one line; more are counted first. */
export function faultText(faults: readonly ScenarioFault[]): string {
  const lines = faults.map(faultLine);
  if (lines.length === 1) return lines[0] ?? '';
  return [`${String(lines.length)} faults`, ...lines].join('\n  ');
}

function withoutFileKeys(value: Readonly<Record<string, unknown>>) {
  const ofFiles = ['extends', '$schema'];
  return Object.fromEntries(Object.entries(value).filter(([key]) => !ofFiles.includes(key)));
}

/** Each fault once, in the order in which a person meets them in the files. */
function unique(faults: readonly ScenarioFault[]): ScenarioFault[] {
  const lines = new Map(faults.map((fault) => [faultLine(fault), fault]));
  const files = [...new Set(faults.map(({ at }) => at.file))];
  return [...lines.values()].sort(
    (a, b) =>
      files.indexOf(a.at.file) - files.indexOf(b.at.file) ||
      (a.at.line ?? 0) - (b.at.line ?? 0) ||
      (a.at.column ?? 0) - (b.at.column ?? 0),
  );
}

/** From a place in the whole to one in a file: of the value, or of the nearest thing around it. */
function placeFinder(
  { layers }: Chain,
  { origins }: Merged,
  set: readonly string[],
  asked: string,
): (path: Path, atKey: boolean) => Place {
  return (path, atKey) => {
    const around = path.map((_, i) => pointerOf(path.slice(0, i + 1)));
    if (around.some((pointer) => set.includes(pointer))) {
      return { file: '--set', line: null, column: null };
    }
    for (let length = path.length; length >= 0; length--) {
      const part = path.slice(0, length);
      const origin = origins.get(pointerOf(part));
      const layer = origin === undefined ? undefined : layers[origin.layer];
      if (origin !== undefined && layer !== undefined) {
        const inFile = [...origin.path, ...path.slice(length)];
        return atKey ? layer.placeOfKey(inFile) : layer.place(inFile);
      }
    }
    return { file: layers.at(-1)?.file ?? asked, line: null, column: null };
  };
}

/** Fills in what a file may leave unsaid: the quality of figures, and `null` for all of a kind. */
function completed(value: unknown, names: Vocabulary): unknown {
  if (Array.isArray(value)) return value.map((item) => completed(item, names));
  if (!isTree(value)) return value;
  if (isFigure(value)) return { ...value, quality: value['quality'] ?? qualityOf(value, names) };
  const entries = Object.entries(value).map(([key, item]) => [key, completed(item, names)]);
  const tree = Object.fromEntries(entries) as Record<string, unknown>;
  if (tree['kind'] === 'outage') return { wallet: null, acquirer: null, area: null, ...tree };
  if (tree['kind'] === 'visitors') return { origins: null, areas: null, ...tree };
  return tree;
}

/** Of its source; an address nobody has graded is somebody's page, and no source is an estimate. */
function qualityOf(figure: Readonly<Record<string, unknown>>, names: Vocabulary): string {
  const source = figure['source'];
  if (typeof source !== 'string') return 'estimated';
  return names.sources.get(source)?.quality ?? 'secondary';
}

/** `all` is every origin with a wallet that pays in a destination by then, and with travellers. */
function withOrigins(scenario: UnresolvedScenario, names: Vocabulary): Scenario {
  const { origins, destinations } = scenario.corridors;
  if (origins !== 'all') return { ...scenario, corridors: { origins, destinations } };
  const paying = new Set<string>();
  const travels = (origin: string, destination: string): boolean =>
    origin !== destination &&
    (names.travelled.size === 0 || names.travelled.has(`${origin}>${destination}`));
  for (const { market, asOf, wallets } of names.acceptance) {
    if (!destinations.includes(market) || asOf > scenario.period.to) continue;
    for (const wallet of wallets) {
      const home = names.wallets.get(wallet)?.home;
      if (home !== undefined && travels(home, market)) paying.add(home);
    }
  }
  for (const { origin, destinations: joined } of scenario.wallets.joining) {
    if (joined.some((market) => destinations.includes(market) && travels(origin, market))) {
      paying.add(origin);
    }
  }
  const known = [...paying].filter(
    (origin) =>
      scenario.wallets.wishPercentByOrigin[origin] !== undefined ||
      scenario.wallets.joining.some((wallet) => wallet.origin === origin),
  );
  return { ...scenario, corridors: { origins: known.sort(), destinations } };
}
