import { ExplainedError } from '#platform/explained-error';
import { compileWorld } from '#simulation/demand/compile-world';
import type { Scenario } from '#simulation/scenario';
import type { World } from '#simulation/world';
import { loadFigures } from './load-figures.js';
import { loadNetwork } from './load-network.js';

/** Exit code of a scenario that is not valid. */
export const EXIT_INVALID_WORLD = 3;

/**
 * Makes a loaded scenario a world with the shipped figures, and tells what a reader should know of
 * how it was made.
 *
 * @throws ExplainedError with exit code 3, a line for each fault that opens with its JSON pointer
 */
export function compileScenario(scenario: Scenario): {
  readonly world: World;
  readonly remarks: readonly string[];
} {
  const compiled = compileWorld(scenario, loadFigures(), loadNetwork());
  if (compiled.ok) return { world: withKnownMerchants(compiled.world), remarks: compiled.remarks };
  const lines = compiled.faults.map(({ pointer, message }) => `${pointer}: ${message}`);
  throw new ExplainedError(`${scenario.name} cannot be simulated:\n${lines.join('\n')}`, {
    exitCode: EXIT_INVALID_WORLD,
  });
}

let latest: World['merchants'] | undefined;

/**
 * Most questions leave the merchants as they are. One set of millions then serves all worlds: it
 * takes its memory once, and kernels know by it what they have worked out before.
 */
function withKnownMerchants(world: World): World {
  const { merchants } = world;
  if (latest === undefined || !areSame(latest, merchants)) {
    latest = merchants;
    return world;
  }
  const { acquirerOf, cellStart, popularity } = latest;
  return { ...world, merchants: { ...merchants, acquirerOf, cellStart, popularity } };
}

function areSame(a: World['merchants'], b: World['merchants']): boolean {
  return (
    isEqual(a.cellStart, b.cellStart) &&
    isEqual(a.acquirerOf, b.acquirerOf) &&
    isEqual(a.popularity, b.popularity)
  );
}

function isEqual(a: Bytes, b: Bytes): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

type Bytes = Uint8Array | Uint32Array | Float64Array;

function bytesOf({ buffer, byteOffset, byteLength }: Bytes): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The world alone. */
export function worldOf(scenario: Scenario): World {
  return compileScenario(scenario).world;
}
