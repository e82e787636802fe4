import type { World } from '../world.js';

/** Why a scenario is no world: where in the scenario, and what to do about it. */
export interface WorldFault {
  /** JSON pointer into the scenario, e.g. `/acceptance/merchants/JP`. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * A world, with what a reader should know of how it was made (nobody is known to travel here, a
 * share reached its end); or everything that is wrong with the scenario, not only the first fault.
 */
export type CompiledWorld =
  | { readonly ok: true; readonly world: World; readonly remarks: readonly string[] }
  | { readonly ok: false; readonly faults: readonly WorldFault[] };

/** Collects faults and remarks while a world is made; a fault once told is not told again. */
export interface Notes {
  readonly faults: readonly WorldFault[];
  readonly remarks: readonly string[];
  fault(pointer: string, message: string): void;
  remark(text: string): void;
}

export function notes(): Notes {
  const faults: WorldFault[] = [];
  const remarks: string[] = [];
  return {
    faults,
    remarks,
    fault: (pointer, message) => {
      if (!faults.some((known) => known.pointer === pointer && known.message === message)) {
        faults.push({ pointer, message });
      }
    },
    remark: (text) => {
      if (!remarks.includes(text)) remarks.push(text);
    },
  };
}
