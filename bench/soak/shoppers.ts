import { setTimeout as sleep } from 'node:timers/promises';
import { toDecimal } from '#domain/money';
import { purchases, readShares, type Purchase } from '../payments/mix.js';
import { drawer, pick } from './draw.js';
import type { Partners, TillAnswer } from './partners.js';

/** What a till was told in the end about one sale. */
export interface Told {
  readonly acquirerId: string;
  readonly requestId: string;
  readonly status: 'S' | 'F' | 'U';
  readonly code: string;
  /** True once somebody asked to take the sale back. */
  cancelAsked: boolean;
}

/** Few enough to make keys for in seconds, and with every kind of position between them. */
const ACQUIRERS = ['acq_kamogawa', 'acq_chaophraya', 'acq_hangang', 'acq_shingmun'];
export const WALLETS = ['truemoney', 'alipayhk', 'gcash', 'kakaopay'];

/** Most of them pay at once, the others test what the hub does when a wallet does not. */
const ENDINGS = [
  'ok',
  'ok',
  'ok',
  'flaky',
  'flaky',
  'latesuccess',
  'drop',
  'refundlate',
  'refunddrop',
];
const CUSTOMERS = 400;
/** More at once would measure the simulated partners' patience. */
const MOST_UNDER_WAY = 48;

/**
 * Payers and cashiers who go on whatever breaks: shown codes, order codes, cancels and refunds in
 * parts, by a seeded schedule at a bounded rate.
 */
export class Shoppers {
  readonly told: Told[] = [];
  /** Sales begun, and those whose counter was not reached because the sandbox was away. */
  sent = 0;
  unreached = 0;
  refundsAsked = 0;
  readonly faults = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly stream: Generator<Purchase, never>;
  private readonly below: (limit: number) => number;
  private open = false;
  private serving: Promise<void> = Promise.resolve();

  constructor(
    private readonly partners: Partners,
    private readonly perSecond: number,
    seed: number,
  ) {
    const shares = readShares()
      .filter(({ acquirerId }) => ACQUIRERS.includes(acquirerId))
      .map((share) => ({
        ...share,
        walletIds: share.walletIds.filter((id) => WALLETS.includes(id)),
      }))
      .filter(({ walletIds }) => walletIds.length > 0);
    this.stream = purchases(shares, 'even', seed);
    this.below = drawer(seed + 1);
  }

  start(): void {
    this.open = true;
    this.serving = this.serve();
  }

  /** Lets nobody in any more and waits for those who are at a counter. */
  async close(): Promise<void> {
    this.open = false;
    await this.serving;
    await Promise.all(this.underWay);
  }

  private async serve(): Promise<void> {
    while (this.open) {
      if (this.underWay.size < MOST_UNDER_WAY) {
        const visit = this.visit().catch((error: unknown) => {
          this.unreached += 1;
          const what = String(error).slice(0, 60);
          this.faults.set(what, (this.faults.get(what) ?? 0) + 1);
        });
        this.underWay.add(visit);
        void visit.then(() => this.underWay.delete(visit));
      }
      await sleep(1_000 / this.perSecond);
    }
  }

  private async visit(): Promise<void> {
    // All draws come first, so that the schedule does not depend on who answers when.
    const purchase = this.stream.next().value;
    const customerId = `cus_soak${String(this.below(CUSTOMERS))}_${pick(ENDINGS, this.below)}`;
    const byOrder = this.below(100) < 30;
    const fate = this.below(100);
    const share = 1 + this.below(90);
    this.sent += 1;
    const sale = {
      storeId: purchase.shop.storeId,
      amount: decimal(purchase, purchase.minor),
    };
    const told = byOrder
      ? await this.byOrder(purchase, customerId, sale, fate)
      : await this.byShownCode(purchase, customerId, sale);
    if (told === undefined || told.status === 'F') return;
    if (fate < 12) await this.cancel(told);
    else if (fate < 32 && told.status === 'S') await this.refund(purchase, told, share);
  }

  private async byShownCode(
    { share, walletId }: Purchase,
    customerId: string,
    sale: { storeId: string; amount: string },
  ): Promise<Told | undefined> {
    const paymentCode = await this.partners.showCode(walletId, customerId);
    if (paymentCode === undefined) return undefined;
    return this.note(
      share.acquirerId,
      await this.partners.charge(share.acquirerId, { ...sale, paymentCode }),
    );
  }

  /** Some guests leave without paying; then the cashier takes the order back. */
  private async byOrder(
    { share, walletId }: Purchase,
    customerId: string,
    sale: { storeId: string; amount: string },
    fate: number,
  ): Promise<Told | undefined> {
    const { acquirerId } = share;
    const answer = await this.partners.order(acquirerId, sale);
    const told = this.note(acquirerId, answer);
    if (answer.codeValue === undefined || told.status === 'F') return told;
    if (fate < 6) return told;
    await this.partners.scan(walletId, { customerId, codeValue: answer.codeValue });
    return told;
  }

  private async cancel(told: Told): Promise<void> {
    told.cancelAsked = true;
    await this.partners.cancel(told.acquirerId, told.requestId);
  }

  private async refund(purchase: Purchase, told: Told, percent: number): Promise<void> {
    const part = Math.max(1, Math.floor((purchase.minor * percent) / 100));
    for (const minor of [part, purchase.minor - part]) {
      this.refundsAsked += 1;
      await this.partners.refund(told.acquirerId, told.requestId, decimal(purchase, minor));
    }
  }

  private note(acquirerId: string, { result, sale }: TillAnswer): Told {
    const told: Told = {
      acquirerId,
      requestId: sale.requestId,
      status: result.resultStatus,
      code: result.resultCode,
      cancelAsked: false,
    };
    this.told.push(told);
    return told;
  }
}

function decimal({ share }: Purchase, minor: number): string {
  return toDecimal({ currency: share.currency, minor: BigInt(minor) });
}
