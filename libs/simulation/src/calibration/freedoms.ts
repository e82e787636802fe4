import type { Figure, FiguresBy, Scenario } from '../scenario.js';

/**
 * A parameter that may be moved to meet a published total. All of them are here, so that a report
 * can say how much freedom was used: a model with as many free parameters as targets fits anything.
 */
export interface Freedom {
  readonly target: string;
  /** What is moved, as a reader finds it in a scenario. */
  readonly parameter: string;
  readonly what: string;
  /** Beyond these a value would contradict what is known of it otherwise. */
  readonly low: number;
  readonly high: number;
  readonly valueOf: (scenario: Scenario) => number;
  readonly moved: (scenario: Scenario, value: number) => Scenario;
}

const ORIGIN_OF_LEVEL = 'CN';

export const FREEDOMS: readonly Freedom[] = [
  {
    target: 'japan-merchants-2025',
    parameter: 'acceptance.growthPercentPerYear',
    what: 'how fast merchants join',
    low: 0,
    high: 60,
    valueOf: ({ acceptance }) => acceptance.growthPercentPerYear.value,
    moved: (scenario, value) => ({
      ...scenario,
      acceptance: {
        ...scenario.acceptance,
        growthPercentPerYear: at(scenario.acceptance.growthPercentPerYear, value),
      },
    }),
  },
  {
    target: 'korea-ticket-abroad-2024',
    parameter: 'spending.ticketPercentByOrigin.KR',
    what: 'what Koreans pay at a time, against the usual ticket',
    low: 20,
    high: 100,
    valueOf: ({ spending }) => spending.ticketPercentByOrigin.KR?.value ?? 100,
    moved: (scenario, value) => ({
      ...scenario,
      spending: {
        ...scenario.spending,
        ticketPercentByOrigin: {
          ...scenario.spending.ticketPercentByOrigin,
          KR: at(scenario.spending.ticketPercentByOrigin.KR, value),
        },
      },
    }),
  },
  {
    target: 'japan-wallet-share-2024',
    parameter: 'wallets.wishPercentByOrigin',
    what: `one factor on the wish of every origin; the figure is that of ${ORIGIN_OF_LEVEL}`,
    low: 10,
    high: 90,
    valueOf: ({ wallets }) => wallets.wishPercentByOrigin[ORIGIN_OF_LEVEL]?.value ?? 0,
    moved: (scenario, value) => {
      const now = scenario.wallets.wishPercentByOrigin;
      const factor = value / (now[ORIGIN_OF_LEVEL]?.value ?? value);
      const wishPercentByOrigin: FiguresBy = Object.fromEntries(
        Object.entries(now).flatMap(([origin, figure]) =>
          figure === undefined ? [] : [[origin, at(figure, figure.value * factor)]],
        ),
      );
      return { ...scenario, wallets: { ...scenario.wallets, wishPercentByOrigin } };
    },
  },
];

/** A figure moved to a value; its range moves along. */
function at(figure: Figure | undefined, value: number): Figure {
  if (figure === undefined) return { value, because: 'fitted', quality: 'estimated' };
  const { range, ...rest } = figure;
  if (range === undefined) return { ...rest, value };
  const factor = figure.value === 0 ? 1 : value / figure.value;
  return { ...rest, value, range: { low: range.low * factor, high: range.high * factor } };
}
