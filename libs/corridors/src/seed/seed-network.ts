import { AcquirerRepository } from '#acquirers';
import { MerchantRepository, StoreRepository } from '#merchants';
import { WalletRepository } from '#wallets';
import type { EntityManager } from 'typeorm';
import { CorridorRepository } from '../corridor-repository.js';
import { readNetworkFiles } from './network-files.js';
import { shippedRecords } from './shipped-network.js';

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

/**
 * Writes the shipped network as first versions. What is there already stays as it is, so that an
 * operator's later versions outlive an upgrade of the product, and a second call adds nothing.
 *
 * @param dataDir the project's `data` folder
 * @throws ExplainedError naming file, line and field of a bad record
 */
export async function seedNetwork(tx: EntityManager, dataDir: string): Promise<SeededNetwork> {
  const shipped = shippedRecords(readNetworkFiles(dataDir));
  const merchants = new MerchantRepository();
  const stores = new StoreRepository();
  const corridors = new CorridorRepository();
  // In the order of their references: each insert finds what it points to.
  return {
    schemes: await merchants.insertSchemes(tx, shipped.schemes),
    wallets: await new WalletRepository().insertVersions(tx, shipped.wallets),
    acquirers: await new AcquirerRepository().insertVersions(tx, shipped.acquirers),
    merchants: await merchants.insertVersions(tx, shipped.merchants),
    stores: await stores.insertVersions(tx, shipped.stores),
    merchantCodes: await stores.insertCodes(tx, shipped.merchantCodes),
    corridors: await corridors.insertVersions(tx, shipped.corridors),
    acceptanceEdges: await corridors.insertEdges(tx, shipped.edges),
  };
}
