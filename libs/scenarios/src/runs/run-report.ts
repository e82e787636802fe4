import { ExplainedError } from '#platform/explained-error';
import { headlineOf } from '#simulation/answers/headlines';
import type { Report } from '../report/report-page.js';
import { explainScenarioFile, loadScenario } from '../scenario-files/load-scenario.js';
import type { ScenarioRunRequest } from './run-and-keep.js';
import type { RunWatch } from './run-scenario.js';
import type { PlayedRun } from './simulation-run.js';

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
  { signal }: RunWatch,
): (played: PlayedRun) => Promise<string> {
  const { against, tornado } = extras;
  if (against !== undefined) loadScenario(against, asked.load);
  if (tornado !== undefined && headlineOf(tornado) === undefined) {
    throw new ExplainedError(
      `there is no headline ${tornado}; \`wayfare sim run … --json\` names them`,
      { exitCode: 2 },
    );
  }
  return async (played) => {
    const { reportPage } = await import('../report/report-page.js');
    const explanation = explainScenarioFile(asked.scenario, asked.load);
    const more = await experimentsFor(asked, extras, played, signal);
    return reportPage({ played, explanation, ...more });
  };
}

/** An interrupted run keeps its page, without what was not played any more. */
async function experimentsFor(
  asked: ScenarioRunRequest,
  { against, tornado }: ReportExtras,
  { run }: PlayedRun,
  signal: AbortSignal | undefined,
): Promise<Pick<Report, 'comparison' | 'tornado'>> {
  if (against === undefined && tornado === undefined) return {};
  const { askComparison, askTornado } = await import('../experiments/ask-experiments.js');
  const settings = {
    ...(asked.load === undefined ? {} : { load: asked.load }),
    seed: run.seed,
    replications: Math.max(run.replications, 2),
    fidelity: run.fidelity,
    jobs: asked.jobs,
  };
  const watch = signal === undefined ? {} : { signal };
  try {
    const compared =
      against === undefined
        ? undefined
        : await askComparison(asked.scenario, against, settings, watch);
    const swung =
      tornado === undefined
        ? undefined
        : await askTornado(asked.scenario, tornado, settings, watch);
    return {
      ...(compared === undefined
        ? {}
        : { comparison: { title: compared.other.title, headlines: compared.headlines } }),
      ...(swung === undefined
        ? {}
        : { tornado: { headline: swung.headline.id, stated: swung.stated, bars: swung.bars } }),
    };
  } catch (error) {
    if (signal?.aborted === true) return {};
    throw error;
  }
}
