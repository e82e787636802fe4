import type { CurrencyCode } from '../currency.js';
import type { AcquirerId, MerchantId, StoreId } from '../ids.js';
import type { Market, Merchant, Store } from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import type { NetworkSnapshot } from './network-snapshot.js';
import { resolveNationalCode, type SchemeAccount } from './resolve-code.js';

/**
 * Where the payer wants to pay, as far as the code or the caller tells.
 *
 * - `code`: a decoded national code; any acquirer of its scheme may serve it.
 * - `merchant`: a registered merchant; served by its own acquirer.
 * - `acquirer`: the acquirer that calls or whose private code was scanned; merchant and store
 *   must be its own when given.
 * - `market`: a place only, to ask beforehand whether a wallet would work there.
 */
export type RouteTarget =
  | {
      readonly kind: 'code';
      readonly accounts: readonly SchemeAccount[];
      /** EMVCo field 58, when the code has it. */
      readonly country?: Market;
    }
  | { readonly kind: 'merchant'; readonly merchantId: MerchantId; readonly storeId?: StoreId }
  | {
      readonly kind: 'acquirer';
      readonly acquirerId: AcquirerId;
      readonly merchantId?: MerchantId;
      readonly storeId?: StoreId;
    }
  | { readonly kind: 'market'; readonly market: Market };

/** A place found from the target, before anybody is asked to serve it. */
export interface Place {
  readonly market: Market;
  readonly currency: CurrencyCode | undefined;
  /** National schemes the code carries; empty when no national code was scanned. */
  readonly schemeIds: readonly string[];
  /** The acquirer that must serve it, or the one that is asked first. */
  readonly acquirerId: AcquirerId | undefined;
  readonly merchant: Merchant | undefined;
  readonly store: Store | undefined;
  readonly reason: string;
}

/** The market a target lies in: the first thing a route needs to know. */
export function marketOf(network: NetworkSnapshot, target: RouteTarget): Outcome<Market> {
  switch (target.kind) {
    case 'market':
      return accepted(target.market);
    case 'merchant': {
      const merchant = network.merchants.get(target.merchantId);
      return merchant === undefined
        ? rejected('MERCHANT_NOT_REGISTERED', `No merchant ${target.merchantId} is registered.`)
        : accepted(merchant.market);
    }
    case 'acquirer': {
      const acquirer = network.acquirers.get(target.acquirerId);
      return acquirer === undefined
        ? rejected(
            'ACQUIRER_MISSING',
            `No acquirer ${target.acquirerId} takes part in this network.`,
          )
        : accepted(acquirer.market);
    }
    case 'code': {
      // A scheme outranks the printed country: live codes carry wrong ones (docs/sources.md S1.3).
      for (const account of target.accounts) {
        const scheme = network.schemes.get(account.schemeId);
        if (scheme !== undefined) return accepted(scheme.market);
      }
      if (target.country !== undefined) return accepted(target.country);
      const named = target.accounts.map((account) => account.schemeId).join(', ');
      return rejected(
        'ACQUIRER_MISSING',
        named === ''
          ? 'The code names no payment scheme, so no acquirer can be found for it.'
          : `No acquirer of this network serves ${named}.`,
        'codeValue',
      );
    }
  }
}

/** The payee, as far as the target names one. */
export function findPlace(
  network: NetworkSnapshot,
  target: RouteTarget,
  market: Market,
): Outcome<Place> {
  switch (target.kind) {
    case 'market':
      return accepted({
        market,
        currency: undefined,
        schemeIds: [],
        acquirerId: undefined,
        merchant: undefined,
        store: undefined,
        reason: `The payment is to be made in ${market}, at no merchant in particular.`,
      });
    case 'merchant':
      return registeredPlace(network, target.merchantId, target.storeId, undefined);
    case 'acquirer':
      return target.merchantId === undefined
        ? accepted({
            market,
            currency: undefined,
            schemeIds: [],
            acquirerId: target.acquirerId,
            merchant: undefined,
            store: undefined,
            reason: `The payment comes through ${target.acquirerId}, which names no registered merchant.`,
          })
        : registeredPlace(network, target.merchantId, target.storeId, target.acquirerId);
    case 'code':
      return codePlace(network, target.accounts, market);
  }
}

function codePlace(
  network: NetworkSnapshot,
  accounts: readonly SchemeAccount[],
  market: Market,
): Outcome<Place> {
  const schemeIds = accounts.map((account) => account.schemeId);
  // Asked before the merchant: where nobody serves the scheme, no merchant can be registered.
  const serving = (network.acquirersByMarket.get(market) ?? []).some((acquirer) =>
    acquirer.schemes.some((scheme) => schemeIds.includes(scheme)),
  );
  if (!serving) {
    const names = schemeIds.map((id) => network.schemes.get(id)?.name ?? id).join(', ');
    return rejected(
      'ACQUIRER_MISSING',
      `No acquirer of this network serves ${names} in ${market}.`,
    );
  }
  const resolved = resolveNationalCode(network, accounts);
  if (!resolved.ok) return resolved;
  const { merchant, store, scheme, code } = resolved.value;
  const refusal = refuseSuspended(merchant);
  if (refusal !== undefined) return refusal;
  return accepted({
    market,
    currency: merchant.currency,
    schemeIds,
    acquirerId: merchant.acquirerId,
    merchant,
    store,
    reason: `${scheme.name} ${code.key} is ${store.name} (store ${store.id}@${String(store.version)}) of ${merchant.displayName} (merchant ${merchant.id}@${String(merchant.version)}).`,
  });
}

function registeredPlace(
  network: NetworkSnapshot,
  merchantId: MerchantId,
  storeId: StoreId | undefined,
  acquirerId: AcquirerId | undefined,
): Outcome<Place> {
  const merchant = network.merchants.get(merchantId);
  if (merchant === undefined || (acquirerId !== undefined && merchant.acquirerId !== acquirerId)) {
    return rejected(
      'MERCHANT_NOT_REGISTERED',
      acquirerId === undefined
        ? `No merchant ${merchantId} is registered.`
        : `${acquirerId} has no registered merchant ${merchantId}.`,
    );
  }
  const refusal = refuseSuspended(merchant);
  if (refusal !== undefined) return refusal;
  const store =
    storeId === undefined
      ? network.storesByMerchant.get(merchantId)?.[0]
      : network.stores.get(storeId);
  if (storeId !== undefined && store?.merchantId !== merchantId) {
    return rejected('MERCHANT_NOT_REGISTERED', `${merchantId} has no registered store ${storeId}.`);
  }
  return accepted({
    market: merchant.market,
    currency: merchant.currency,
    schemeIds: [],
    acquirerId: merchant.acquirerId,
    merchant,
    store,
    reason: `The payee is ${merchant.displayName} in ${merchant.city} (merchant ${merchant.id}@${String(merchant.version)}).`,
  });
}

function refuseSuspended(merchant: Merchant): Outcome<never> | undefined {
  if (merchant.status === 'active') return undefined;
  return rejected(
    'INVALID_CONTRACT',
    `${merchant.displayName} is suspended (merchant ${merchant.id}@${String(merchant.version)}).`,
  );
}
