import { exp } from '../random/exact-math.js';
import type { DemandFigures } from '../demand-figures.js';
import type { Destination, Ticket } from '../world.js';
import { meanOf, needed, shareOf, type WorldInput } from './world-input.js';

export type Spending = DemandFigures['spending'][number];

/** Tickets of the shipped figures are those of a party of two on one purse. */
const USUAL_PARTY = 2;
/** What a party pays together; the rest each pays for alone. */
const PAID_TOGETHER: ReadonlySet<string> = new Set(['food_drink', 'transport', 'entertainment']);

/** Amounts are cut off at so many standard deviations of the logarithm below and above. */
const [CUT_BELOW, CUT_ABOVE] = [3, 3.5];

/** What one visitor buys on site in a whole stay, in purchases a wallet could pay for. */
export interface VisitorPurchases {
  /** Purchases by category, and what they come to in all, minor units of the destination. */
  readonly count: Float64Array;
  readonly onSiteMinor: number;
  readonly tickets: readonly Ticket[];
}

/**
 * Turns what a visitor spends by spend category into purchases by kind of shop: the spending on
 * site, divided by the mean ticket of the shops it is spread over. The mean is that of the very
 * table the kernels draw amounts from, cut-offs and price steps included, so that drawn purchases
 * add up to the published spending.
 *
 * @param minorPerYen what one yen is in the destination, mean of the year of the price level
 */
export function purchasesOf(
  input: WorldInput,
  spending: Spending,
  destination: Destination,
  minorPerYen: number,
): VisitorPurchases {
  const { categories } = input.figures;
  const tickets = categories.map((category) =>
    ticketOf(input, spending, category, destination, minorPerYen),
  );
  const means = tickets.map((ticket) => meanOf(input, ticket));
  const count = new Float64Array(categories.length);
  let onSiteMinor = 0;
  for (const [spend, share] of Object.entries(spending.shares)) {
    if (share === 0) continue;
    const pointer = `/spending/onSitePercent/${spend}`;
    const figure = input.scenario.spending.onSitePercent[spend];
    needed(input, figure, pointer, `How much of ${spend} is paid on site`);
    if (figure === undefined) continue;
    const minor = spending.perVisitorMinor * share * shareOf(input, figure, pointer);
    const own = categories.flatMap((category, index) => (category.spend === spend ? [index] : []));
    const meanOfSpend = own.reduce(
      (sum, index) => sum + (categories[index]?.purchaseShare ?? 0) * (means[index] ?? 0),
      0,
    );
    if (meanOfSpend === 0) {
      input.notes.remark(`Nothing sells ${spend} on site: that part of spending is left out.`);
      continue;
    }
    onSiteMinor += minor;
    for (const index of own) {
      count[index] = ((categories[index]?.purchaseShare ?? 0) * minor) / meanOfSpend;
    }
  }
  return { count, onSiteMinor, tickets };
}

function ticketOf(
  input: WorldInput,
  spending: Spending,
  category: DemandFigures['categories'][number],
  destination: Destination,
  minorPerYen: number,
): Ticket {
  const { scenario, figures, notes } = input;
  const { origin, partySize } = spending;
  const place = figures.destinations.find(({ market }) => market === destination.market);
  const level = (place?.pricePercentOfJapan ?? 100) / 100;
  const percent = scenario.spending.ticketPercentByOrigin[origin]?.value ?? 100;
  if (percent <= 0) {
    notes.fault(`/spending/ticketPercentByOrigin/${origin}`, 'A ticket is more than 0 percent.');
  }
  const party = PAID_TOGETHER.has(category.spend) ? partySize / USUAL_PARTY : 1;
  const step = destination.priceStepMinor;
  const median = category.medianJpy * minorPerYen * level * party * (Math.max(percent, 1) / 100);
  const steps = (minor: number): number => Math.max(1, Math.round(minor / step)) * step;
  return {
    medianMinor: median,
    sigma: category.sigma,
    minMinor: steps(median * exp(-CUT_BELOW * category.sigma)),
    maxMinor: steps(median * exp(CUT_ABOVE * category.sigma)),
    stepMinor: step,
  };
}

/**
 * Weights of a purchase over `category * 24 + local hour`: each category keeps its share on every
 * kind of day, and its opening hours say when.
 */
export function hourWeightsOf(
  figures: DemandFigures,
  count: Float64Array,
): readonly [Float64Array, Float64Array] {
  const all = count.reduce((sum, purchases) => sum + purchases, 0);
  const weights = (
    hoursOf: (category: DemandFigures['categories'][number]) => readonly number[],
  ) => {
    const slots = new Float64Array(count.length * 24);
    for (const [index, category] of figures.categories.entries()) {
      const hours = hoursOf(category);
      const open = hours.reduce((sum, weight) => sum + weight, 0);
      for (let hour = 0; hour < 24; hour++) {
        slots[index * 24 + hour] = (((count[index] ?? 0) / all) * (hours[hour] ?? 0)) / open;
      }
    }
    return slots;
  };
  return [
    weights((category) => category.workdayHours),
    weights((category) => category.dayOffHours),
  ];
}
