import type { PaymentId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { OpenCommand } from '#domain/payments/decide-open';
import { unitOf } from '../random/xoshiro128.js';
import type { World } from '../world.js';
import type { Arrivals } from './arrivals.js';

/** A code shown at a till is paid within this, or not at all. */
const ORDER_TTL_MS = 600_000;
/** A payer who pays with a wallet at all does so about as often a day (docs/exact-hub.md). */
const PURCHASES_OF_A_PAYER = 3;
/** Simulated payments leave no traces. */
export const NO_TRACE = '0'.repeat(32);

const ORDER = {
  referenceOrderId: '',
  description: '',
  merchantName: '',
  merchantMcc: '',
  storeName: null,
} as const;

/** Turns purchases into the commands that a shop's till sends to the hub. */
export class Till {
  private readonly customers: string[][];
  private readonly sellers: readonly { readonly id: string; readonly settlement: string }[];
  private readonly payerIds: readonly string[];
  private readonly currencies: readonly string[];

  constructor(
    private readonly world: World,
    private readonly arrivals: Arrivals,
  ) {
    this.customers = world.flows.map(() => []);
    this.payerIds = world.wallets.map(({ wallet }) => wallet.id);
    this.sellers = world.acquirers.map(({ acquirer, currency }) => ({
      id: acquirer.id,
      settlement: world.currencies[currency] ?? acquirer.settlementCurrency,
    }));
    this.currencies = world.flows.map(
      ({ destination }) => world.currencies[world.destinations[destination]?.currency ?? -1] ?? '',
    );
  }

  /** @param serial which payment of the play it is */
  commandAt(at: number, serial: number, nowMs: number): OpenCommand {
    const { arrivals } = this;
    const id: PaymentId = `pay_${String(serial)}`;
    const flow = arrivals.flow[at] ?? 0;
    const seller = this.sellers[arrivals.acquirer[at] ?? 0];
    const walletId = this.payerIds[arrivals.wallet[at] ?? 0];
    invariant(seller !== undefined && walletId !== undefined, 'a purchase names its two sides');
    return {
      id,
      mode: 'userPresented',
      acquirerId: seller.id,
      acquirerRequestId: id,
      merchantId: null,
      storeId: null,
      order: ORDER,
      paymentAmount: {
        currency: this.currencies[flow] ?? '',
        minor: BigInt(arrivals.amountMinor[at] ?? 0),
      },
      settlementCurrency: seller.settlement,
      codeValue: null,
      expiresAtMs: nowMs + ORDER_TTL_MS,
      traceId: NO_TRACE,
      payer: { walletId, customerId: this.customerOf(flow, at) },
      refusal: null,
    };
  }

  /** One of those who pay with wallets on that day, all alike. */
  private customerOf(flow: number, at: number): string {
    const day = this.arrivals.day[at] ?? 0;
    const intended = this.world.flows[flow]?.intended[day] ?? 0;
    const present = Math.max(1, Math.floor(intended / PURCHASES_OF_A_PAYER));
    const who = Math.floor(unitOf(this.arrivals.payer[at] ?? 0) * present);
    const names = this.customers[flow];
    invariant(names !== undefined, 'every flow has its payers');
    return (names[who] ??= `payer-${String(flow)}-${String(who)}`);
  }
}
