import type { Fidelity } from '#simulation/scenario';
import type { TableFormat } from '../exports/formats.js';
import { loadScenario, type LoadOptions } from '../scenario-files/load-scenario.js';
import { DEFAULT_ASSUMPTION_DRAWS, DEFAULT_SEED } from './defaults.js';
import type { RunManifest } from './manifest.js';
import { productVersion } from './product-version.js';
import { recordRun } from './record-run.js';
import { reportOf, type ReportExtras } from './run-report.js';
import { playRun, type RunWatch } from './run-scenario.js';
import { shippedParts } from './shipped-parts.js';
import type { PlayedRun, RunRequest } from './simulation-run.js';
import {
  readManifest,
  verifyFiles,
  verifyInputs,
  verifyResult,
  type VerifiedRun,
} from './verify-run.js';

/** What a person asks for; what is left out, the scenario's own `run` section says. */
export interface ScenarioRunRequest {
  /** A shipped name or the path of a file. */
  readonly scenario: string;
  readonly load?: LoadOptions;
  readonly seed?: number | undefined;
  readonly fidelity?: Fidelity | undefined;
  readonly replications?: number | undefined;
  readonly untilRelativeError?: number | undefined;
  readonly assumptionDraws?: number | undefined;
  /** Threads; the result is the same for any number of them. */
  readonly jobs?: number | undefined;
  readonly out?: Out | undefined;
}

/** Where to keep a run, as what, and what its page shows beside it. */
export interface Out extends ReportExtras {
  readonly place: string;
  readonly formats: readonly (TableFormat | 'html')[];
}

export interface ScenarioRun extends PlayedRun {
  /** Of the folder that was written; null where none was asked for. */
  readonly manifest: RunManifest | null;
}

/**
 * Loads, compiles, plays, answers and sums up a scenario, and keeps the run where asked.
 *
 * @throws ExplainedError for a scenario that is not valid (exit code 3), a folder that is not ours
 *   to write to (2), or a run stopped before anything was whole (130)
 */
export async function playAndKeep(
  asked: ScenarioRunRequest,
  watch: RunWatch,
): Promise<ScenarioRun> {
  const scenario = loadScenario(asked.scenario, asked.load);
  const fidelity = asked.fidelity ?? scenario.run.fidelity;
  const replications = asked.replications ?? scenario.run.replications;
  const request: RunRequest = {
    scenario,
    seed: asked.seed ?? DEFAULT_SEED,
    fidelity,
    // The fluid kernel draws nothing: every replication would be the same.
    replications: fidelity === 'fluid' ? 1 : replications,
    untilRelativeError:
      fidelity === 'fluid' ? null : (asked.untilRelativeError ?? scenario.run.untilRelativeError),
    mostReplications: Math.max(scenario.run.mostReplications, replications),
    assumptionDraws: asked.assumptionDraws ?? DEFAULT_ASSUMPTION_DRAWS,
  };
  const jobs = asked.jobs ?? 1;
  const parts = shippedParts(fidelity, jobs);
  if (asked.out === undefined) {
    return { ...(await playRun(request, watch, parts, productVersion())), manifest: null };
  }
  const { place, formats } = asked.out;
  const keeping = {
    place,
    formats: formats.filter((format) => format !== 'html'),
    given: asked.scenario,
    set: asked.load?.set ?? [],
    jobs,
    report: formats.includes('html') ? reportOf(asked, asked.out, watch) : undefined,
  };
  const { played, manifest } = await recordRun(request, keeping, watch, parts, productVersion());
  return { ...played, manifest };
}

/**
 * Checks the files of a run, then plays it again from its manifest and compares.
 *
 * @throws ExplainedError when the folder is no run
 */
export async function playAgain(
  folder: string,
  jobs: number,
  watch: RunWatch,
): Promise<VerifiedRun> {
  const manifest = readManifest(folder);
  const product = productVersion();
  const files = await verifyFiles(folder, manifest);
  const inputs = verifyInputs(manifest, product);
  const parts = shippedParts(manifest.fidelity, jobs);
  const result = await verifyResult(manifest, watch, parts, product);
  return { manifest, findings: [...files, ...inputs, ...result] };
}
