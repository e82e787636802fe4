import { randomBytes } from 'node:crypto';
import { decodeQr } from '#domain/qr/index';
import type { Money } from '#domain/money';
import type { StoreBehaviourName } from './behaviours.js';
import type { CastAcquirer, CastMerchant, CastStore } from './cast.js';
import type { JournalFile, JournalRecord } from './journal-file.js';

/** A store of the acquirer with the merchant it belongs to. */
export interface Place {
  readonly merchant: CastMerchant;
  readonly store: CastStore;
}

export type SaleState = 'waiting' | 'paid' | 'failed' | 'open' | 'cancelled';

/** What an acquirer knows of one refund it asked for. */
export interface SaleRefund {
  readonly refundRequestId: string;
  /** `JPY 300`. */
  readonly amount: string;
  /** The hub's id of it, once known. */
  readonly refundId: string;
  /** What the acquirer gives back, as the hub says, e.g. `JPY 300`. */
  readonly settlement: string;
  readonly state: 'open' | 'refunded' | 'refused';
  readonly code: string;
}

/** What an acquirer knows of one sale: an order of its own or a payment pushed to it. */
export interface Sale {
  /** The acquirer's request id; for a pushed payment of a static code the hub's id. */
  readonly requestId: string;
  readonly storeId: string;
  /** `JPY 1200`. */
  readonly amount: string;
  /** What the hub says it owes for it, e.g. `USD 812`. */
  readonly settlement: string;
  readonly state: SaleState;
  readonly code: string;
  /** The hub's payment id, once known. */
  readonly paymentId: string;
  readonly walletName: string;
  readonly atMs: number;
  readonly refunds?: readonly SaleRefund[];
  /** The behaviour that was asked for this push alone, if any. */
  readonly behaves?: StoreBehaviourName;
}

/** Sales kept in memory; older ones are looked up in the file. */
const SALES_KEPT = 50_000;

/** An acquirer's stores, codes and sales; durable before it answers. */
export class AcquirerBook {
  private readonly sales = new Map<string, Sale>();
  private readonly byPayment = new Map<string, string>();
  private readonly places = new Map<string, Place>();
  private readonly nextPush = new Map<string, StoreBehaviourName>();
  private readonly idStart: string;
  private hasForgotten = false;
  /** Newest payment id among the forgotten sales. */
  private newestForgotten = '';

  constructor(
    readonly acquirer: CastAcquirer,
    private readonly journal: () => JournalFile,
    private readonly salesKept = SALES_KEPT,
  ) {
    this.idStart = `${acquirer.id.slice(0, 30)}_`;
    for (const merchant of acquirer.merchants) {
      for (const store of merchant.stores) this.places.set(store.id, { merchant, store });
    }
  }

  place(storeId: string): Place | undefined {
    return this.places.get(storeId);
  }

  /** A sale that memory holds: any of the last fifty thousand. */
  sale(requestId: string): Sale | undefined {
    return this.sales.get(requestId);
  }

  /** Any sale ever; only ids of our own making are worth a look into the file. */
  async find(requestId: string): Promise<Sale | undefined> {
    const held = this.sales.get(requestId);
    if (held !== undefined || !this.hasForgotten || !requestId.startsWith(this.idStart))
      return held;
    return this.recall((record) => record['requestId'] === requestId);
  }

  /** The sale of a payment of the hub, whose ids sort by time. */
  async findByPayment(paymentId: string): Promise<Sale | undefined> {
    const requestId = this.byPayment.get(paymentId);
    if (requestId !== undefined) return this.sales.get(requestId);
    if (paymentId === '' || paymentId > this.newestForgotten) return undefined;
    return this.recall((record) => record['paymentId'] === paymentId);
  }

  /** Lets a store misbehave at the next push, and only then; `ok` takes that back. */
  behaveNext(storeId: string, behaviour: StoreBehaviourName): void {
    if (behaviour === 'ok') this.nextPush.delete(storeId);
    else this.nextPush.set(storeId, behaviour);
  }

  takeNext(storeId: string): StoreBehaviourName | undefined {
    const behaviour = this.nextPush.get(storeId);
    this.nextPush.delete(storeId);
    return behaviour;
  }

  /** Newest first. */
  listSales(limit: number): Sale[] {
    return [...this.sales.values()].slice(-limit).reverse();
  }

  put(sale: Sale): Promise<void> {
    this.apply(sale);
    return this.journal().append({ p: this.acquirer.id, k: 'sale', ...sale });
  }

  settled(): Promise<void> {
    return this.journal().settled();
  }

  replay(record: JournalRecord): void {
    if (record.k === 'sale') this.apply(saleOf(record));
  }

  /** An id that no other request of this acquirer has or will have. */
  newRequestId(): string {
    return this.idStart + randomBytes(12).toString('hex');
  }

  /** This acquirer's own order code for a sale: an address only it can read. */
  orderCode(requestId: string): string {
    const host = `${this.acquirer.id.replaceAll('_', '-')}.example`;
    return `https://${host}/${this.acquirer.orderCodePrefix}/${requestId}`;
  }

  async findOfOrderCode(codeValue: string): Promise<Sale | undefined> {
    const start = this.orderCode('');
    return codeValue.toLowerCase().startsWith(start.toLowerCase())
      ? this.find(codeValue.slice(start.length))
      : undefined;
  }

  /** The store a national code names, and the amount in it; undefined when it is not ours. */
  readNational(codeValue: string): { place: Place; amount: Money | undefined } | undefined {
    const decoding = decodeQr(codeValue);
    if (decoding.format !== 'emvco-mpm' || decoding.verdict === 'reject') return undefined;
    const { amountMinor, currencyAlpha, schemes, accounts } = decoding;
    for (const match of schemes) {
      const account = accounts.find((item) => item.id === match.path);
      if (account === undefined) continue;
      const { value } = account;
      const children: Readonly<Record<string, unknown>> =
        typeof value === 'string'
          ? { value, ...match.identifiers }
          : { '00': account.guid, ...value };
      const place = this.placeOf(match.scheme, children);
      if (place === undefined) continue;
      const amount =
        amountMinor === null || amountMinor === 0n
          ? undefined
          : { currency: currencyAlpha ?? place.merchant.currency, minor: amountMinor };
      return { place, amount };
    }
    return undefined;
  }

  private placeOf(scheme: string, children: Readonly<Record<string, unknown>>): Place | undefined {
    for (const place of this.places.values()) {
      const named = place.store.codes.some(
        (code) =>
          code.scheme === scheme &&
          Object.entries(code.identifiers).every(([id, value]) => children[id] === value),
      );
      if (named) return place;
    }
    return undefined;
  }

  private apply(sale: Sale): void {
    this.sales.set(sale.requestId, sale);
    if (sale.paymentId !== '') this.byPayment.set(sale.paymentId, sale.requestId);
    if (this.sales.size <= this.salesKept) return;
    const oldest = this.sales.entries().next().value;
    if (oldest === undefined) return;
    const [requestId, { paymentId }] = oldest;
    this.sales.delete(requestId);
    this.byPayment.delete(paymentId);
    this.hasForgotten = true;
    if (paymentId > this.newestForgotten) this.newestForgotten = paymentId;
  }

  private async recall(matches: (record: JournalRecord) => boolean): Promise<Sale | undefined> {
    const record = await this.journal().findLast(
      (item) => item.p === this.acquirer.id && item.k === 'sale' && matches(item),
    );
    return record === undefined ? undefined : saleOf(record);
  }
}

function saleOf(record: JournalRecord): Sale {
  const { p: _, k: __, ...sale } = record;
  return sale as unknown as Sale;
}

/** A sale nothing has happened to yet. */
export function newSale(requestId: string, storeId: string, amount: string): Sale {
  return {
    requestId,
    storeId,
    amount,
    settlement: '',
    state: 'waiting',
    code: '',
    paymentId: '',
    walletName: '',
    atMs: Date.now(),
  };
}

/** The order of a place, as the wire describes it. */
export function wireOrderOf(
  place: Place,
  requestId: string,
): {
  referenceOrderId: string;
  orderDescription: string;
  merchant: { referenceMerchantId: string; [field: string]: unknown };
} {
  const { merchant, store } = place;
  return {
    referenceOrderId: requestId,
    orderDescription: `Sale at ${store.name}`.slice(0, 256),
    merchant: {
      referenceMerchantId: merchant.id,
      merchantMCC: merchant.mcc,
      merchantName: merchant.name,
      merchantDisplayName: merchant.name,
      store: {
        referenceStoreId: store.id,
        storeName: store.name,
        storeMCC: merchant.mcc,
        ...(store.terminalId === '' ? {} : { storeTerminalId: store.terminalId }),
      },
    },
  };
}
