import { join } from 'node:path';
import { readNetworkFiles, shippedNetwork } from '#corridors';
import { decideRoute } from '#domain/routing/decide-route';
import type { NetworkSnapshot } from '#domain/routing/network-snapshot';
import { projectRoot } from '#platform/project-root';

/** How payments spread over the acquirers; `hot` puts `HOT_SHARE` of them on one. */
export type Skew = 'even' | 'hot';

export const HOT_SHARE = 0.7;
const HOT_ACQUIRER = 'acq_kamogawa';

/**
 * Wallets of the mix, one or two from each home market that travels. Every one has an exposure row
 * of its own; more of them would only mean more keys to make before the measurement.
 */
const WALLETS = [
  'truemoney',
  'alipayhk',
  'gcash',
  'tng',
  'mypb',
  'kakaopay',
  'naverpay',
  'ocbc',
  'changipay',
  'hipay_mn',
  'mpay_mo',
  'tinaba',
];

/** Usual amounts at a till, in minor units; steps as shops quote them. */
const AMOUNTS: Readonly<Record<string, readonly [least: number, most: number, step: number]>> = {
  JPY: [300, 9_000, 10],
  KRW: [3_000, 90_000, 100],
  THB: [5_000, 200_000, 100],
  SGD: [300, 9_000, 5],
  MYR: [800, 25_000, 5],
  HKD: [1_500, 60_000, 10],
  PHP: [5_000, 300_000, 25],
  IDR: [2_000_000, 90_000_000, 10_000],
};

/** Where a payment of the mix is made. */
export interface Shop {
  readonly merchantId: string;
  readonly storeId: string;
  readonly name: string;
  readonly mcc: string;
}

/** One acquirer's part: its shops, and the wallets that can pay there. */
export interface AcquirerShare {
  readonly acquirerId: string;
  readonly currency: string;
  readonly shops: readonly Shop[];
  readonly walletIds: readonly string[];
}

export interface Purchase {
  readonly share: AcquirerShare;
  readonly shop: Shop;
  readonly walletId: string;
  readonly customerId: string;
  readonly minor: number;
}

const CUSTOMERS = 50_000;

/**
 * The shipped network as a load: every acquirer with all its shops, and for each only wallets
 * that routing really leads there, so that an error in the figures is an error of the hub's.
 */
export function readShares(): AcquirerShare[] {
  const network = shippedNetwork(readNetworkFiles(join(projectRoot, 'data')));
  const shares = [...network.acquirers.values()].map((acquirer) => ({
    acquirerId: acquirer.id,
    currency: acquirer.currency,
    shops: shopsOf(network, acquirer.id),
    walletIds: WALLETS.filter(
      (walletId) =>
        network.wallets.get(walletId)?.homeMarket !== acquirer.market &&
        decideRoute(network, {
          walletId,
          mode: 'userPresented',
          target: { kind: 'acquirer', acquirerId: acquirer.id },
          currency: acquirer.currency,
        }).ok,
    ),
  }));
  return shares.filter(({ shops, walletIds }) => shops.length > 0 && walletIds.length > 0);
}

export function walletsOf(shares: readonly AcquirerShare[]): string[] {
  return [...new Set(shares.flatMap(({ walletIds }) => walletIds))];
}

/** The same purchases for the same seed, so that two runs differ by the machine alone. */
export function* purchases(
  shares: readonly AcquirerShare[],
  skew: Skew,
  seed: number,
): Generator<Purchase, never> {
  const below = drawer(seed);
  const hot = shares.find(({ acquirerId }) => acquirerId === HOT_ACQUIRER);
  const others = shares.filter((share) => skew === 'even' || share !== hot);
  for (;;) {
    const isHot = skew === 'hot' && below(1_000) < HOT_SHARE * 1_000;
    const share = isHot && hot !== undefined ? hot : pick(others, below);
    const [least, most, step] = AMOUNTS[share.currency] ?? [1_000, 9_000, 1];
    yield {
      share,
      shop: pick(share.shops, below),
      walletId: pick(share.walletIds, below),
      customerId: `cus_bench${String(below(CUSTOMERS))}`,
      minor: least + below(Math.floor((most - least) / step)) * step,
    };
  }
}

function shopsOf(network: NetworkSnapshot, acquirerId: string): Shop[] {
  return [...network.merchants.values()]
    .filter((merchant) => merchant.acquirerId === acquirerId)
    .flatMap((merchant) =>
      (network.storesByMerchant.get(merchant.id) ?? []).slice(0, 1).map((store) => ({
        merchantId: merchant.id,
        storeId: store.id,
        name: merchant.displayName,
        mcc: merchant.mcc,
      })),
    );
}

function pick<T>(items: readonly T[], below: (limit: number) => number): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** A small generator with a 32-bit state (Mulberry32): quick, and good enough for a mix. */
function drawer(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) % limit;
  };
}
