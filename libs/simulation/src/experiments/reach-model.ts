import { minorMid } from '../fluid/expected-price.js';
import { ticketNodes } from '../fluid/ticket-nodes.js';
import type { Figure } from '../scenario.js';
import type { World } from '../world.js';

/** A next step of a network. `share`s are of on-site spending, 0 to 1. */
export type Candidate = {
  readonly id: string;
  readonly title: string;
  /** In the plan's own points. */
  readonly cost: number;
} & (
  | {
      /** A wallet that joins, or (`link`) one of the network that goes to a market more. */
      readonly kind: 'wallet' | 'link';
      readonly origin: string;
      readonly destinations: readonly string[];
      readonly wishPercent: Figure;
      /** Of that, what is paid with another wallet of the network already. */
      readonly cannibalisationPercent: Figure;
    }
  | { readonly kind: 'market'; readonly market: string; readonly side: 'origin' | 'destination' }
  | {
      /** Shops of one kind in one place: part of those that take no wallet yet begin to. */
      readonly kind: 'segment';
      readonly category: string;
      readonly area: string;
      readonly closesPercent: Figure;
    }
);

/** What travellers of one origin spend at counters of one destination, US dollars in the period. */
export interface ReachFlow {
  readonly origin: string;
  readonly destination: string;
  readonly spendUsd: number;
  /** `spendUsd` by `area * categories + category`. */
  readonly segmentUsd: Float64Array;
  /** By category. */
  readonly acceptance: Float64Array;
  /** Share whose payers would like to pay with wallets that the network has there already. */
  readonly wish: number;
  /** What that rests on, of all travellers of the origin; null where nobody has stated it. */
  readonly wishFigure: Figure | null;
  readonly isOpen: { readonly origin: boolean; readonly destination: boolean };
}

export interface ReachModel {
  readonly world: World;
  readonly flows: readonly ReachFlow[];
}

/**
 * What there is to be reached, from a world in which every origin has a probe: a made-up wallet
 * that wishes for `probeShare` of on-site spending, so that markets without a wallet show their
 * travellers too. Dollars are those of the period's middle day.
 *
 * @param wishOf share wished for by wallets that pay on this corridor, without the probe
 */
export function reachModel(
  world: World,
  probeShare: number,
  wishOf: (
    origin: string,
    destination: string,
  ) => { readonly wish: number; readonly figure: Figure | null },
  open: { readonly origins: readonly string[]; readonly destinations: readonly string[] },
): ReachModel {
  const day = Math.floor(world.days / 2);
  const usd = world.currencies.indexOf('USD');
  const flows = world.flows.map((flow): ReachFlow => {
    const origin = world.origins[flow.origin] ?? '';
    const place = world.destinations[flow.destination];
    const destination = place?.market ?? '';
    const { wish, figure: wishFigure } = wishOf(origin, destination);
    const rate = minorMid(world, day, place?.currency ?? 0, usd) / 100 / (wish + probeShare);
    const intended = flow.intended.reduce((sum, count) => sum + count, 0);
    const [work, off] = flow.hourWeights.map(categoryShares);
    const areas = meanShares(flow.areaWeights);
    const categories = world.categories.length;
    const segmentUsd = new Float64Array(world.areas.length * categories);
    const offDays = flow.dayKinds.reduce((sum, kind) => sum + kind, 0) / world.days;
    for (let category = 0; category < categories; category++) {
      const ticket = flow.tickets[category];
      const mean = ticket === undefined ? 0 : ticketNodes(ticket).all.amount;
      const share = (work?.[category] ?? 0) * (1 - offDays) + (off?.[category] ?? 0) * offDays;
      for (let area = 0; area < world.areas.length; area++) {
        segmentUsd[area * categories + category] =
          intended * share * mean * rate * (areas[area] ?? 0);
      }
    }
    return {
      origin,
      destination,
      segmentUsd,
      spendUsd: segmentUsd.reduce((sum, value) => sum + value, 0),
      acceptance: flow.acceptance,
      wish,
      wishFigure,
      isOpen: {
        origin: open.origins.includes(origin),
        destination: open.destinations.includes(destination),
      },
    };
  });
  return { world, flows };
}

function categoryShares(weights: Float64Array): Float64Array {
  const sums = new Float64Array(weights.length / 24);
  let total = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    const category = Math.floor(slot / 24);
    sums[category] = (sums[category] ?? 0) + (weights[slot] ?? 0);
    total += weights[slot] ?? 0;
  }
  return sums.map((sum) => (total > 0 ? sum / total : 0));
}

function meanShares(months: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(months[0]?.length ?? 0);
  for (const weights of months) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let area = 0; area < mean.length; area++) {
      const share = total > 0 ? (weights[area] ?? 0) / total : 0;
      mean[area] = (mean[area] ?? 0) + share / months.length;
    }
  }
  return mean;
}

/** A candidate's figures as they are taken: as stated, or drawn. */
export type Reading = (figure: Figure, name: string) => number;

export const AS_STATED: Reading = (figure) => figure.value;

/**
 * Spending that the network could be paid with, were a set of candidates done: of each corridor
 * that is open, spending × the share that wishes for a wallet × the share of shops that take one.
 *
 * Wallets of one origin share its travellers: each reaches its part of those whom no other wallet
 * of the network reaches, so two that bring 5 % each bring less than 10 % together. Shops count
 * for every wallet, and a market for all of its travellers: such steps are worth more together.
 */
export function worthOf(
  model: ReachModel,
  candidates: readonly Candidate[],
  read: Reading = AS_STATED,
): (items: readonly number[]) => number {
  const { world, flows } = model;
  const accepted = flows.map(({ segmentUsd, acceptance }) =>
    segmentUsd.reduce(
      (sum, usd, at) => sum + usd * (acceptance[at % world.categories.length] ?? 0),
      0,
    ),
  );
  const effects = candidates.map((candidate) =>
    flows.map((flow) => effectOn(world, flow, candidate, read)),
  );
  const wishes = flows.map(({ origin, wish, wishFigure: figure }) =>
    figure === null || figure.value === 0
      ? wish
      : Math.min(1, (wish * read(figure, `wish ${origin}`)) / figure.value),
  );
  return (items) => {
    let total = 0;
    for (const [index, flow] of flows.entries()) {
      const found = items.flatMap((item) => effects[item]?.[index] ?? []);
      const opens = (side: 'opensOrigin' | 'opensDestination'): boolean =>
        found.some((effect) => effect[side]);
      if (!flow.isOpen.destination && !opens('opensDestination')) continue;
      // Where the market is not open, only wallets that come by themselves reach anybody.
      const standing = flow.isOpen.origin || opens('opensOrigin') ? (wishes[index] ?? 0) : 0;
      let unreached = 1 - standing;
      let shops = accepted[index] ?? 0;
      for (const { wish, taken, shopsUsd } of found) {
        const fresh = standing > 0 ? wish * (1 - taken) : wish;
        unreached *= 1 - Math.min(1, fresh / Math.max(1e-9, 1 - standing));
        shops += shopsUsd;
      }
      total += shops * (1 - unreached);
    }
    return total;
  };
}

interface Effect {
  /** Of spending, and of that what wallets of the network have already where there are any. */
  readonly wish: number;
  readonly taken: number;
  readonly shopsUsd: number;
  readonly opensOrigin: boolean;
  readonly opensDestination: boolean;
}

const NO_EFFECT: Effect = {
  wish: 0,
  taken: 0,
  shopsUsd: 0,
  opensOrigin: false,
  opensDestination: false,
};

function effectOn(world: World, flow: ReachFlow, candidate: Candidate, read: Reading): Effect {
  const name = (key: string): string => `${candidate.id} ${key}`;
  switch (candidate.kind) {
    case 'wallet':
    case 'link': {
      if (flow.origin !== candidate.origin) return NO_EFFECT;
      if (!candidate.destinations.includes(flow.destination)) return NO_EFFECT;
      return {
        ...NO_EFFECT,
        wish: read(candidate.wishPercent, name('wish')) / 100,
        taken: read(candidate.cannibalisationPercent, name('taken')) / 100,
      };
    }
    case 'market':
      return candidate.side === 'origin'
        ? { ...NO_EFFECT, opensOrigin: flow.origin === candidate.market }
        : { ...NO_EFFECT, opensDestination: flow.destination === candidate.market };
    case 'segment': {
      const category = world.categories.findIndex(({ id }) => id === candidate.category);
      const area = world.areas.findIndex(({ id }) => id === candidate.area);
      const usd = flow.segmentUsd[area * world.categories.length + category] ?? 0;
      const refused = 1 - (flow.acceptance[category] ?? 1);
      const closes = read(candidate.closesPercent, name('closes')) / 100;
      return { ...NO_EFFECT, shopsUsd: usd * refused * closes };
    }
  }
}
