import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { scenarioFileSchema } from './file-schema.js';
import { findingsOf } from './issue-words.js';
import { isTree } from './merge-layers.js';
import { nearestName } from './nearest-name.js';
import { readLayer } from './read-layer.js';
import type { Layer, LayerOrFaults } from './read-layer.js';
import { pointerOf } from './scenario-fault.js';
import type { Path, ScenarioFault } from './scenario-fault.js';
import { valueAt } from './schema-walk.js';
import { BASE_SCENARIO, shippedFolder, shippedNames, shippedPath } from './shipped-scenarios.js';

/** The files of a scenario, the base first, each without the values that do not fit. */
export interface Chain {
  readonly layers: readonly (Layer & { readonly sound: unknown })[];
  readonly faults: readonly ScenarioFault[];
}

/** Where a name leads: a shipped scenario, or a file. */
interface Target {
  readonly path: string;
  readonly shownAs: string;
}

/**
 * Finds a scenario. A word with a dot or a slash is a file, anything else a shipped name; a file of
 * the working folder may leave its `.yaml` out.
 */
function findTarget(nameOrPath: string, folder: string): Target | { readonly message: string } {
  const looksLikeFile = /[./\\]/.test(nameOrPath);
  if (!looksLikeFile && existsSync(shippedPath(nameOrPath))) {
    return { path: shippedPath(nameOrPath), shownAs: nameOrPath };
  }
  for (const candidate of [nameOrPath, `${nameOrPath}.yaml`, `${nameOrPath}.json`]) {
    const path = resolve(folder, candidate);
    if (existsSync(path)) return { path, shownAs: candidate };
  }
  if (looksLikeFile) return { message: `no file is called ${nameOrPath}` };
  const near = nearestName(nameOrPath, shippedNames());
  const hint =
    near === undefined
      ? `shipped: ${shippedNames().join(', ')}; a file of your own ends in .yaml`
      : `did you mean ${near}?`;
  return { message: `no scenario is called ${nameOrPath}; ${hint}` };
}

const shippedLayers = new Map<string, LayerOrFaults>();

/** What ships does not change while a process runs; every chain would parse it again. */
function readOnce({ path, shownAs }: Target): LayerOrFaults {
  if (dirname(path) !== shippedFolder()) return readLayer(path, shownAs);
  const key = `${path} ${shownAs}`;
  const read = shippedLayers.get(key) ?? readLayer(path, shownAs);
  shippedLayers.set(key, read);
  return read;
}

/**
 * Reads a scenario and all it extends. Faults do not end the reading: a value that does not fit is
 * set aside, so that the rest can be judged as well.
 *
 * @param folder where relative paths begin
 */
export function readChain(nameOrPath: string, folder: string): Chain {
  const found: (Layer & { readonly sound: unknown })[] = [];
  const faults: ScenarioFault[] = [];
  const seen: string[] = [];
  let target = findTarget(nameOrPath, folder);
  let namedBy: { readonly layer: Layer } | undefined;
  for (;;) {
    if ('message' in target) {
      faults.push(notFound(target.message, namedBy?.layer, nameOrPath));
      break;
    }
    if (seen.includes(target.path)) {
      const message = `leads back to ${target.shownAs}; a scenario cannot extend itself`;
      faults.push(notFound(message, namedBy?.layer, nameOrPath));
      break;
    }
    seen.push(target.path);
    const read = readOnce(target);
    if (!read.ok) {
      faults.push(...read.faults);
      break;
    }
    const judged = judgeLayer(read.layer);
    faults.push(...judged.faults);
    found.push({ ...read.layer, sound: judged.sound });
    const parent = valueAt(read.layer.value, ['extends']);
    namedBy = { layer: read.layer };
    if (typeof parent !== 'string') break;
    target = findTarget(parent, dirname(read.layer.path));
  }
  const layers = found.reverse();
  if (!seen.includes(shippedPath(BASE_SCENARIO))) {
    const base = readOnce({ path: shippedPath(BASE_SCENARIO), shownAs: BASE_SCENARIO });
    if (base.ok) layers.unshift({ ...base.layer, sound: base.layer.value });
    else faults.push(...base.faults);
  }
  return { layers, faults };
}

function notFound(message: string, from: Layer | undefined, asked: string): ScenarioFault {
  if (from === undefined) {
    return { at: { file: asked, line: null, column: null }, pointer: '', message };
  }
  return { at: from.place(['extends']), pointer: '/extends', message };
}

/** Judges one file by itself. */
function judgeLayer(layer: Layer): {
  readonly sound: unknown;
  readonly faults: readonly ScenarioFault[];
} {
  if (!isTree(layer.value)) {
    const at = { file: layer.file, line: 1, column: 1 };
    const message = 'is no scenario: it begins with wayfareScenario: 1, name and title';
    return { sound: {}, faults: [{ at, pointer: '', message }] };
  }
  const findings = findingsOf(scenarioFileSchema, layer.value);
  if (layer.value['period'] === undefined && layer.value['extends'] === undefined) {
    findings.push({
      path: ['period'],
      message:
        'is missing; write period: { from: 2025-01-01, to: 2025-12-31 }, or extends: a scenario that has one',
      atKey: false,
    });
  }
  let sound: unknown = layer.value;
  for (const { path } of findings) sound = setAside(sound, path);
  return {
    sound,
    faults: findings.map(({ path, message, atKey }) => ({
      at: atKey ? layer.placeOfKey(path) : layer.place(path),
      pointer: pointerOf(path),
      message,
    })),
  };
}

/**
 * Takes out what a fault is in: the key, or the whole list, since the places in a list must not
 * move.
 */
function setAside(value: unknown, path: Path): unknown {
  const firstIndex = path.findIndex((key) => typeof key === 'number' || key === 'add');
  const cut = firstIndex > 0 ? path.slice(0, firstIndex) : path;
  const [key, ...rest] = cut;
  if (key === undefined || !isTree(value)) return undefined;
  const below = value[String(key)];
  const isWhole = rest.length === 0 || !isTree(below) || 'value' in below;
  const { [String(key)]: removed, ...others } = value;
  if (isWhole || removed === undefined) return others;
  return { ...others, [String(key)]: setAside(below, rest) };
}
