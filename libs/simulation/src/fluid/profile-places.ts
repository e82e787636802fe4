import { addSum, type AmountSum, type AmountSums } from './amount-sums.js';
import type { FlowParts, WorldParts } from './flow-parts.js';

/**
 * Spreads paid purchases over the areas. Which area depends on nothing but category and acquirer,
 * so it is worked out once all hours are added up.
 *
 * @param placed by `category * acquirers + acquirer`
 */
export function spreadPlaces(
  { shares }: WorldParts,
  flow: FlowParts,
  month: number,
  placed: AmountSums,
  areas: AmountSums,
): void {
  const { areaShare, mix } = flow.mixOf(month);
  for (let area = 0; area < areaShare.length; area++) {
    const share = areaShare[area] ?? 0;
    if (share === 0) continue;
    for (let cell = 0; cell < mix.length; cell++) {
      const whole = mix[cell] ?? 0;
      if (whole === 0) continue;
      addSum(areas, area, (share * (shares[area * mix.length + cell] ?? 0)) / whole, {
        share: placed.count[cell] ?? 0,
        amount: placed.minor[cell] ?? 0,
        square: placed.square[cell] ?? 0,
      });
    }
  }
}

/**
 * The same for an hour in which areas are out of service.
 *
 * @param cell `category * acquirers + acquirer`
 * @param everywhere paid purchases of the category, were all its shops in all areas the acquirer's
 * @param stopped share by `area * acquirers + acquirer`
 */
export function addStoppedPlaces(
  { shares, world }: WorldParts,
  flow: FlowParts,
  month: number,
  cell: number,
  everywhere: number,
  within: AmountSum,
  stopped: Float64Array,
  areas: AmountSums,
): void {
  const { areaShare, mix } = flow.mixOf(month);
  const acquirer = cell % world.acquirers.length;
  for (let area = 0; area < areaShare.length; area++) {
    const there = (areaShare[area] ?? 0) * (shares[area * mix.length + cell] ?? 0);
    const open = 1 - (stopped[area * world.acquirers.length + acquirer] ?? 0);
    if (there * open > 0) addSum(areas, area, everywhere * there * open, within);
  }
}
