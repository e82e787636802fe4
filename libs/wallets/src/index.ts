/** Wallets (MPPs): their versioned terms and the operator's view of them. */
export { WalletsModule } from './wallets.module.js';
export { WalletRepository, type WalletRecord, type WalletVersion } from './wallet-repository.js';
