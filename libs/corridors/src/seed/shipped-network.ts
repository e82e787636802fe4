import { currencyOf } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { money } from '#domain/money';
import type { MerchantCode, NationalScheme, PaymentMode, Provenance } from '#domain/network';
import {
  merchantCodeKey,
  snapshotNetwork,
  type NetworkSnapshot,
} from '#domain/routing/network-snapshot';
import type { AcquirerVersion } from '#acquirers';
import type { MerchantVersion, StoreVersion } from '#merchants';
import type { WalletVersion } from '#wallets';
import type { AcceptanceVersion, CorridorVersion } from '../corridor-repository.js';
import type { FeeLine, NetworkFiles, WalletLine } from './network-files.js';

/** The first versions that a fresh database is given. */
export interface ShippedRecords {
  readonly schemes: readonly NationalScheme[];
  readonly wallets: readonly WalletVersion[];
  readonly acquirers: readonly AcquirerVersion[];
  readonly merchants: readonly MerchantVersion[];
  readonly stores: readonly StoreVersion[];
  readonly merchantCodes: readonly MerchantCode[];
  readonly corridors: readonly CorridorVersion[];
  readonly edges: readonly AcceptanceVersion[];
}

const ALL_MODES: readonly PaymentMode[] = ['userPresented', 'orderCode', 'entryCode', 'nationalQr'];

/** Turns the checked files into records with the provenance of every figure. */
export function shippedRecords(files: NetworkFiles): ShippedRecords {
  const schemes = schemesOf(files);
  return {
    schemes,
    wallets: files.wallets.map(({ value }) => walletVersion(value, files)),
    acquirers: files.acquirers.map(
      ({ value: { source, fictional: _, refundCap, ...acquirer } }) => ({
        ...acquirer,
        version: 1,
        refundCap: money(acquirer.settlementCurrency, refundCap.minor),
        status: 'active',
        provenance: {
          record: provenanceOf(files, source),
          refundCap: provenanceOf(files, refundCap.source),
        },
      }),
    ),
    merchants: merchantsOf(files),
    stores: files.merchants.flatMap(({ value }) =>
      value.stores.map(({ codes: _, ...store }) => ({
        ...store,
        version: 1,
        merchantId: value.id,
      })),
    ),
    merchantCodes: codesOf(files, schemes),
    corridors: corridorsOf(files),
    edges: edgesOf(files),
  };
}

/** The shipped network without a database, for the command line and for tests. */
export function shippedNetwork(files: NetworkFiles): NetworkSnapshot {
  return snapshotNetwork('shipped', shippedRecords(files));
}

function merchantsOf(files: NetworkFiles): MerchantVersion[] {
  const mdr = feeOf(files, 'mdr');
  return files.merchants.map(
    ({ value: { acquirer, source, fictional: _f, stores: _s, ...merchant } }) => ({
      ...merchant,
      version: 1,
      acquirerId: acquirer,
      mdrBps: mdr.bps,
      status: 'active',
      provenance: {
        record: provenanceOf(files, source),
        mdrBps: provenanceOf(files, mdr.source),
      },
    }),
  );
}

function provenanceOf(files: NetworkFiles, sourceId: string): Provenance {
  const provenance = files.sources.get(sourceId);
  invariant(provenance !== undefined, `source ${sourceId} was checked when the files were read`);
  return provenance;
}

function feeOf(files: NetworkFiles, id: FeeLine['id']): FeeLine {
  const fee = files.fees.get(id);
  invariant(fee !== undefined, `data/network/fees.jsonl has a line ${id}`);
  return fee;
}

function schemesOf(files: NetworkFiles): NationalScheme[] {
  return files.schemes.map(({ value: { source, keySource: _, ...scheme } }) => ({
    ...scheme,
    ...provenanceOf(files, source),
  }));
}

function walletVersion(wallet: WalletLine, files: NetworkFiles): WalletVersion {
  const figures = {
    perPaymentLimit: wallet.perPaymentLimit,
    perDayLimit: wallet.perDayLimit,
    netDebitCap: wallet.netDebitCap,
    prefund: wallet.prefund,
  };
  return {
    id: wallet.id,
    version: 1,
    name: wallet.name,
    kind: wallet.kind,
    homeMarket: wallet.homeMarket,
    currency: wallet.currency,
    network: wallet.network,
    perPaymentLimit: money(wallet.currency, wallet.perPaymentLimit.minor),
    perDayLimit: money(wallet.currency, wallet.perDayLimit.minor),
    netDebitCap: money(wallet.currency, wallet.netDebitCap.minor),
    prefund: money(wallet.currency, wallet.prefund.minor),
    codeIssuer: wallet.codeIssuer,
    status: 'active',
    provenance: {
      record: provenanceOf(files, wallet.source),
      codeIssuer: provenanceOf(files, 'sim_code_issuer'),
      ...Object.fromEntries(
        Object.entries(figures).map(([field, { source }]) => [field, provenanceOf(files, source)]),
      ),
    },
  };
}

function codesOf(files: NetworkFiles, schemes: readonly NationalScheme[]): MerchantCode[] {
  const keyFields = new Map(schemes.map((scheme) => [scheme.id, scheme.keyFields]));
  return files.merchants.flatMap(({ value: merchant }) =>
    merchant.stores.flatMap((store) =>
      store.codes.map((code) => ({
        scheme: code.scheme,
        key: merchantCodeKey(keyFields.get(code.scheme) ?? [], code.identifiers),
        identifiers: code.identifiers,
        merchantId: merchant.id,
        storeId: store.id,
      })),
    ),
  );
}

/**
 * One agreement for every pair of a home market and a market its wallets can pay in: without
 * published terms all pairs stand on the same estimates, only the largest payment and the cycles
 * differ.
 */
function corridorsOf(files: NetworkFiles): CorridorVersion[] {
  const wallets = new Map(files.wallets.map(({ value }) => [value.id, value]));
  const markets = new Map(files.markets.map(({ value }) => [value.market, value]));
  const clearings = new Map(
    files.clearing.map(({ value }) => [`cor_${value.home}_${value.acceptance}`, value]),
  );
  const corridors = new Map<string, CorridorVersion>();
  for (const { value: link } of files.acceptance) {
    const market = markets.get(link.market);
    for (const walletId of link.wallets) {
      const wallet = wallets.get(walletId);
      invariant(wallet !== undefined && market !== undefined, 'references were checked');
      const id = `cor_${wallet.homeMarket}_${link.market}`;
      if (corridors.has(id) || wallet.homeMarket === link.market) continue;
      const clearing = clearings.get(id);
      const fees = {
        interchangeBps: feeOf(files, 'interchange'),
        schemeFeeAcquirerBps: feeOf(files, 'schemeFeeAcquirer'),
        schemeFeeWalletBps: feeOf(files, 'schemeFeeWallet'),
      };
      corridors.set(id, {
        id,
        version: 1,
        homeMarket: wallet.homeMarket,
        acceptanceMarket: link.market,
        minPayment: money(market.currency, currencyOf(market.currency).displayIncrement),
        maxPayment: money(market.currency, market.maxPayment.minor),
        interchangeBps: fees.interchangeBps.bps,
        schemeFeeAcquirerBps: fees.schemeFeeAcquirerBps.bps,
        schemeFeeWalletBps: fees.schemeFeeWalletBps.bps,
        fxTier: market.fxTier,
        modes: ALL_MODES,
        calendars: [...new Set([wallet.currency, market.currency])],
        clearing: clearing?.clearing ?? 'daily',
        provenance: {
          maxPayment: provenanceOf(files, market.maxPayment.source),
          clearing: provenanceOf(files, clearing?.source ?? 'scheme_daily'),
          ...Object.fromEntries(
            Object.entries(fees).map(([field, fee]) => [field, provenanceOf(files, fee.source)]),
          ),
        },
      });
    }
  }
  return [...corridors.values()];
}

function edgesOf(files: NetworkFiles): AcceptanceVersion[] {
  return files.acceptance.flatMap(({ value: link }) =>
    link.wallets.map((walletId) => ({
      ...provenanceOf(files, link.source),
      asOf: link.asOf,
      walletId,
      market: link.market,
      version: 1,
      network: link.network,
    })),
  );
}
