import type { WalletEpoch } from '../world.js';
import type { CastWallet } from './cast-of-world.js';
import { needed, type WorldInput } from './world-input.js';

/** Which wallet a payer holds out through the period, and how many would like to pay by wallet. */
export interface WalletWishes {
  readonly epochs: readonly WalletEpoch[];
  /** By day: of on-site purchases, the share whose payer would like to pay by wallet; 0 to 1. */
  readonly wish: Float64Array;
}

/**
 * Wallets of an origin share the wish to pay by wallet by their weights. One that joins brings its
 * own wish, part of which its users would have paid with another wallet of the network anyway; the
 * users of one that leaves do not switch.
 *
 * Null where no wallet of the origin can pay in the destination on any day.
 */
export function wishesOf(
  input: WorldInput,
  wallets: readonly CastWallet[],
  origin: number,
  destination: number,
): WalletWishes | null {
  const own = wallets.flatMap((wallet, index) => {
    const from = wallet.payableFrom.get(destination);
    if (wallet.origin !== origin || from === undefined) return [];
    return [{ wallet, index, from: Math.max(from, wallet.fromDay) }];
  });
  if (own.length === 0) return null;
  const market = input.scenario.corridors.origins[origin] ?? '';
  const standing = own.filter(({ wallet }) => wallet.joining === null);
  const weightOf = new Map(
    standing.map(({ wallet, index }) => [index, weight(input, wallet, standing.length)]),
  );
  const stated = input.scenario.wallets.wishPercentByOrigin[market];
  const pointer = `/wallets/wishPercentByOrigin/${market}`;
  const percent =
    standing.length === 0
      ? 0
      : needed(
          input,
          stated,
          pointer,
          `How much travellers from ${market} would like to pay by wallet`,
        );
  const end = input.firstDay + input.days;
  const borders = own.flatMap(({ from, wallet }) => [from, wallet.untilDay]);
  const starts = [...new Set([input.firstDay, ...borders])]
    .filter((day) => day >= input.firstDay && day < end)
    .sort((a, b) => a - b);
  const wish = new Float64Array(input.days);
  const epochs = starts.map((fromDay, at): WalletEpoch => {
    const weights = new Float64Array(wallets.length);
    const total = wishInEpoch(input, own, weightOf, percent, fromDay, weights);
    wish.fill(total / 100, fromDay - input.firstDay, (starts[at + 1] ?? end) - input.firstDay);
    return { fromDay, weights };
  });
  return { epochs, wish };
}

interface OwnWallet {
  readonly wallet: CastWallet;
  readonly index: number;
  readonly from: number;
}

function weight(input: WorldInput, { wallet }: CastWallet, among: number): number {
  const figure = input.scenario.wallets.weights[wallet.id];
  if (figure === undefined && among === 1) return 1;
  const pointer = `/wallets/weights/${wallet.id}`;
  return needed(input, figure, pointer, `How many hold out ${wallet.name}`);
}

/** Fills the weights of one epoch, in percent of on-site purchases, and returns their sum. */
function wishInEpoch(
  input: WorldInput,
  own: readonly OwnWallet[],
  weightOf: ReadonlyMap<number, number>,
  percent: number,
  day: number,
  weights: Float64Array,
): number {
  let [here, left, joined, taken] = [0, 0, 0, 0];
  for (const { wallet, index, from } of own) {
    const active = from <= day && day < wallet.untilDay;
    if (wallet.joining === null) {
      const own = weightOf.get(index) ?? 0;
      if (active) here += own;
      else if (day >= wallet.untilDay) left += own;
      continue;
    }
    if (!active) continue;
    const { wishPercent, cannibalisationPercent } = wallet.joining;
    joined += wishPercent.value;
    taken += (wishPercent.value * cannibalisationPercent.value) / 100;
    weights[index] = wishPercent.value;
  }
  // Before any of them can pay there is nothing to take from, and all of it is new.
  const standing = here === 0 ? 0 : (percent * here) / (here + left);
  const kept = standing - Math.min(taken, here === 0 ? 0 : taken);
  if (kept < 0) {
    input.notes.fault(
      '/wallets/joining',
      `Joining wallets would take ${taken.toFixed(1)} % of purchases from others, which have ${standing.toFixed(1)} %: lower wishPercent or cannibalisationPercent.`,
    );
  }
  for (const { wallet, index, from } of own) {
    if (wallet.joining !== null || from > day || day >= wallet.untilDay) continue;
    weights[index] = here === 0 ? 0 : (Math.max(0, kept) * (weightOf.get(index) ?? 0)) / here;
  }
  return Math.max(0, kept) + joined;
}
