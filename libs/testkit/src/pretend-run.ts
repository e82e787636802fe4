import type { Answers } from '#simulation/answers/answers';
import { HEADLINES, type Headlines } from '#simulation/answers/headlines';
import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import { MONEY, MONEY_COLUMNS, emptyTotals, type Totals } from '#simulation/totals';
import type { Scenario } from '#simulation/scenario';
import type { World } from '#simulation/world';
import type { Play, RunParts, RunRequest } from '#scenarios';
import { smallWorld } from './small-world.js';

/** A scenario of which only what a run reads is filled in. */
export function pretendScenario(changes: Partial<Scenario> = {}): Scenario {
  const scenario: Pick<Scenario, 'wayfareScenario' | 'name' | 'title' | 'period'> = {
    wayfareScenario: 1,
    name: 'pretend',
    title: 'A fortnight that never was',
    period: { from: '2025-03-03', to: '2025-03-16' },
  };
  return { ...scenario, ...changes } as Scenario;
}

/** Asks for four replications of that scenario, without draws of assumptions. */
export function pretendRequest(changes: Partial<RunRequest> = {}): RunRequest {
  return {
    scenario: pretendScenario(),
    seed: 7,
    fidelity: 'fast',
    replications: 4,
    untilRelativeError: null,
    mostReplications: 1_000,
    assumptionDraws: 0,
    ...changes,
  };
}

/** Totals that differ by seed and replication and are known by arithmetic, not by any kernel. */
export function pretendTotals(world: World, seed: number, replication: number): Totals {
  const totals = emptyTotals(world);
  const paid = 100 + seed + replication * 7;
  for (const flow of world.flows.keys()) {
    const start = flow * OUTCOMES.length;
    totals.outcomes[start + OUTCOME.paid] = paid;
    totals.outcomes[start + OUTCOME.notAccepted] = 25;
    totals.outcomeMinor[start + OUTCOME.paid] = paid * 1_000;
    totals.outcomeMinor[start + OUTCOME.notAccepted] = 30_000;
    totals.categoryCount[flow * world.categories.length] = paid;
    totals.categoryMinor[flow * world.categories.length] = paid * 1_000;
  }
  totals.areaCount[0] = paid * world.flows.length;
  totals.areaMinor[0] = paid * world.flows.length * 1_000;
  // The third clearing day, first pair.
  const cell = 2 * totals.pairs.length * MONEY_COLUMNS.length;
  totals.money[cell + MONEY.payments] = paid;
  totals.money[cell + MONEY.paymentMinor] = paid * 1_000;
  totals.money[cell + MONEY.payToMinor] = paid * 203;
  totals.refundedMinor[2 * totals.pairs.length] = 5_000;
  return totals;
}

/** Every headline is the payments counted, so that means and intervals are known in advance. */
export function pretendAnswers(
  world: World,
  totals: Totals,
  watch: Parameters<RunParts['answer']>[2] = {},
): Answers {
  let payments = 0;
  for (let cell = OUTCOME.paid; cell < totals.outcomes.length; cell += OUTCOMES.length) {
    payments += totals.outcomes[cell] ?? 0;
  }
  watch.onExposure?.({ clearingDay: 2, wallet: 0, peak: payments, end: 1 });
  watch.onLiquidity?.({ clearingDay: 2, currency: 1, lower: 1, used: 2, upper: 3, hub: 4 });
  watch.onObligation?.({
    cycle: 2,
    clearingDay: 2,
    participant: 0,
    own: payments,
    carriedIn: 0,
    minor: payments,
    state: 'due',
    valueDate: world.firstDay + 4,
  });
  const headlines = Object.fromEntries(HEADLINES.map(({ id }) => [id, payments]));
  const answers = {
    headlines: headlines as Headlines,
    wallets: [],
    settlement: { participants: [], currencies: [] },
    world: world.name,
  };
  return answers as unknown as Answers;
}

/** Plays in order and looks at the signal before every replication, as kernels do. */
export const pretendPlay: Play = async (world, options) => {
  for (let index = options.first; index < options.first + options.count; index++) {
    await Promise.resolve();
    if (options.signal?.aborted === true) return;
    options.onPurchases(1_000);
    options.onReplication(index, pretendTotals(world, options.seed, index));
  }
};

/** A run without files, kernels or figures: assumptions of draw n come to n payments more. */
export function pretendParts(changes: Partial<RunParts> = {}): RunParts {
  return {
    compile: (scenario) => ({ world: smallWorld({ name: scenario.name }), remarks: [] }),
    play: pretendPlay,
    answer: pretendAnswers,
    expect: (world) => pretendTotals(world, Number(/\d+$/.exec(world.name)?.[0] ?? 0), 0),
    draw: (scenario, count) =>
      Array.from({ length: count }, (_, draw) => ({
        ...scenario,
        name: `${scenario.name}-${String(draw)}`,
      })),
    breathe: () => Promise.resolve(),
    ...changes,
  };
}
