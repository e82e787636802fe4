import type { ComparedHeadline } from '#simulation/experiments/compare-plays';
import type { Section } from '#simulation/experiments/differences';
import type { Comparison } from './compare-scenarios.js';
import { changeSize, changeWords, figureWords, percentWords, spreadWords } from './figure-words.js';

/** Sections in words of a person, as the cause of a change. */
const CAUSES: Readonly<Record<Section, string>> = {
  period: 'another period',
  corridors: 'other corridors',
  visitors: 'visitors',
  spending: 'what visitors spend',
  wallets: 'wallets',
  acceptance: 'acceptance',
  conduct: 'how payers and partners behave',
  fx: 'rates and what demand makes of them',
  fees: 'fees',
  settlement: 'the settlement design',
  costs: 'costs of cards and cash',
  shocks: 'shocks',
};

/** What moved and why, in sentences. */
export function tellComparison(comparison: Comparison): string[] {
  const { base, other, headlines, differences } = comparison;
  if (differences.length === 0) {
    return [`${other.name} assumes nothing that ${base.name} does not: they are one scenario.`];
  }
  const value = headlines.find(({ headline }) => headline.id === 'valueUsd');
  return [
    ...(value === undefined ? [] : [tellHeadline(value)]),
    ...tellCauses(comparison),
    ...tellOthers(headlines),
    tellMethod(comparison),
  ];
}

/** A title is a label, not a subject: some are plural, some no nouns at all. */
function tellHeadline({ headline, paired, standing }: ComparedHeadline): string {
  const { title, unit } = headline;
  const { base, other, difference, differencePercent } = paired;
  if (standing === 'unchanged') return `${title}: no change, ${figureWords(base, unit)}.`;
  const { mean, halfWidth } = difference;
  const spread = halfWidth === null ? '' : ` ${spreadWords(halfWidth, unit)}`;
  const size = changeSize(mean, unit, halfWidth);
  if (standing === 'unclear') {
    return `${title}: no difference can be told, ${changeWords(mean, unit, halfWidth)}${spread} of ${figureWords(base, unit)}.`;
  }
  const percent = differencePercent === null ? '' : ` (${percentWords(differencePercent)})`;
  return (
    `${title}: ${mean > 0 ? 'up' : 'down'} by ${size}${spread}${percent}, ` +
    `from ${figureWords(base, unit)} to ${figureWords(other, unit)}.`
  );
}

function tellCauses({ effects, together, headlines }: Comparison): string[] {
  const base = headlines.find(({ headline }) => headline.id === 'valueUsd')?.paired.base ?? 0;
  const share = (usd: number): string =>
    base === 0 ? '' : ` (${percentWords((usd / Math.abs(base)) * 100)})`;
  const alone = effects
    .flatMap(({ section, effects: own }) => (own === null ? [] : [{ section, usd: own.valueUsd }]))
    .sort((a, b) => Math.abs(b.usd) - Math.abs(a.usd));
  const untold = effects.filter(({ effects: own }) => own === null).map(({ section }) => section);
  if (alone.length === 1 && untold.length === 0) {
    const section = alone[0]?.section ?? 'shocks';
    return [`All of it is due to ${CAUSES[section]}, the only part in which the two differ.`];
  }
  const told = alone.map(
    ({ section, usd }) => `${CAUSES[section]} ${changeWords(usd, 'usd')}${share(usd)}`,
  );
  return [
    `Of the change in value, each part alone: ${told.join('; ')}.`,
    ...(together === null
      ? []
      : [`Together they do ${changeWords(together.valueUsd, 'usd')} beyond that.`]),
    ...untold.map((section) => `What ${CAUSES[section]} do alone cannot be played.`),
  ];
}

/** The three clear changes that are largest against their base, value apart. */
function tellOthers(headlines: readonly ComparedHeadline[]): string[] {
  return headlines
    .filter(
      ({ headline, paired, merit }) =>
        merit !== 'even' &&
        headline.id !== 'valueUsd' &&
        headline.id !== 'payments' &&
        paired.differencePercent !== null,
    )
    .sort((a, b) => sizeOf(b) - sizeOf(a))
    .slice(0, 3)
    .map((compared) => {
      const good = compared.merit === 'better' ? 'better' : 'worse';
      return `${tellHeadline(compared).slice(0, -1)}, which is ${good}.`;
    });
}

function sizeOf({ paired }: ComparedHeadline): number {
  return Math.abs(paired.differencePercent ?? 0);
}

function tellMethod({ replications, seed, fidelity, headlines }: Comparison): string {
  if (fidelity === 'fluid') return 'Expected values of the fluid kernel: there is no luck in them.';
  const value = headlines.find(({ headline }) => headline.id === 'valueUsd')?.paired;
  const saved = value?.savedFactor ?? null;
  const gain =
    value === undefined || value.correlation === null || saved === null
      ? ''
      : ` They move together (correlation ${value.correlation.toFixed(3)}), which is worth ${figureWords(Math.round(saved), 'count')} times the replications.`;
  return (
    `${String(replications)} replications of the ${fidelity} kernel each, seed ${String(seed)}: ` +
    `the same travellers with the same luck in both.${gain}`
  );
}
