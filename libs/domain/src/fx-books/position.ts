import { invariant } from '../invariant.js';
import { divideRounded } from '../rounding.js';

/**
 * What the hub holds of a currency and what it cost. `minor` is positive for a currency the hub
 * has bought and negative for one it has sold and must still get; `costUsd` has the same sign, in
 * US cents: what was paid for it, or what was taken for it.
 */
export interface FxPosition {
  readonly minor: bigint;
  readonly costUsd: bigint;
}

export const FLAT: FxPosition = { minor: 0n, costUsd: 0n };

/** A currency against dollars: `minor` positive buys, negative sells; `usd` paid, or taken if negative. */
export interface FxFlow {
  readonly minor: bigint;
  readonly usd: bigint;
}

export interface FlowResult {
  readonly position: FxPosition;
  /** Gain positive, in US cents; a loss is negative. */
  readonly realisedUsd: bigint;
}

/**
 * Adds a flow at average cost. What extends the position joins it at its own price; what reduces it
 * leaves at the average and realises the difference; what turns it over closes all of it and opens
 * the rest at the flow's price. Whatever happens, cost before + paid + realised = cost after.
 *
 * A flow of no currency but dollars (a residue of rounding) is realised whole.
 */
export function addFlow(position: FxPosition, flow: FxFlow): FlowResult {
  const after = position.minor + flow.minor;
  const costAfter = costAfterFlow(position, flow, after);
  return {
    position: { minor: after, costUsd: costAfter },
    realisedUsd: costAfter - position.costUsd - flow.usd,
  };
}

function costAfterFlow(position: FxPosition, flow: FxFlow, after: bigint): bigint {
  if (flow.minor === 0n) return position.costUsd;
  const extends_ = position.minor === 0n || position.minor > 0n === flow.minor > 0n;
  if (extends_) return position.costUsd + flow.usd;
  const turned = after !== 0n && after > 0n === flow.minor > 0n;
  return turned
    ? share(flow.usd, after, flow.minor)
    : share(position.costUsd, after, position.minor);
}

/** `of` × part / whole, where part lies between nothing and the whole. */
function share(of: bigint, part: bigint, whole: bigint): bigint {
  const sign = whole < 0n ? -1n : 1n;
  return divideRounded(of * part * sign, whole * sign, 'halfEven');
}

/** Gross flows of a currency in a period, and dollars that came without any of it. */
export interface GrossFlows {
  readonly boughtMinor: bigint;
  readonly boughtUsd: bigint;
  /** A magnitude, as is what was taken for it. */
  readonly soldMinor: bigint;
  readonly soldUsd: bigint;
  readonly residueUsd: bigint;
}

/**
 * Takes a day's flows into the position. Purchases and sales cover each other before any provider
 * is asked: what extends the position is added first, so that the average is that of all that was
 * there to sell.
 */
export function addGrossFlows(position: FxPosition, flows: GrossFlows): FlowResult {
  invariant(flows.boughtMinor >= 0n && flows.soldMinor >= 0n, 'gross flows are magnitudes');
  const bought = { minor: flows.boughtMinor, usd: flows.boughtUsd };
  const sold = { minor: -flows.soldMinor, usd: -flows.soldUsd };
  const inOrder = position.minor < 0n ? [sold, bought] : [bought, sold];
  let result: FlowResult = { position, realisedUsd: 0n };
  for (const flow of [...inOrder, { minor: 0n, usd: flows.residueUsd }]) {
    if (flow.minor === 0n && flow.usd === 0n) continue;
    const added = addFlow(result.position, flow);
    result = {
      position: added.position,
      realisedUsd: result.realisedUsd + added.realisedUsd,
    };
  }
  return result;
}
