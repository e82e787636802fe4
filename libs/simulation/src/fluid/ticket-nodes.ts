import { quantileTable, stretchesOf } from '../random/quantile-table.js';
import type { AmountSum } from './amount-sums.js';
import type { Ticket } from '../world.js';

/** Amounts that stand for all of a ticket's, ascending, each with its share; shares add up to 1. */
export interface TicketNodes {
  readonly amounts: Float64Array;
  readonly shares: Float64Array;
  /** Of all nodes before, one more than nodes: what is below a limit is a difference of two. */
  readonly shareBelow: Float64Array;
  readonly amountBelow: Float64Array;
  readonly squareBelow: Float64Array;
  /** Every amount, whatever it is. */
  readonly all: AmountSum;
  readonly stepMinor: number;
  /** Where each node begins, in steps before rounding, and where the last one ends. */
  readonly edges: Float64Array;
}

/** A node ends when it stands for this share of all amounts, or spans this factor. */
const SHARE_OF_NODE = 1 / 256;
const SPAN_OF_NODE = 1.1;

/**
 * The table that drawing kernels take amounts from, boiled down to some 350 amounts: expected
 * values over it cost microseconds instead of millions of draws, and rounding to the step is kept.
 */
export function ticketNodes(ticket: Ticket): TicketNodes {
  const table = quantileTable(ticket);
  const amounts: number[] = [];
  const shares: number[] = [];
  const edges: number[] = [];
  let [share, steps, last] = [0, 0, 0];
  const close = (): void => {
    if (share === 0) return;
    amounts.push(Math.floor(steps / share + 0.5) * table.stepMinor);
    shares.push(share);
    [share, steps] = [0, 0];
  };
  for (const stretch of stretchesOf(table)) {
    if (share === 0) edges.push(stretch.from);
    share += stretch.share;
    steps += (stretch.share * (stretch.from + stretch.to)) / 2;
    last = stretch.to;
    if (share >= SHARE_OF_NODE || last > (edges.at(-1) ?? 0) * SPAN_OF_NODE) close();
  }
  close();
  edges.push(last);
  return summed(amounts, shares, { stepMinor: table.stepMinor, edges: Float64Array.from(edges) });
}

function summed(
  amounts: readonly number[],
  shares: readonly number[],
  grid: Pick<TicketNodes, 'stepMinor' | 'edges'>,
): TicketNodes {
  const below = (weigh: (amount: number) => number): Float64Array => {
    const sums = new Float64Array(amounts.length + 1);
    for (const [i, amount] of amounts.entries()) {
      sums[i + 1] = (sums[i] ?? 0) + (shares[i] ?? 0) * weigh(amount);
    }
    return sums;
  };
  const amountBelow = below((amount) => amount);
  const squareBelow = below((amount) => amount * amount);
  return {
    amounts: Float64Array.from(amounts),
    shares: Float64Array.from(shares),
    shareBelow: below(() => 1),
    amountBelow,
    squareBelow,
    all: {
      share: 1,
      amount: amountBelow[amounts.length] ?? 0,
      square: squareBelow[amounts.length] ?? 0,
    },
    ...grid,
  };
}

/**
 * How many nodes have amounts below a limit (with `orEqual`, up to it); a fraction where the limit
 * falls within a node, whose amounts lie evenly between its edges.
 */
export function nodesBelow(nodes: TicketNodes, limitMinor: number, orEqual: boolean): number {
  const { edges, stepMinor } = nodes;
  // Rounding to a step moves the limit half a step.
  const whole = limitMinor / stepMinor;
  const limit = orEqual ? Math.floor(whole) + 0.5 : Math.ceil(whole) - 0.5;
  let [low, high] = [0, edges.length - 1];
  if (limit > (edges[high] ?? 0)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle + 1] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  const [from, to] = [edges[low] ?? 0, edges[low + 1] ?? 0];
  if (limit <= from) return low;
  return low + (to > from ? Math.min(1, (limit - from) / (to - from)) : 0);
}

/** A sum over all nodes before `node`, which may be a fraction: of the part of it that lies before. */
export function sumBelow(sums: Float64Array, node: number): number {
  const whole = Math.floor(node);
  const at = sums[whole] ?? 0;
  return whole === node ? at : at + (node - whole) * ((sums[whole + 1] ?? 0) - at);
}
