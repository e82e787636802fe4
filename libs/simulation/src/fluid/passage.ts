import { invariant } from '#domain/invariant';
import { OUTCOME } from '../outcomes.js';
import { MONEY } from '../totals.js';
import type { Conduct, World } from '../world.js';
import type { AmountSum } from './amount-sums.js';
import { COLUMNS, priceBetween } from './expected-price.js';
import type { FlowParts } from './flow-parts.js';
import type { ReferencePrices } from './price-book.js';
import { nodesBelow, sumBelow, type TicketNodes } from './ticket-nodes.js';

export interface LimitSums {
  readonly corridor: AmountSum;
  readonly payer: AmountSum;
  readonly within: AmountSum;
}

/**
 * What becomes of one wallet's purchases at acquirers of one settlement currency at one reference
 * price, once the shop is open to them: for one purchase, by category.
 */
export interface Passage {
  readonly limits: readonly LimitSums[];
  /** `money[category * COLUMNS + column]`: of a purchase whose amount may be any, 0 beyond limits. */
  readonly money: Float64Array;
  /** The same of the squares. */
  readonly square: Float64Array;
}

export function passageOf(
  world: World,
  flow: FlowParts,
  wallet: number,
  prices: ReferencePrices,
): Passage {
  const { corridor } = flow.flow;
  const least = Number(corridor.minPayment.minor);
  const most = Number(corridor.maxPayment.minor);
  const payer = world.wallets[wallet]?.wallet;
  invariant(payer !== undefined, 'the wallet is one of the world’s');
  const payerMost = Number(payer.perPaymentLimit.minor) / prices.payerPrice;
  const money = new Float64Array(flow.nodes.length * COLUMNS);
  const square = new Float64Array(flow.nodes.length * COLUMNS);
  const limits = flow.nodes.map((nodes, category): LimitSums => {
    const low = nodesBelow(nodes, least, false);
    const high = Math.max(low, nodesBelow(nodes, most, true));
    const top = Math.min(high, Math.max(low, nodesBelow(nodes, payerMost, true)));
    const within = sumBetween(nodes, low, top);
    const priced = priceBetween(world, flow.flow, prices.markupBps, nodes, prices.leg, low, top);
    for (let column = 0; column < COLUMNS; column++) {
      const value = priced[column] ?? 0;
      const at = category * COLUMNS + column;
      const ratio = within.amount > 0 ? value / within.amount : 0;
      money[at] = value;
      // Roundings are too small to spread anything: money spreads as the amounts do.
      square[at] = column === MONEY.payments ? within.share : ratio * ratio * within.square;
    }
    const small = sumBetween(nodes, 0, low);
    const large = sumBetween(nodes, high, nodes.amounts.length);
    return { corridor: added(small, large), payer: sumBetween(nodes, top, high), within };
  });
  return { limits, money, square };
}

function sumBetween(nodes: TicketNodes, from: number, to: number): AmountSum {
  const between = (sums: Float64Array): number => sumBelow(sums, to) - sumBelow(sums, from);
  return {
    share: between(nodes.shareBelow),
    amount: between(nodes.amountBelow),
    square: between(nodes.squareBelow),
  };
}

function added(a: AmountSum, b: AmountSum): AmountSum {
  return { share: a.share + b.share, amount: a.amount + b.amount, square: a.square + b.square };
}

/** What payer and wallet do with a purchase that limits and caps let through; adds up to 1. */
export function conductChances(
  conduct: Conduct,
): readonly { readonly outcome: number; readonly chance: number }[] {
  let left = 1;
  const steps = [
    [OUTCOME.insufficientFunds, conduct.insufficientFunds],
    [OUTCOME.riskRefused, conduct.riskRefused],
    [OUTCOME.timedOut, conduct.timedOut],
  ].map(([outcome = 0, chance = 0]) => {
    const step = { outcome, chance: left * chance };
    left -= step.chance;
    return step;
  });
  return [...steps, { outcome: OUTCOME.paid, chance: left }];
}
