import { ExplainedError } from '#platform/explained-error';
import { HEADLINES, absoluteTolerance, boundsOfHeadline } from '#simulation/answers/headlines';
import type { Answers } from '#simulation/answers/answers';
import type { HeadlineId } from '#simulation/answers/headlines';
import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import type { Bounds } from '#simulation/statistics/bounds';
import { meanInterval, type MeanInterval } from '#simulation/statistics/intervals';
import { progressOf, type Progress } from '#simulation/statistics/precision';
import { summarise, type AssumptionPlay } from '#simulation/statistics/summarise';
import { TOTALS_COLUMNS, addTotals, emptyTotals, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import type { Replication } from '../exports/tables/replication.js';
import { ResultHash, hashOfScenario } from './content-hash.js';
import type { RunParts } from './kernel-parts.js';
import { SettlementPaths } from './settlement-paths.js';
import { RunMeter } from './run-meter.js';
import {
  headlineResult,
  type PlayedRun,
  type RunProgress,
  type RunRequest,
  type SimulationRun,
} from './simulation-run.js';

export interface AnsweredReplication extends Replication {
  readonly answers: Answers;
  readonly paths: SettlementPaths;
}

export interface RunWatch {
  /** Stops between replications: what is whole is kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Every replication once, in order: to write tables while the next one is played. */
  readonly onReplication?: (replication: AnsweredReplication) => void;
}

/**
 * Plays a scenario and sums it up: replications at the stated assumptions for what chance does,
 * drawn assumptions for what nobody knows, and every headline with both. An interrupted run comes
 * back `partial` with the replications that were whole; none at all is a fault.
 */
export async function playRun(
  request: RunRequest,
  watch: RunWatch,
  parts: RunParts,
  product: string,
): Promise<PlayedRun> {
  const meter = new RunMeter(request, watch.onProgress);
  meter.stage('preparing');
  await parts.breathe();
  const { world, remarks } = parts.compile(request.scenario);
  meter.expect(expectedPurchases(world));
  const played = new PlayedReplications(world, parts, watch, meter);
  const precision = await playUntilSure(request, watch, parts, played, meter);
  if (played.count === 0) {
    throw new ExplainedError(
      'interrupted before the first replication was whole; nothing is kept',
      {
        exitCode: 130,
      },
    );
  }
  const chance = await chanceOf(world, watch, parts);
  const drawn = await playAssumptions(request, watch, parts, played, meter);
  meter.stage('writing');
  const samples = played.samples;
  const paths = new SettlementPaths();
  const mean = played.mean();
  const boundsOf = (id: string): Bounds => boundsOfHeadline(id, world);
  const knowledge = { boundsOf, ...(chance === null ? {} : { chance }) };
  const summaries = new Map(
    summarise(samples, drawn, knowledge).map((summary) => [summary.id, summary]),
  );
  const run: SimulationRun = {
    wayfareRun: 1,
    scenario: {
      name: request.scenario.name,
      title: request.scenario.title,
      hash: hashOfScenario(request.scenario),
      ...request.scenario.period,
    },
    seed: request.seed,
    fidelity: request.fidelity,
    product,
    replications: played.count,
    replicationsAsked: meter.planned,
    partial: isStopped(watch.signal),
    precision: {
      asked: request.untilRelativeError,
      reached: request.untilRelativeError === null ? null : precision.sure,
      widest: precision.worst,
    },
    purchases: played.purchases,
    payments: played.payments,
    merchants: world.merchants.count,
    assumptionDraws: drawn?.draws.values().next().value?.length ?? 0,
    resultHash: played.hash.hex(),
    remarks,
    headlines: HEADLINES.flatMap((definition) => {
      const summary = summaries.get(definition.id);
      return summary === undefined ? [] : [headlineResult(definition, summary, request.fidelity)];
    }),
    answers: parts.answer(world, mean, paths),
  };
  return { run, scenario: request.scenario, world, samples, mean, paths };
}

function expectedPurchases({ flows }: World): number {
  let expected = 0;
  for (const { intended } of flows) for (const purchases of intended) expected += purchases;
  return expected;
}

/** What is kept of replications once they are hashed, summed and handed on. */
class PlayedReplications {
  readonly samples = new Map<string, number[]>(HEADLINES.map(({ id }) => [id, []]));
  readonly hash = new ResultHash();
  purchases = 0;
  payments = 0;
  count = 0;
  private readonly sum: Totals;

  constructor(
    readonly world: World,
    private readonly parts: RunParts,
    private readonly watch: RunWatch,
    private readonly meter: RunMeter,
  ) {
    this.sum = emptyTotals(world);
  }

  take(replication: number, totals: Totals): void {
    this.hash.add(totals);
    addTotals(this.sum, totals);
    this.count += 1;
    for (let cell = 0; cell < totals.outcomes.length; cell++) {
      const count = totals.outcomes[cell] ?? 0;
      this.purchases += count;
      if (cell % OUTCOMES.length === OUTCOME.paid) this.payments += count;
    }
    const { world } = this;
    const paths = new SettlementPaths();
    const answers = this.parts.answer(world, totals, this.watch.onReplication ? paths : {});
    for (const { id } of HEADLINES) this.samples.get(id)?.push(answers.headlines[id]);
    this.watch.onReplication?.({ world, totals, replication, answers, paths });
    this.meter.replicationDone(() => this.precision(null, Number.POSITIVE_INFINITY));
  }

  /** How sure the headlines are by now. Without an aim, only which is the least sure. */
  precision(aim: number | null, most: number): Progress {
    const values = this.samples.get('valueUsd') ?? [];
    const intervals = new Map([...this.samples].map(([id, sample]) => [id, meanInterval(sample)]));
    const valueUsd = intervals.get('valueUsd')?.mean ?? values[0] ?? 0;
    const tolerance = (id: string) => ({
      relative: aim ?? 0.01,
      absolute: absoluteTolerance(id as HeadlineId, { valueUsd }),
    });
    return progressOf(intervals, tolerance, most);
  }

  /** The mean replication, which need not be made of whole payments. */
  mean(): Totals {
    const mean = emptyTotals(this.world);
    for (const name of TOTALS_COLUMNS) {
      const [into, sum] = [mean[name], this.sum[name]];
      for (let i = 0; i < into.length; i++) into[i] = (sum[i] ?? 0) / this.count;
    }
    return mean;
  }
}

/** Asked again after every wait: a signal changes behind the compiler's back. */
function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

const UNKNOWN: Progress = { sure: false, worst: null, next: 0 };

async function playUntilSure(
  request: RunRequest,
  { signal }: RunWatch,
  parts: RunParts,
  played: PlayedReplications,
  meter: RunMeter,
): Promise<Progress> {
  const { seed, untilRelativeError: aim, mostReplications: most } = request;
  let more = request.replications;
  let progress = UNKNOWN;
  meter.stage('playing');
  while (more > 0 && !isStopped(signal)) {
    meter.plan(played.count + more);
    await parts.play(played.world, {
      seed,
      first: played.count,
      count: more,
      signal,
      onReplication: (replication, totals) => played.take(replication, totals),
      onPurchases: (count) => meter.purchases(count),
    });
    if (played.count === 0) return UNKNOWN;
    progress = played.precision(aim, most);
    more = aim === null ? 0 : progress.next;
  }
  return progress;
}

/** Of a kernel that draws nothing; null for the others, and where a person stopped it half-way. */
async function chanceOf(
  world: World,
  { signal }: RunWatch,
  parts: RunParts,
): Promise<ReadonlyMap<string, MeanInterval> | null> {
  const moves = parts.chance?.(world);
  if (moves === undefined) return null;
  while (moves.move()) {
    await parts.breathe();
    if (isStopped(signal)) return null;
  }
  return moves.intervals();
}

/**
 * Draws the figures that have a range and asks the fluid kernel what each draw comes to. It is
 * compared with the same kernel at the stated figures, so what the fluid kernel rounds away
 * cancels.
 */
async function playAssumptions(
  request: RunRequest,
  { signal }: RunWatch,
  parts: RunParts,
  played: PlayedReplications,
  meter: RunMeter,
): Promise<AssumptionPlay | null> {
  if (request.assumptionDraws < 2 || isStopped(signal)) return null;
  const scenarios = parts.draw(request.scenario, request.assumptionDraws, request.seed);
  meter.stage('assumptions');
  const headlines = (world: World) => parts.answer(world, parts.expect(world), {}).headlines;
  const stated = headlines(played.world);
  const draws = new Map<string, number[]>(HEADLINES.map(({ id }) => [id, []]));
  for (const [index, scenario] of scenarios.entries()) {
    await parts.breathe();
    // A spread from a part of the draws would look surer than it is.
    if (isStopped(signal)) return null;
    const drawn = headlines(parts.compile(scenario).world);
    for (const { id } of HEADLINES) draws.get(id)?.push(drawn[id]);
    meter.assumptionDone(index + 1, scenarios.length);
  }
  return { stated: new Map(Object.entries(stated)), draws };
}
