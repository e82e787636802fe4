import type { Candidate, ReachModel } from '#simulation/experiments/reach-model';
import type { ShippedWorldParts } from '#simulation/demand/shipped-world-parts';
import type { Figure, JoiningWallet, Scenario } from '#simulation/scenario';

/** What a step of each kind costs, in points that only compare steps with each other. */
export type StepCosts = Readonly<Record<Candidate['kind'], number>>;

export const DEFAULT_COSTS: StepCosts = { wallet: 3, market: 5, segment: 2, link: 1 };

/** Of the shops in a segment that take no wallet yet, those that a campaign wins over. */
const CLOSES: Figure = {
  value: 50,
  range: { low: 20, high: 80 },
  because: 'A campaign wins over half of the shops that take no wallet yet',
  quality: 'estimated',
};

/** Of what users of a wallet of the network would pay in a market more. */
const LINK_TAKES: Figure = {
  value: 30,
  range: { low: 10, high: 50 },
  because: 'A third of its users hold another wallet that pays there already',
  quality: 'estimated',
};

/** More segments than these are not looked at; the largest gaps come first. */
const MOST_SEGMENTS = 24;

/** Wallets that shipped scenarios speak of as joining, and that this one does not have. */
export function walletCandidates(
  scenario: Scenario,
  prospects: readonly JoiningWallet[],
  costs: StepCosts,
): Candidate[] {
  const known = new Set(scenario.wallets.joining.map(({ id }) => id));
  const { destinations } = scenario.corridors;
  return prospects.flatMap((prospect): Candidate[] => {
    const markets = prospect.destinations.filter((market) => destinations.includes(market));
    if (known.has(prospect.id) || markets.length === 0) return [];
    known.add(prospect.id);
    const { id, name, origin, wishPercent, cannibalisationPercent } = prospect;
    return [
      {
        kind: 'wallet',
        id: `wallet:${id}`,
        title: `${name} of ${origin}`,
        cost: costs.wallet,
        origin,
        destinations: markets,
        wishPercent,
        cannibalisationPercent,
      },
    ];
  });
}

/** Wallets of the network that pay elsewhere and not yet in a market that their users travel to. */
export function linkCandidates(
  scenario: Scenario,
  network: ShippedWorldParts,
  model: ReachModel,
  costs: StepCosts,
): Candidate[] {
  const edges = new Set(network.edges.map(({ walletId, market }) => `${walletId} ${market}`));
  return model.flows.flatMap((flow) => {
    const { origin, destination } = flow;
    const own = network.wallets.filter(({ homeMarket }) => homeMarket === origin);
    const weightOf = (id: string): number => scenario.wallets.weights[id]?.value ?? 0;
    const total = own.reduce((sum, { id }) => sum + weightOf(id), 0);
    const wish = scenario.wallets.wishPercentByOrigin[origin];
    if (!flow.isOpen.destination || wish === undefined || total === 0) return [];
    return own
      .filter(({ id }) => weightOf(id) > 0 && !edges.has(`${id} ${destination}`))
      .filter(({ id }) => network.edges.some(({ walletId }) => walletId === id))
      .map(({ id, name }): Candidate => ({
        kind: 'link',
        id: `link:${id}:${destination}`,
        title: `${name} in ${destination}`,
        cost: costs.link,
        origin,
        destinations: [destination],
        wishPercent: scaled(wish, weightOf(id) / total),
        cannibalisationPercent: LINK_TAKES,
      }));
  });
}

function scaled(figure: Figure, share: number): Figure {
  const { value, range } = figure;
  return {
    ...figure,
    value: value * share,
    ...(range === undefined ? {} : { range: { low: range.low * share, high: range.high * share } }),
  };
}

/** Markets that the scenario leaves out and the figures know: of travellers, and of shops. */
export function marketCandidates(
  scenario: Scenario,
  model: ReachModel,
  costs: StepCosts,
): Candidate[] {
  const { origins, destinations } = scenario.corridors;
  const names = new Intl.DisplayNames('en', { type: 'region', style: 'short' });
  const outside = (side: 'origin' | 'destination'): string[] => {
    const open = side === 'origin' ? origins : destinations;
    const found = model.flows.filter(({ wish }) => wish > 0).map((flow) => flow[side]);
    return [...new Set(found)].filter((market) => !open.includes(market));
  };
  const step = (market: string, side: 'origin' | 'destination'): Candidate => ({
    kind: 'market',
    id: `market:${side}:${market}`,
    title:
      side === 'origin'
        ? `travellers from ${names.of(market) ?? market}`
        : `shops in ${names.of(market) ?? market}`,
    cost: costs.market,
    market,
    side,
  });
  return [
    ...outside('origin').map((market) => step(market, 'origin')),
    ...outside('destination').map((market) => step(market, 'destination')),
  ];
}

/** Shops of one kind in one place, those with the largest gap first. */
export function segmentCandidates(model: ReachModel, costs: StepCosts): Candidate[] {
  const { world, flows } = model;
  const gaps = world.areas.flatMap((area, place) =>
    world.categories.map((category, kind) => ({
      area,
      category,
      usd: flows
        .filter(({ isOpen }) => isOpen.origin && isOpen.destination)
        .reduce((sum, { segmentUsd, acceptance, wish }) => {
          const spent = segmentUsd[place * world.categories.length + kind] ?? 0;
          return sum + spent * wish * (1 - (acceptance[kind] ?? 1));
        }, 0),
    })),
  );
  return gaps
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => b.usd - a.usd)
    .slice(0, MOST_SEGMENTS)
    .map(({ area, category }) => ({
      kind: 'segment',
      id: `segment:${category.id}:${area.id}`,
      title: `${category.id.replaceAll('_', ' ')} shops in ${area.name}`,
      cost: costs.segment,
      category: category.id,
      area: area.id,
      closesPercent: CLOSES,
    }));
}
