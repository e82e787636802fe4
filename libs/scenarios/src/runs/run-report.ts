import type { ExperimentWatch } from '../experiments/player.js';
import { headlineNamed } from '../experiments/headline-named.js';
import type { Report } from '../report/report-page.js';
import { explainScenarioFile, loadScenario } from '../scenario-files/load-scenario.js';
import type { ScenarioRunRequest } from './run-and-keep.js';
import type { RunWatch } from './run-scenario.js';
import type { PlayedRun, SimulationRun } from './simulation-run.js';

/** What the page shows beside the run; each is played for it. */
export interface ReportExtras {
  /** Another scenario, to be compared with the run's: a shipped name or the path of a file. */
  readonly against?: string | undefined;
  /** A headline, to be taken apart by the figures it depends on. */
  readonly tornado?: string | undefined;
}

/**
 * Makes the page of a run. What is asked for beside it is checked now, and played once the run is:
 * nobody wants to hear of a misspelt scenario after a minute of playing.
 *
 * @throws ExplainedError for an unknown headline (exit code 2) or scenario (3)
 */
export function reportOf(
  asked: ScenarioRunRequest,
  extras: ReportExtras,
  watch: RunWatch,
): (played: PlayedRun) => Promise<string> {
  const { against, tornado } = extras;
  if (against !== undefined) loadScenario(against, asked.load);
  if (tornado !== undefined) headlineNamed(tornado);
  return async (played) => {
    const { reportPage } = await import('../report/report-page.js');
    const explanation = explainScenarioFile(asked.scenario, asked.load);
    const more = await experimentsFor(asked, extras, played, watch);
    return reportPage({ played, explanation, ...more });
  };
}

/** An interrupted run keeps its page, without what was not played any more. */
async function experimentsFor(
  asked: ScenarioRunRequest,
  { against, tornado }: ReportExtras,
  { run }: PlayedRun,
  watch: RunWatch,
): Promise<Pick<Report, 'comparison' | 'tornado' | 'isCut'>> {
  if (against === undefined && tornado === undefined) return {};
  const { askComparison, askTornado } = await import('../experiments/ask-experiments.js');
  const settings = {
    ...(asked.load === undefined ? {} : { load: asked.load }),
    seed: run.seed,
    replications: Math.max(run.replications, 2),
    fidelity: run.fidelity,
    jobs: asked.jobs,
  };
  try {
    const compared =
      against === undefined
        ? undefined
        : await askComparison(
            asked.scenario,
            against,
            settings,
            watchOf(`comparison with ${against}`, run, watch),
          );
    const swung =
      tornado === undefined
        ? undefined
        : await askTornado(
            asked.scenario,
            tornado,
            settings,
            watchOf(`tornado of ${tornado}`, run, watch),
          );
    return {
      ...(compared === undefined
        ? {}
        : { comparison: { title: compared.other.title, headlines: compared.headlines } }),
      ...(swung === undefined
        ? {}
        : { tornado: { headline: swung.headline.id, stated: swung.stated, bars: swung.bars } }),
    };
  } catch (error) {
    if (watch.signal?.aborted === true) return { isCut: true };
    throw error;
  }
}

/** Tells how far one part of the page is, in the words of a run's progress. */
function watchOf(name: string, run: SimulationRun, watch: RunWatch): ExperimentWatch {
  const startedAt = performance.now();
  const onProgress = (step: string, share: number): void => {
    const seconds = (performance.now() - startedAt) / 1_000;
    watch.onProgress?.({
      stage: 'writing',
      part: { name, step },
      replicationsDone: run.replications,
      replicationsPlanned: run.replicationsAsked,
      purchases: run.purchases,
      purchasesPerSecond: null,
      share,
      etaSeconds: share > 0 ? (seconds * (1 - share)) / share : null,
      widest: null,
    });
  };
  return { ...(watch.signal === undefined ? {} : { signal: watch.signal }), onProgress };
}
