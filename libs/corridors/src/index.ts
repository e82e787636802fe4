/**
 * Who may pay where: corridor agreements, acceptance links, the network in memory that routing
 * decides on, and the shipped records it starts with.
 */
export { CorridorsModule } from './corridors.module.js';
export {
  CorridorRepository,
  type AcceptanceRecord,
  type AcceptanceVersion,
  type CorridorRecord,
  type CorridorVersion,
} from './corridor-repository.js';
export { NetworkDirectory } from './network-directory.js';
export { seedNetwork, type SeededNetwork } from './seed/seed-network.js';
export { shippedNetwork, shippedRecords, type ShippedRecords } from './seed/shipped-network.js';
export {
  readNetworkFiles,
  type AcquirerLine,
  type MerchantLine,
  type NetworkFiles,
  type WalletLine,
} from './seed/network-files.js';
export { dataFault, readJsonl, type Line } from './seed/read-jsonl.js';
