import type {
  Acquirer,
  Merchant,
  MerchantCode,
  NationalScheme,
  Store,
  Wallet,
} from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { merchantCodeKey, type NetworkSnapshot } from './network-snapshot.js';

/** One account template of a decoded national code. */
export interface SchemeAccount {
  readonly schemeId: string;
  /** Values of the template's children by tag, without the GUID. */
  readonly identifiers: Readonly<Record<string, string>>;
}

/** The store a national code names. */
export interface ResolvedStore {
  readonly scheme: NationalScheme;
  readonly code: MerchantCode;
  readonly merchant: Merchant;
  readonly store: Store;
}

/**
 * Finds the wallet that issued a payment code: six digits of issuer, `02` for user-presented,
 * then the user's number (docs/sources.md A3). The legacy 17 to 19 digit codes carry no issuer, so
 * they cannot be routed by themselves.
 */
export function resolvePaymentCode(network: NetworkSnapshot, code: string): Outcome<Wallet> {
  if (!/^\d{24}$/.test(code)) {
    return rejected(
      'INVALID_CODE',
      'A payment code has 24 digits: issuer (6), business type (2), user (16). Ask the payer for a fresh code.',
      'paymentMethod.paymentMethodId',
    );
  }
  const businessType = code.slice(6, 8);
  if (businessType !== '02') {
    return rejected(
      'INVALID_CODE',
      `Business type ${businessType} is not a user-presented payment (02).`,
      'paymentMethod.paymentMethodId',
    );
  }
  const issuer = code.slice(0, 6);
  const wallet = network.walletsByCodeIssuer.get(issuer);
  return wallet === undefined
    ? rejected(
        'WALLET_UNKNOWN',
        `No wallet of this network issues codes beginning with ${issuer}.`,
        'paymentMethod.paymentMethodId',
      )
    : accepted(wallet);
}

/**
 * Finds the acquirer behind a private order code: an HTTPS address whose path opens with twelve
 * digits `281xxx04xxxx` (docs/sources.md A3).
 */
export function resolveOrderCode(network: NetworkSnapshot, codeValue: string): Outcome<Acquirer> {
  const prefix = orderCodePrefixOf(codeValue);
  if (prefix === undefined) {
    return rejected(
      'INVALID_CODE',
      'A private order code is an https address whose path opens with 281xxx04xxxx.',
      'codeValue',
    );
  }
  const acquirer = network.acquirersByOrderCodePrefix.get(prefix);
  return acquirer === undefined
    ? rejected(
        'ACQUIRER_MISSING',
        `No acquirer of this network issues order codes beginning with ${prefix}.`,
        'codeValue',
      )
    : accepted(acquirer);
}

/** The twelve digits that name the acquirer of a private order code, if it is one. */
export function orderCodePrefixOf(codeValue: string): string | undefined {
  return /^https:\/\/[^/?#]+\/(281\d{3}04\d{4})/i.exec(codeValue)?.[1];
}

/**
 * Finds the store behind a decoded national code. A code may carry several accounts (an SGQR has
 * a dozen); the first one that names a registered store decides, in the order of the code.
 */
export function resolveNationalCode(
  network: NetworkSnapshot,
  accounts: readonly SchemeAccount[],
): Outcome<ResolvedStore> {
  const tried: string[] = [];
  for (const account of accounts) {
    const scheme = network.schemes.get(account.schemeId);
    if (scheme === undefined) {
      tried.push(`${account.schemeId} is not a scheme of this network`);
      continue;
    }
    const key = merchantCodeKey(scheme.keyFields, account.identifiers);
    const code = network.merchantCodes.get(scheme.id)?.get(key);
    const merchant = code && network.merchants.get(code.merchantId);
    const store = code && network.stores.get(code.storeId);
    if (code !== undefined && merchant !== undefined && store !== undefined) {
      return accepted({ scheme, code, merchant, store });
    }
    tried.push(`${scheme.name} ${key} is not registered`);
  }
  return rejected(
    'MERCHANT_NOT_REGISTERED',
    tried.length === 0
      ? 'The code names no account of a national scheme.'
      : `No store of this network has this code: ${tried.join('; ')}.`,
    'codeValue',
  );
}
