import { CLEARING_TERMS, type ClearingKind, type CycleWindow } from '#domain/clearing-cycles';
import { clearingDayNumber, clearingDayStartMs } from '#domain/clearing-day';
import { invariant } from '#domain/invariant';
import type { Merchant } from '#domain/network';
import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import { isoDate } from '#domain/rates/calendar-day';
import type { Outcome } from '#domain/rejection';
import { decideRoute, type Route, type RouteQuery } from '#domain/routing/decide-route';
import { snapshotNetwork, type NetworkSnapshot } from '#domain/routing/network-snapshot';
import type { RouteTarget } from '#domain/routing/place';
import type { World } from '../world.js';
import type { HubPremises } from './hub-premises.js';
import { WorldRates } from './world-rates.js';

const HOUR_MS = 3_600_000;

/** What an exact hub decides by in a simulated world, and how payments of a flow name their way. */
export interface WorldPremises extends HubPremises {
  readonly rates: WorldRates;
  /** By flow and acquirer: the same object for the same way, so that routes are found once. */
  readonly targets: readonly (readonly RouteTarget[])[];
}

/**
 * A world as a network: its own wallets, acquirers and agreements, one shop for each flow and
 * acquirer (which bears the flow's merchant fee), and cycles as the world designs them.
 */
export function worldPremises(world: World): WorldPremises {
  const targets = world.flows.map((_, flow) =>
    world.acquirers.map(({ acquirer }): RouteTarget => ({
      kind: 'acquirer',
      acquirerId: acquirer.id,
      merchantId: shopOf(flow, acquirer.id),
    })),
  );
  const networks = world.flows.map((_, flow) => networkOf(world, flow));
  const flowOfTarget = new Map(
    targets.flatMap((ofFlow, flow) => ofFlow.map((target) => [target, flow] as const)),
  );
  const routes = new Map<RouteTarget, Map<string, Outcome<Route>>>();
  const routeOf = (query: RouteQuery): Outcome<Route> => {
    let byWallet = routes.get(query.target);
    if (byWallet === undefined) {
      byWallet = new Map();
      routes.set(query.target, byWallet);
    }
    const known = byWallet.get(query.walletId);
    if (known !== undefined) return known;
    const network = networks[flowOfTarget.get(query.target) ?? -1];
    invariant(network !== undefined, 'a way of this world was asked for');
    const route = decideRoute(network, query);
    byWallet.set(query.walletId, route);
    return route;
  };
  const names = new Map(world.acquirers.map(({ acquirer }) => [acquirer.id, acquirer.name]));
  return {
    routeOf,
    rates: new WorldRates(world),
    policy: PUBLISHED_DUTY_POLICY,
    windowAt: (kind, atMs) => windowAt(world.settlement.cyclesPerDay, kind, atMs),
    terms: world.settlement.terms,
    calendars: world.settlement.calendars,
    nameOf: (id) => names.get(id) ?? id,
    targets,
  };
}

/** FX tiers are named by the flow, whose mark-up they are. */
export function tierOf(flow: number): string {
  return `flow-${String(flow)}`;
}

/** Cycles of equal length; the world says how many a clearing day has, whatever corridors say. */
export function windowAt(perDay: number, kind: ClearingKind, atMs: number): CycleWindow {
  const day = clearingDayNumber(atMs);
  const dayStartMs = clearingDayStartMs(day);
  const lengthMs = (24 * HOUR_MS) / perDay;
  const index = Math.floor((atMs - dayStartMs) / lengthMs);
  const startsAtMs = dayStartMs + index * lengthMs;
  const suffix = perDay === 1 ? '' : `_${String(index + 1)}of${String(perDay)}`;
  return {
    id: `cyc_${isoDate(day).replaceAll('-', '')}${suffix}`,
    kind,
    startsAtMs,
    endsAtMs: startsAtMs + lengthMs,
  };
}

/** From a cycle's end to its finality: a quarter of an hour where cycles are short. */
export function finalAfterMs(perDay: number): number {
  return perDay > 12 ? CLEARING_TERMS.hourly.finalAfterMs : CLEARING_TERMS.daily.finalAfterMs;
}

function shopOf(flow: number, acquirerId: string): `mer_${string}` {
  return `mer_${String(flow)}_${acquirerId}`;
}

function networkOf(world: World, flowIndex: number): NetworkSnapshot {
  const flow = world.flows[flowIndex];
  const destination = world.destinations[flow?.destination ?? -1];
  const origin = world.origins[flow?.origin ?? -1];
  invariant(
    flow !== undefined && destination !== undefined && origin !== undefined,
    'a flow leads from an origin to a destination',
  );
  const here = world.acquirers.filter((acquirer) => acquirer.destination === flow.destination);
  const travelling = world.wallets.filter((wallet) => wallet.origin === flow.origin);
  const { market } = destination;
  return snapshotNetwork(`${world.name}/${tierOf(flowIndex)}`, {
    wallets: travelling.map(({ wallet }) => ({ ...wallet, homeMarket: origin })),
    acquirers: here.map(({ acquirer }) => ({ ...acquirer, market })),
    merchants: here.map(({ acquirer }): Merchant => ({
      id: shopOf(flowIndex, acquirer.id),
      version: 1,
      acquirerId: acquirer.id,
      name: destination.name,
      displayName: destination.name,
      mcc: '5999',
      market,
      city: destination.name,
      currency: acquirer.currency,
      mdrBps: flow.mdrBps,
      status: 'active',
    })),
    stores: [],
    merchantCodes: [],
    corridors: [
      {
        ...flow.corridor,
        homeMarket: origin,
        acceptanceMarket: market,
        fxTier: tierOf(flowIndex),
        clearing: 'daily',
      },
    ],
    edges: travelling.map(({ wallet }) => ({
      walletId: wallet.id,
      version: 1,
      market,
      network: wallet.network,
      source: world.name,
      asOf: isoDate(world.firstDay),
      quality: 'estimated',
    })),
    schemes: [],
  });
}
