import type { StoreId } from '../ids.js';
import { toDecimal, type Money } from '../money.js';
import type { MerchantCode } from '../network.js';
import { encodeMpm, findScheme, type MpmAccount } from '../qr/index.js';
import { rejected, type Outcome } from '../rejection.js';
import type { NetworkSnapshot } from './network-snapshot.js';

export interface StoreCodeOrder {
  /** Makes the code dynamic; without it the payer types the amount. */
  readonly amount?: Money;
  /** EMVCo 62-01, shown to the payer. */
  readonly billNumber?: string;
}

/**
 * Writes the national code on a store's wall, or a dynamic one for an amount: one EMVCo code with
 * an account for each scheme the store is registered in. `resolveNationalCode` leads back to the
 * store.
 */
export function encodeStoreCode(
  network: NetworkSnapshot,
  storeId: StoreId,
  order: StoreCodeOrder = {},
): Outcome<string> {
  const store = network.stores.get(storeId);
  const merchant = store && network.merchants.get(store.merchantId);
  const codes = network.codesByStore.get(storeId) ?? [];
  if (store === undefined || merchant === undefined || codes.length === 0) {
    return rejected(
      'MERCHANT_NOT_REGISTERED',
      `No store ${storeId} with a national code is registered.`,
    );
  }
  const [first] = codes;
  const format = first && findScheme(first.scheme)?.allows?.payloadFormats?.[0];
  const { amount, billNumber } = order;
  return encodeMpm({
    payloadFormat: format ?? '01',
    pointOfInitiation: amount === undefined ? 'static' : 'dynamic',
    accounts: codes.map((code) => accountOf(network, code)).sort((a, b) => (a.id < b.id ? -1 : 1)),
    mcc: merchant.mcc,
    currency: merchant.currency,
    amount: amount === undefined ? null : toDecimal(amount),
    country: merchant.market,
    merchantName: merchant.displayName,
    merchantCity: merchant.city,
    additional: {
      ...(billNumber === undefined ? {} : { '01': billNumber }),
      '07': store.terminalId,
    },
  });
}

function accountOf(network: NetworkSnapshot, code: MerchantCode): MpmAccount {
  const id = network.schemes.get(code.scheme)?.template ?? '';
  const guid = findScheme(code.scheme)?.templates?.find(({ at }) => at === id)?.guid;
  const { '00': ownGuid, ...value } = code.identifiers;
  return { id, guid: typeof guid === 'string' ? guid : (ownGuid ?? null), value };
}
