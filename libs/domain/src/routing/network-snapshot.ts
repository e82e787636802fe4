import { invariant } from '../invariant.js';
import type { AcquirerId, MerchantId, StoreId, WalletId } from '../ids.js';
import type {
  AcceptanceEdge,
  Acquirer,
  CorridorAgreement,
  Market,
  Merchant,
  MerchantCode,
  NationalScheme,
  Store,
  Wallet,
} from '../network.js';

/** The current version of every record of the network, as read in one go. */
export interface NetworkRecords {
  readonly wallets: readonly Wallet[];
  readonly acquirers: readonly Acquirer[];
  readonly merchants: readonly Merchant[];
  readonly stores: readonly Store[];
  readonly merchantCodes: readonly MerchantCode[];
  readonly corridors: readonly CorridorAgreement[];
  readonly edges: readonly AcceptanceEdge[];
  readonly schemes: readonly NationalScheme[];
}

/**
 * The network as routing sees it: the same records, indexed by the questions a payment asks.
 * Immutable, so that a payment decided on it can name the revision it was decided on.
 */
export interface NetworkSnapshot {
  /** Moves whenever any record gets a new version. */
  readonly revision: string;
  readonly wallets: ReadonlyMap<WalletId, Wallet>;
  readonly walletsByCodeIssuer: ReadonlyMap<string, Wallet>;
  readonly acquirers: ReadonlyMap<AcquirerId, Acquirer>;
  /** Preferred first. */
  readonly acquirersByMarket: ReadonlyMap<Market, readonly Acquirer[]>;
  readonly acquirersByOrderCodePrefix: ReadonlyMap<string, Acquirer>;
  readonly merchants: ReadonlyMap<MerchantId, Merchant>;
  readonly stores: ReadonlyMap<StoreId, Store>;
  readonly storesByMerchant: ReadonlyMap<MerchantId, readonly Store[]>;
  /** By scheme, then by key. */
  readonly merchantCodes: ReadonlyMap<string, ReadonlyMap<string, MerchantCode>>;
  readonly codesByStore: ReadonlyMap<StoreId, readonly MerchantCode[]>;
  /** By home market, then by acceptance market. */
  readonly corridors: ReadonlyMap<Market, ReadonlyMap<Market, CorridorAgreement>>;
  /** By wallet, then by market. */
  readonly edges: ReadonlyMap<WalletId, ReadonlyMap<Market, AcceptanceEdge>>;
  readonly schemes: ReadonlyMap<string, NationalScheme>;
}

/**
 * The text by which a store is found from its code: the scheme's key fields in their order. A
 * missing field stays empty instead of shifting the others, so two codes never share a key by
 * accident.
 */
export function merchantCodeKey(
  keyFields: readonly string[],
  identifiers: Readonly<Record<string, string>>,
): string {
  return keyFields.map((field) => identifiers[field] ?? '').join('.');
}

export function snapshotNetwork(revision: string, records: NetworkRecords): NetworkSnapshot {
  const merchants = indexBy(records.merchants, (merchant) => merchant.id);
  const stores = indexBy(records.stores, (store) => store.id);
  return {
    revision,
    wallets: indexBy(records.wallets, (wallet) => wallet.id),
    walletsByCodeIssuer: indexBy(records.wallets, (wallet) => wallet.codeIssuer),
    acquirers: indexBy(records.acquirers, (acquirer) => acquirer.id),
    acquirersByMarket: groupBy(
      [...records.acquirers].sort(
        (a, b) => a.priority - b.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
      ),
      (acquirer) => acquirer.market,
    ),
    acquirersByOrderCodePrefix: indexBy(records.acquirers, (acquirer) => acquirer.orderCodePrefix),
    merchants,
    stores,
    storesByMerchant: groupBy(records.stores, (store) => store.merchantId),
    merchantCodes: nest(
      records.merchantCodes,
      (code) => code.scheme,
      (code) => code.key,
    ),
    codesByStore: groupBy(records.merchantCodes, (code) => code.storeId),
    corridors: nest(
      records.corridors,
      (corridor) => corridor.homeMarket,
      (corridor) => corridor.acceptanceMarket,
    ),
    edges: nest(
      records.edges,
      (edge) => edge.walletId,
      (edge) => edge.market,
    ),
    schemes: indexBy(records.schemes, (scheme) => scheme.id),
  };
}

function indexBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  const index = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    invariant(!index.has(key), `two current records of the network share ${key}`);
    index.set(key, item);
  }
  return index;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function nest<T>(
  items: readonly T[],
  outerOf: (item: T) => string,
  innerOf: (item: T) => string,
): Map<string, Map<string, T>> {
  const nested = new Map<string, Map<string, T>>();
  for (const [outer, group] of groupBy(items, outerOf)) nested.set(outer, indexBy(group, innerOf));
  return nested;
}
