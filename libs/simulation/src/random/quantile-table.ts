import { invariant } from '#domain/invariant';
import { exp, normalQuantile, powerOfTwo } from './exact-math.js';

/** Log-normal amounts in whole steps; `Ticket` of the world is one. */
export interface LogNormalAmount {
  readonly medianMinor: number;
  readonly sigma: number;
  readonly minMinor: number;
  readonly maxMinor: number;
  readonly stepMinor: number;
}

/** Halvings of the chance that have a stretch of the table; the rarest 2^-24 of each side is cut. */
const STRETCHES = 23;
/** Places of a stretch, evenly between a chance and twice it. */
const PLACES = 64;
const LEAST_DISTANCE = 2 ** (31 - STRETCHES);

/** Places of one side of the median, and of a whole table. */
const SIDE = STRETCHES * PLACES + 1;
export const TABLE_LENGTH = 2 * SIDE;

/**
 * Draws amounts without a logarithm or a root: quantiles of the distribution on a grid that is as
 * fine in the tails as around the median (64 places for each halving of the chance), between two
 * places the line. In units of the step; amounts beyond the limits are the limits themselves.
 *
 * Below the median come first, from the rarest, then those above, from the rarest.
 */
export interface QuantileTable {
  readonly quantiles: Float64Array;
  readonly stepMinor: number;
}

/** Standard normal quantiles of all places below the median: what every table is made from. */
let normalPlaces: Float64Array | undefined;

function placesOf(): Float64Array {
  normalPlaces ??= Float64Array.from({ length: SIDE }, (_, at) =>
    at === SIDE - 1 ? 0 : normalQuantile(chanceAt(at)),
  );
  return normalPlaces;
}

/** The chance to be further out than a place of one side; once worked out, kept. */
let chances: Float64Array | undefined;

function chanceAt(at: number): number {
  chances ??= Float64Array.from({ length: SIDE }, (_, each) => {
    const [stretch, place] = [Math.floor(each / PLACES), each % PLACES];
    return powerOfTwo(stretch - STRETCHES - 1) * (1 + place / PLACES);
  });
  return chances[at] ?? 0;
}

export function quantileTable(amount: LogNormalAmount): QuantileTable {
  const { medianMinor, sigma, stepMinor } = amount;
  invariant(medianMinor > 0 && sigma >= 0, 'amounts have a median above zero and a spread');
  invariant(
    Number.isSafeInteger(stepMinor) && stepMinor > 0,
    'a step is a whole number of minor units',
  );
  const least = Math.max(1, Math.ceil(amount.minMinor / stepMinor));
  const most = Math.floor(amount.maxMinor / stepMinor);
  invariant(least <= most, 'no multiple of the step lies between the smallest and largest amount');
  const quantiles = new Float64Array(TABLE_LENGTH);
  const within = (steps: number): number => Math.min(Math.max(steps, least), most);
  for (const [at, z] of placesOf().entries()) {
    const factor = exp(sigma * z);
    quantiles[at] = within((medianMinor * factor) / stepMinor);
    quantiles[SIDE + at] = within(medianMinor / factor / stepMinor);
  }
  return { quantiles, stepMinor };
}

/** The amount of a draw of 32 bits: minor units, a multiple of the step. */
export function amountAt({ quantiles, stepMinor }: QuantileTable, word: number): number {
  return Math.floor(stepsAt(quantiles, 0, word) + 0.5) * stepMinor;
}

/**
 * The same before rounding, in steps, from a column that holds many tables.
 *
 * @param start where the table begins
 */
export function stepsAt(quantiles: Float64Array, start: number, word: number): number {
  // How far from its own end of the scale, at most 2^31: the leading bit says which stretch. All
  // bits of `above` are set for a draw above the median, which spares a jump nobody could guess.
  const above = word >> 31;
  const distance = Math.max((word ^ above) & 0x7fff_ffff, LEAST_DISTANCE);
  const zeros = Math.clz32(distance);
  const rest = distance << (zeros + 1);
  const place = start + (above & SIDE) + (STRETCHES - zeros) * PLACES + (rest >>> 26);
  const from = quantiles[place] ?? 0;
  return from + ((quantiles[place + 1] ?? 0) - from) * ((rest & 0x3ff_ffff) / 67_108_864);
}

/**
 * A part of what a table gives: with chance `share`, an amount evenly between the two. In steps
 * before rounding.
 */
export interface AmountStretch {
  readonly share: number;
  readonly from: number;
  readonly to: number;
}

/** All parts of a table in ascending order; the shares add up to 1. For expected values. */
export function stretchesOf({ quantiles }: QuantileTable): AmountStretch[] {
  const stretches: AmountStretch[] = [];
  const add = (share: number, from: number, to: number): void => {
    stretches.push({ share, from: quantiles[from] ?? 0, to: quantiles[to] ?? 0 });
  };
  add(chanceAt(0), 0, 0);
  for (let at = 0; at < SIDE - 1; at++) add(chanceAt(at + 1) - chanceAt(at), at, at + 1);
  for (let at = SIDE - 1; at > 0; at--) {
    add(chanceAt(at) - chanceAt(at - 1), SIDE + at, SIDE + at - 1);
  }
  add(chanceAt(0), SIDE, SIDE);
  return stretches;
}

/** Mean and variance of what a table gives, minor units: of the lines, and of rounding to steps. */
export function momentsOf(table: QuantileTable): {
  readonly mean: number;
  readonly variance: number;
} {
  const { stepMinor } = table;
  let [mean, square] = [0, 0];
  for (const { share, from, to } of stretchesOf(table)) {
    mean += (share * (from + to)) / 2;
    square += (share * (from * from + from * to + to * to)) / 3;
  }
  const variance = (square - mean * mean + 1 / 12) * stepMinor * stepMinor;
  return { mean: mean * stepMinor, variance };
}
