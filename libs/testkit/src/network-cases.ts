import type {
  AcceptanceEdge,
  Acquirer,
  CorridorAgreement,
  Merchant,
  MerchantCode,
  NationalScheme,
  PaymentMode,
  Store,
  Wallet,
} from '#domain/network';
import {
  merchantCodeKey,
  snapshotNetwork,
  type NetworkRecords,
  type NetworkSnapshot,
} from '#domain/routing/network-snapshot';

/**
 * A small network for tests of rules: two wallets, two acquirers of one scheme in Japan, one in
 * Thailand, and the noodle shop. Built from literals, so that a test sees what it depends on.
 */
export const ALL_MODES: readonly PaymentMode[] = [
  'userPresented',
  'orderCode',
  'entryCode',
  'nationalQr',
];

export function caseWallet(change: Partial<Wallet> = {}): Wallet {
  const currency = change.currency ?? 'THB';
  return {
    id: 'truemoney',
    version: 1,
    name: 'TrueMoney',
    kind: 'ewallet',
    homeMarket: 'TH',
    currency,
    network: 'alipayplus',
    perPaymentLimit: { currency, minor: 5_000_000n },
    perDayLimit: { currency, minor: 10_000_000n },
    netDebitCap: { currency, minor: 75_000_000_000n },
    prefund: { currency, minor: 0n },
    codeIssuer: '259001',
    status: 'active',
    ...change,
  };
}

export function caseAcquirer(change: Partial<Acquirer> = {}): Acquirer {
  return {
    id: 'acq_kamogawa',
    version: 1,
    name: 'Kamogawa Payments',
    market: 'JP',
    currency: 'JPY',
    settlementCurrency: 'JPY',
    schemes: ['jpqr'],
    modes: ALL_MODES,
    orderCodePrefix: '281701040001',
    refundCap: { currency: 'JPY', minor: 10_000_000n },
    priority: 10,
    status: 'active',
    ...change,
  };
}

export function caseMerchant(change: Partial<Merchant> = {}): Merchant {
  return {
    id: 'mer_noodles',
    version: 1,
    acquirerId: 'acq_kamogawa',
    name: 'Gion Menya Kawara',
    displayName: 'Gion Menya Kawara',
    mcc: '5812',
    market: 'JP',
    city: 'Kyoto',
    currency: 'JPY',
    mdrBps: 180,
    status: 'active',
    ...change,
  };
}

export function caseCorridor(change: Partial<CorridorAgreement> = {}): CorridorAgreement {
  const home = change.homeMarket ?? 'TH';
  const acceptance = change.acceptanceMarket ?? 'JP';
  return {
    id: `cor_${home}_${acceptance}`,
    version: 1,
    homeMarket: home,
    acceptanceMarket: acceptance,
    minPayment: { currency: 'JPY', minor: 1n },
    maxPayment: { currency: 'JPY', minor: 750_000n },
    interchangeBps: 80,
    schemeFeeAcquirerBps: 15,
    schemeFeeWalletBps: 10,
    fxTier: 'standard',
    modes: ALL_MODES,
    calendars: ['THB', 'JPY'],
    clearing: 'daily',
    ...change,
  };
}

export function caseEdge(change: Partial<AcceptanceEdge> = {}): AcceptanceEdge {
  return {
    walletId: 'truemoney',
    version: 1,
    market: 'JP',
    network: 'alipayplus',
    source: 'https://about.paypay.ne.jp/en/pr/20230615/01',
    asOf: '2023-06',
    quality: 'company_stated',
    ...change,
  };
}

export const CASE_JPQR: NationalScheme = {
  id: 'jpqr',
  name: 'JPQR',
  market: 'JP',
  currency: 'JPY',
  template: '26',
  keyFields: ['01', '02', '03', '04'],
  source: 'test',
  asOf: '2024-12',
  quality: 'secondary',
};

export const CASE_STORE: Store = {
  id: 'sto_noodles_1',
  version: 1,
  merchantId: 'mer_noodles',
  name: 'Gion Menya Kawara',
  address: 'Gion, Kyoto',
  terminalId: 'T0000101',
};

export const NOODLE_CODE: Readonly<Record<string, string>> = {
  '01': '9870100000001',
  '02': '0701',
  '03': '000001',
  '04': '000001',
};

export const CASE_CODE: MerchantCode = {
  scheme: 'jpqr',
  key: merchantCodeKey(CASE_JPQR.keyFields, NOODLE_CODE),
  identifiers: NOODLE_CODE,
  merchantId: 'mer_noodles',
  storeId: 'sto_noodles_1',
};

/** The case network with some kinds of record replaced. */
export function caseNetwork(change: Partial<NetworkRecords> = {}): NetworkSnapshot {
  return snapshotNetwork('1', {
    wallets: [
      caseWallet(),
      caseWallet({ id: 'kplus', name: 'K PLUS (KBank)', codeIssuer: '259002' }),
    ],
    acquirers: [
      caseAcquirer(),
      caseAcquirer({
        id: 'acq_sumida',
        name: 'Sumida Acquiring',
        orderCodePrefix: '281702040002',
        priority: 20,
      }),
      caseAcquirer({
        id: 'acq_chaophraya',
        name: 'Chao Phraya Merchant Services',
        market: 'TH',
        currency: 'THB',
        settlementCurrency: 'THB',
        schemes: ['promptpay'],
        orderCodePrefix: '281704040004',
      }),
    ],
    merchants: [caseMerchant()],
    stores: [CASE_STORE],
    merchantCodes: [CASE_CODE],
    corridors: [caseCorridor(), caseCorridor({ acceptanceMarket: 'KR' })],
    edges: [
      caseEdge(),
      caseEdge({ walletId: 'kplus', market: 'KR' }),
      caseEdge({ walletId: 'kplus', market: 'SG' }),
    ],
    schemes: [CASE_JPQR],
    ...change,
  });
}
