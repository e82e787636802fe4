import type { ClearingKind } from './clearing-cycles.js';
import type { CurrencyCode } from './currency.js';
import type { AcquirerId, MerchantId, StoreId, WalletId } from './ids.js';
import type { Money } from './money.js';

/** ISO 3166-1 alpha-2 code of a market, e.g. `JP`. */
export type Market = string;

/**
 * How a figure came about: the words of the research are kept, so that nobody mistakes an
 * estimate for a fact. `fictional` marks the invented cast of acquirers and merchants.
 */
export type Quality =
  'measured' | 'company_stated' | 'secondary' | 'derived' | 'estimated' | 'rule' | 'fictional';

export interface Provenance {
  readonly source: string;
  /** ISO date or month the figure is of. */
  readonly asOf: string;
  readonly quality: Quality;
}

/** The four ways a payer meets a merchant (docs/sources.md A3). */
export type PaymentMode = 'userPresented' | 'orderCode' | 'entryCode' | 'nationalQr';

export type ParticipantStatus = 'active' | 'suspended';

/** A mobile payment provider (MPP), one version of its terms. */
export interface Wallet {
  readonly id: WalletId;
  readonly version: number;
  readonly name: string;
  readonly kind: 'ewallet' | 'bankApp' | 'nationalScheme' | 'cardScheme';
  readonly homeMarket: Market;
  readonly currency: CurrencyCode;
  /** The network that links it abroad, e.g. `alipayplus`, `hivex_paypay`. */
  readonly network: string;
  /** Most a payer may spend in one payment, in the wallet's currency. */
  readonly perPaymentLimit: Money;
  /** Most a payer may spend in one clearing day, in the wallet's currency. */
  readonly perDayLimit: Money;
  /** Most the wallet may owe the hub, unsettled and reserved together. */
  readonly netDebitCap: Money;
  /** Cover the wallet has paid in; it lowers the exposure that counts against the cap. */
  readonly prefund: Money;
  /** First six digits of the payment codes shown by its users (CII, docs/sources.md A3). */
  readonly codeIssuer: string;
  readonly status: ParticipantStatus;
}

/** An acquiring partner (ACQP), one version of its terms. */
export interface Acquirer {
  readonly id: AcquirerId;
  readonly version: number;
  readonly name: string;
  readonly market: Market;
  /** Currency its merchants price in. */
  readonly currency: CurrencyCode;
  /** Currency the hub owes it in. */
  readonly settlementCurrency: CurrencyCode;
  /** QR scheme ids it can decode and take pushed payments for, e.g. `jpqr`. */
  readonly schemes: readonly string[];
  readonly modes: readonly PaymentMode[];
  /** Twelve digits opening the path of its private order codes: 281xxx04xxxx. */
  readonly orderCodePrefix: string;
  /** Most it may owe the hub by refunding more than it sells, in its settlement currency. */
  readonly refundCap: Money;
  /** Smaller is preferred when several acquirers can serve a code. */
  readonly priority: number;
  readonly status: ParticipantStatus;
}

export interface Merchant {
  readonly id: MerchantId;
  readonly version: number;
  readonly acquirerId: AcquirerId;
  readonly name: string;
  readonly displayName: string;
  /** ISO 18245 merchant category code. */
  readonly mcc: string;
  readonly market: Market;
  readonly city: string;
  readonly currency: CurrencyCode;
  /** What the merchant pays its acquirer; a memo for the hub. */
  readonly mdrBps: number;
  readonly status: ParticipantStatus;
}

export interface Store {
  readonly id: StoreId;
  readonly version: number;
  readonly merchantId: MerchantId;
  readonly name: string;
  readonly address: string;
  readonly terminalId: string;
}

/** Terms between a home market and an acceptance market, one version. */
export interface CorridorAgreement {
  /** e.g. `cor_TH_JP`. */
  readonly id: string;
  readonly version: number;
  readonly homeMarket: Market;
  readonly acceptanceMarket: Market;
  /** Smallest and largest payment, in the acceptance market's currency. */
  readonly minPayment: Money;
  readonly maxPayment: Money;
  /** Acquirer to wallet. */
  readonly interchangeBps: number;
  /** Acquirer to hub. */
  readonly schemeFeeAcquirerBps: number;
  /** Wallet to hub. */
  readonly schemeFeeWalletBps: number;
  /** Name of the FX tier that sets the mark-up. */
  readonly fxTier: string;
  readonly modes: readonly PaymentMode[];
  /** Settlement calendars that must both be open on a value date, by currency. */
  readonly calendars: readonly CurrencyCode[];
  /** Which cycles its payments fall into. */
  readonly clearing: ClearingKind;
}

/** That a wallet's users can pay in a market, as known from a source. */
export interface AcceptanceEdge extends Provenance {
  readonly walletId: WalletId;
  readonly version: number;
  readonly market: Market;
  readonly network: string;
}

/** A national QR scheme and what names one store in its codes. */
export interface NationalScheme extends Provenance {
  readonly id: string;
  readonly name: string;
  readonly market: Market;
  readonly currency: CurrencyCode;
  /** Object id of the account template that a store's printed code uses, e.g. JPQR 26. */
  readonly template: string;
  /** Child tags of the account template that together name a store, e.g. JPQR 01 to 04. */
  readonly keyFields: readonly string[];
}

/** A store's place in a national scheme: what its printed code carries. */
export interface MerchantCode {
  readonly scheme: string;
  /** The key fields' values joined by dots, see `merchantCodeKey`. */
  readonly key: string;
  /** All children of the account template that the store's own code carries, by tag. */
  readonly identifiers: Readonly<Record<string, string>>;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
}
