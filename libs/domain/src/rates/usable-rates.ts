import type { CurrencyCode } from '../currency.js';
import type { MidRate } from '../fx.js';

/**
 * What a book is made of once somebody imports a series of their own: an imported figure takes
 * the place of every shipped one that prices the same currency, under whatever base it shipped,
 * pegs too: two ways to one currency would price it twice. Shipped figures are pinned, legal pegs
 * need not be, imported ones age.
 */
export function usableRates(
  shipped: readonly MidRate[],
  imported: readonly MidRate[],
): readonly MidRate[] {
  const covered = new Set<CurrencyCode>(imported.map((rate) => rate.counter));
  const kept = shipped
    .filter((rate) => !covered.has(rate.counter))
    .map((rate) => (rate.quality === 'rule' ? rate : { ...rate, pinned: true }));
  return [...imported, ...kept];
}
