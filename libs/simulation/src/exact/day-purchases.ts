import type { CurrencyCode } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { tablesOf, type ConductEdges } from '../fast/fast-tables.js';
import type { Replication } from '../fast/draw-bin.js';
import { unitOf } from '../random/xoshiro128.js';
import { emptyTotals } from '../totals.js';
import type { World } from '../world.js';
import { Arrivals } from './arrivals.js';

/** A purchase that comes to a hub, told in names instead of columns. */
export interface DayPurchase {
  /** UTC milliseconds. */
  readonly instantMs: number;
  readonly wallet: string;
  readonly acquirer: string;
  /** Merchant category code of the shop. */
  readonly mcc: string;
  readonly currency: CurrencyCode;
  readonly amountMinor: number;
  /** What payer and wallet do, once the hub has found room for it. */
  readonly conduct: 'pays' | 'insufficientFunds' | 'riskRefused' | 'timedOut';
  /** 0 to below 1: who of all payers of the wallet it is. */
  readonly payer: number;
}

/**
 * The purchases of one local day of all destinations that come to the hub, in order of time: the
 * very ones that both kernels play for this seed.
 *
 * @param day of the period, from 0
 */
export function purchasesOfDay(world: World, run: Replication, day: number): DayPurchase[] {
  invariant(day >= 0 && day < world.days, 'the day lies in the period');
  const tables = tablesOf(world);
  const arrivals = new Arrivals(tables, run, emptyTotals(world));
  for (let flow = 0; flow < world.flows.length; flow++) arrivals.draw(flow, day);
  return [...arrivals.orderUntil(Infinity)].map((at): DayPurchase => {
    const acquirer = world.acquirers[arrivals.acquirer[at] ?? -1];
    const wallet = world.wallets[arrivals.wallet[at] ?? -1];
    const category = world.categories[arrivals.category[at] ?? -1];
    invariant(
      acquirer !== undefined && wallet !== undefined && category !== undefined,
      'a purchase names its two sides',
    );
    const currency = world.destinations[acquirer.destination]?.currency ?? -1;
    return {
      instantMs: arrivals.instantMs[at] ?? 0,
      wallet: wallet.wallet.id,
      acquirer: acquirer.acquirer.id,
      mcc: category.mcc,
      currency: world.currencies[currency] ?? acquirer.acquirer.currency,
      amountMinor: arrivals.amountMinor[at] ?? 0,
      conduct: conductOf(tables.conduct, arrivals.conduct[at] ?? 0),
      payer: unitOf(arrivals.payer[at] ?? 0),
    };
  });
}

function conductOf(edges: ConductEdges, luck: number): DayPurchase['conduct'] {
  if (luck < edges.insufficientFunds) return 'insufficientFunds';
  if (luck < edges.riskRefused) return 'riskRefused';
  return luck < edges.timedOut ? 'timedOut' : 'pays';
}
