import type { LoadOptions } from '#scenarios';
import type { Scenario } from '#simulation/scenario';

/** What the judging thread is started with: a shipped name or a file, and how to read it. */
export interface AskedPremises {
  readonly nameOrPath: string;
  readonly options: LoadOptions;
}

/** What was asked for, resolved; or every fault, each with its JSON pointer. */
export type AskedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly faults: readonly AskedFault[] };

export interface AskedFault {
  readonly pointer: string;
  readonly message: string;
}
