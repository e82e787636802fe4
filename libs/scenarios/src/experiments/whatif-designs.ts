import type { Answers } from '#simulation/answers/answers';
import type { Figure, Scenario } from '#simulation/scenario';
import type { ExperimentWatch, Player } from './player.js';
import { figureWords } from './figure-words.js';

/** A way to settle, and what it changes of a scenario. */
export interface Design {
  readonly id: string;
  readonly title: string;
  readonly change: (scenario: Scenario) => Scenario;
  /** What there is to be expected of it, before it is played. */
  readonly why: string;
}

export interface PlayedDesign {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly liquidityUsd: number;
  readonly liquidityLowerUsd: number;
  readonly liquidityUpperUsd: number;
  readonly hubFundingPeakUsd: number;
  readonly nettingPercent: number;
  readonly turnoverRatio: number;
  readonly prefundBreachHours: number;
  readonly capBreachHours: number;
  readonly capDeclinedUsd: number;
  readonly peakCapUsePercent: number;
  readonly fxResultUsd: number;
  readonly coverCostUsd: number;
  readonly rateLockCostUsd: number;
  readonly largestOpenUsd: number;
  readonly hoursToFunds: number;
  /** What the design changed against the first, in a sentence. */
  readonly finding: string;
}

const MODEL_WHY = {
  gross: 'nothing is set off: each payment moves by itself',
  bilateral: 'each pair of participants settles one amount',
  multilateral: 'each participant settles one amount with the hub',
} as const;

/** The designs that a settlement committee would ask about, one thing changed in each. */
export function usualDesigns(scenario: Scenario): Design[] {
  return [
    {
      id: 'asIs',
      title: 'as the scenario has it',
      change: (given) => given,
      why: 'what the others are measured by',
    },
    ...cycleDesigns(scenario),
    ...coverDesigns(scenario),
    ...lockDesigns(),
  ];
}

function cycleDesigns({ settlement }: Scenario): Design[] {
  const cycles = [1, 2, 4, 24].filter((count) => count !== settlement.cyclesPerDay);
  const models = (['gross', 'bilateral', 'multilateral'] as const).filter(
    (model) => model !== settlement.netting,
  );
  return [
    ...cycles.map((count) => ({
      id: `cycles${String(count)}`,
      title: count === 1 ? 'one cycle a day' : `${String(count)} cycles a day`,
      change: settled({ cyclesPerDay: count }),
      why: 'shorter cycles owe less at a time, set off less and cover sooner',
    })),
    ...models.map((model) => ({
      id: model,
      title: `${model} settlement`,
      change: settled({ netting: model }),
      why: MODEL_WHY[model],
    })),
    {
      id: 'lag1',
      title: 'settled after one business day',
      change: settled({ lagDays: 1 }),
      why: 'what is owed is owed for fewer days',
    },
  ];
}

function coverDesigns({ settlement }: Scenario): Design[] {
  return [
    {
      id: 'prefund2',
      title: 'two days of flow prefunded',
      change: settled({ prefundDays: asked(2) }),
      why: 'cover paid in takes the place of trust',
    },
    {
      id: 'cap3',
      title: 'caps of three days of flow',
      change: settled({ capDays: asked(3), prefundDays: asked(0), capsHold: true }),
      why: 'tight caps stop payments before holidays are over',
    },
    {
      id: 'provider',
      title: 'an FX provider at half the spread',
      change: settled({ coverSpreadBps: asked(settlement.coverSpreadBps.value / 2) }),
      why: 'covers cost half; nothing else moves',
    },
  ];
}

function lockDesigns(): Design[] {
  return [1, 60].map((minutes) => ({
    id: `lock${String(minutes)}`,
    title: `rates locked for ${minutes === 1 ? 'a minute' : 'an hour'}`,
    change: (given) => ({ ...given, fx: { ...given.fx, rateLockMinutes: asked(minutes) } }),
    why: 'a locked quote is an option that the payer holds and the hub has written',
  }));
}

function settled(part: Partial<Scenario['settlement']>): Design['change'] {
  return (given) => ({ ...given, settlement: { ...given.settlement, ...part } });
}

function asked(value: number): Figure {
  return { value, because: 'asked of the settlement design', quality: 'estimated' };
}

/** Plays each design on the same expected year, and says what each changes against the first. */
export async function playDesigns(
  scenario: Scenario,
  designs: readonly Design[],
  player: Player,
  watch: ExperimentWatch = {},
): Promise<PlayedDesign[]> {
  const played: PlayedDesign[] = [];
  for (const [index, design] of designs.entries()) {
    watch.onProgress?.(design.title, index / designs.length);
    const answers = await player.answer(design.change(scenario));
    const figures = figuresOf(answers);
    const first = played[0];
    const finding = first === undefined ? '' : findingOf(first, figures);
    played.push({ id: design.id, title: design.title, why: design.why, ...figures, finding });
  }
  return played;
}

type Figures = Omit<PlayedDesign, 'id' | 'title' | 'why' | 'finding'>;

function figuresOf({ headlines, fx }: Answers): Figures {
  return {
    liquidityUsd: headlines.liquidityUsd,
    liquidityLowerUsd: headlines.liquidityLowerUsd,
    liquidityUpperUsd: headlines.liquidityUpperUsd,
    hubFundingPeakUsd: headlines.hubFundingPeakUsd,
    nettingPercent: headlines.nettingPercent,
    turnoverRatio: headlines.turnoverRatio,
    prefundBreachHours: headlines.prefundBreachHours,
    capBreachHours: headlines.capBreachHours,
    capDeclinedUsd: headlines.capDeclinedUsd,
    peakCapUsePercent: headlines.peakCapUsePercent,
    fxResultUsd: headlines.fxResultUsd,
    coverCostUsd: headlines.coverCostUsd,
    rateLockCostUsd: headlines.rateLockCostUsd,
    largestOpenUsd: fx.largestOpenUsd,
    hoursToFunds: headlines.hoursToFunds,
  };
}

/** The largest changes, each in the words of its figure; at most three. */
function findingOf(base: Figures, design: Figures): string {
  const changes = TOLD.map(({ key, words, unit, floor }) => {
    const [before, after] = [base[key], design[key]];
    const size = Math.abs(after - before);
    return {
      size: size <= floor ? 0 : size / Math.max(Math.abs(before), floor),
      words,
      unit,
      before,
      after,
    };
  })
    .filter(({ size }) => size > 0.005)
    .sort((a, b) => b.size - a.size)
    .slice(0, 3);
  if (changes.length === 0) return 'Changes nothing that counts here.';
  const told = changes.map(
    ({ words, unit, before, after }) =>
      `${words} ${figureWords(before, unit)} → ${figureWords(after, unit)}`,
  );
  return `${told.join('; ')}.`;
}

const TOLD = [
  { key: 'liquidityUsd', words: 'liquidity', unit: 'usd', floor: 100 },
  { key: 'hubFundingPeakUsd', words: 'largest pay-out', unit: 'usd', floor: 100 },
  { key: 'nettingPercent', words: 'netting', unit: 'percent', floor: 0.05 },
  { key: 'prefundBreachHours', words: 'hours beyond prefund', unit: 'hours', floor: 1 },
  { key: 'capBreachHours', words: 'hours beyond cap', unit: 'hours', floor: 1 },
  { key: 'capDeclinedUsd', words: 'declined for the cap', unit: 'usd', floor: 100 },
  { key: 'peakCapUsePercent', words: 'peak use of a cap', unit: 'percent', floor: 0.5 },
  { key: 'fxResultUsd', words: 'FX result', unit: 'usd', floor: 100 },
  { key: 'coverCostUsd', words: 'cost of covers', unit: 'usd', floor: 10 },
  { key: 'rateLockCostUsd', words: 'worth of the rate lock', unit: 'usd', floor: 10 },
  { key: 'hoursToFunds', words: 'hours to funds', unit: 'hours', floor: 0.2 },
] as const;
