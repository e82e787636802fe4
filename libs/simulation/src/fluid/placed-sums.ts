import type { World } from '../world.js';
import type { PlaceMix } from './acquirer-mix.js';
import { addAt, type FluidSums } from './fluid-sums.js';
import type { LimitSums } from './passage.js';

/**
 * Paid purchases of one flow and month, kept by category and acquirer until the month is over:
 * which area they fall into depends on nothing else, so it is worked out once and not every day.
 */
export class PlacedSums {
  private readonly count: Float64Array;
  private readonly minor: Float64Array;
  private readonly square: Float64Array;

  constructor(
    private readonly world: World,
    private readonly shares: Float64Array,
    private readonly place: PlaceMix,
    private readonly sums: FluidSums,
  ) {
    const cells = place.mix.length;
    this.count = new Float64Array(cells);
    this.minor = new Float64Array(cells);
    this.square = new Float64Array(cells);
  }

  /** @param weight purchases, wherever the mix takes them, that are paid if within the limits */
  addRegular(
    category: number,
    acquirer: number,
    weight: number,
    limits: LimitSums | undefined,
  ): void {
    if (limits === undefined) return;
    const cell = category * this.world.acquirers.length + acquirer;
    addAt(this.count, cell, weight * limits.within.share);
    addAt(this.minor, cell, weight * limits.within.amount);
    addAt(this.square, cell, weight * limits.within.square);
  }

  /**
   * Purchases of an hour in which areas are out of service.
   *
   * @param weight purchases of the category in all areas and at all acquirers
   * @param stopped `[area * acquirers + acquirer]`
   */
  addIrregular(
    category: number,
    acquirer: number,
    weight: number,
    limits: LimitSums | undefined,
    stopped: Float64Array,
  ): void {
    if (limits === undefined || weight === 0) return;
    const { acquirers, categories } = this.world;
    for (let area = 0; area < this.place.areaShare.length; area++) {
      const cell = (area * categories.length + category) * acquirers.length + acquirer;
      const there =
        weight *
        (this.place.areaShare[area] ?? 0) *
        (this.shares[cell] ?? 0) *
        (1 - (stopped[area * acquirers.length + acquirer] ?? 0));
      if (there > 0) this.addArea(area, there, limits.within);
    }
  }

  /** Spreads what was kept over the areas. */
  spread(): void {
    const { areaShare, mix } = this.place;
    for (let area = 0; area < areaShare.length; area++) {
      const share = areaShare[area] ?? 0;
      if (share === 0) continue;
      for (let cell = 0; cell < mix.length; cell++) {
        const whole = mix[cell] ?? 0;
        const part = whole > 0 ? (share * (this.shares[area * mix.length + cell] ?? 0)) / whole : 0;
        if (part === 0) continue;
        this.addArea(area, part, {
          share: this.count[cell] ?? 0,
          amount: this.minor[cell] ?? 0,
          square: this.square[cell] ?? 0,
        });
      }
    }
  }

  private addArea(area: number, weight: number, sum: LimitSums['within']): void {
    const { totals, variances } = this.sums;
    addAt(totals.areaCount, area, weight * sum.share);
    addAt(variances.areaCount, area, weight * sum.share);
    addAt(totals.areaMinor, area, weight * sum.amount);
    addAt(variances.areaMinor, area, weight * sum.square);
  }
}
