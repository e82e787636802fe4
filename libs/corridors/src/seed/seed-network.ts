import { AcquirerRepository } from '#acquirers';
import { currencyOf } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { money } from '#domain/money';
import type { MerchantCode, NationalScheme, PaymentMode, Provenance } from '#domain/network';
import { merchantCodeKey } from '#domain/routing/network-snapshot';
import { MerchantRepository, StoreRepository } from '#merchants';
import { WalletRepository, type WalletVersion } from '#wallets';
import type { EntityManager } from 'typeorm';
import {
  CorridorRepository,
  type AcceptanceVersion,
  type CorridorVersion,
} from '../corridor-repository.js';
import {
  readNetworkFiles,
  type FeeLine,
  type NetworkFiles,
  type WalletLine,
} from './network-files.js';

/** How many records were new. */
export interface SeededNetwork {
  readonly schemes: number;
  readonly wallets: number;
  readonly acquirers: number;
  readonly merchants: number;
  readonly stores: number;
  readonly merchantCodes: number;
  readonly corridors: number;
  readonly acceptanceEdges: number;
}

const ALL_MODES: readonly PaymentMode[] = ['userPresented', 'orderCode', 'entryCode', 'nationalQr'];

/**
 * Writes the shipped network as first versions. What is there already stays as it is, so that an
 * operator's later versions outlive an upgrade of the product, and a second call adds nothing.
 *
 * @param dataDir the project's `data` folder
 * @throws ExplainedError naming file, line and field of a bad record
 */
export async function seedNetwork(tx: EntityManager, dataDir: string): Promise<SeededNetwork> {
  const files = readNetworkFiles(dataDir);
  const merchants = new MerchantRepository();
  const stores = new StoreRepository();
  const corridors = new CorridorRepository();
  const schemes = schemesOf(files);
  return {
    schemes: await merchants.insertSchemes(tx, schemes),
    wallets: await new WalletRepository().insertVersions(
      tx,
      files.wallets.map(({ value }) => walletVersion(value, files)),
    ),
    acquirers: await new AcquirerRepository().insertVersions(
      tx,
      files.acquirers.map(({ value: { source, fictional: _, ...acquirer } }) => ({
        ...acquirer,
        version: 1,
        status: 'active',
        provenance: { record: provenanceOf(files, source) },
      })),
    ),
    merchants: await merchants.insertVersions(
      tx,
      files.merchants.map(({ value }) => ({
        id: value.id,
        version: 1,
        acquirerId: value.acquirer,
        name: value.name,
        displayName: value.displayName,
        mcc: value.mcc,
        market: value.market,
        city: value.city,
        currency: value.currency,
        mdrBps: feeOf(files, 'mdr').bps,
        status: 'active',
        provenance: {
          record: provenanceOf(files, value.source),
          mdrBps: provenanceOf(files, feeOf(files, 'mdr').source),
        },
      })),
    ),
    stores: await stores.insertVersions(
      tx,
      files.merchants.flatMap(({ value }) =>
        value.stores.map(({ id, name, address, terminalId }) => ({
          id,
          version: 1,
          merchantId: value.id,
          name,
          address,
          terminalId,
        })),
      ),
    ),
    merchantCodes: await stores.insertCodes(tx, codesOf(files, schemes)),
    corridors: await corridors.insertVersions(tx, corridorsOf(files)),
    acceptanceEdges: await corridors.insertEdges(tx, edgesOf(files)),
  };
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
 * published terms all pairs stand on the same estimates, only the largest payment differs.
 */
function corridorsOf(files: NetworkFiles): CorridorVersion[] {
  const wallets = new Map(files.wallets.map(({ value }) => [value.id, value]));
  const markets = new Map(files.markets.map(({ value }) => [value.market, value]));
  const corridors = new Map<string, CorridorVersion>();
  for (const { value: link } of files.acceptance) {
    const market = markets.get(link.market);
    for (const walletId of link.wallets) {
      const wallet = wallets.get(walletId);
      invariant(wallet !== undefined && market !== undefined, 'references were checked');
      const id = `cor_${wallet.homeMarket}_${link.market}`;
      if (corridors.has(id) || wallet.homeMarket === link.market) continue;
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
        provenance: {
          maxPayment: provenanceOf(files, market.maxPayment.source),
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
