import { join } from 'node:path';
import { AcquirerRepository } from '#acquirers';
import { seedNetwork, type SeededNetwork } from '#corridors';
import { seedFx } from '#fx';
import { ensureCycles, openMissingExposures } from '#ledger';
import { switchDecisionLog } from '#payments';
import { seedCalendars, seedCoverProviders } from '#settlement';
import { WalletRepository } from '#wallets';
import { projectRoot } from '#platform/project-root';
import type { DataSource } from 'typeorm';

/** Cycles opened ahead at the start; a keeper goes on from there. */
const DAYS_AHEAD = 3;

/**
 * Gives an empty database the shipped network and rates, and every wallet and acquirer its exposure account.
 * Safe to repeat: what is there stays as an operator left it.
 */
export async function prepareDatabase(
  dataSource: DataSource,
  nowMs: number,
  decisionLog: boolean,
): Promise<SeededNetwork> {
  const dataDir = join(projectRoot, 'data');
  return dataSource.transaction(async (tx) => {
    // Two hubs starting at once would both find the tables empty.
    await tx.query('SELECT pg_advisory_xact_lock(7521, 2)');
    await switchDecisionLog(tx, decisionLog);
    const seeded = await seedNetwork(tx, dataDir);
    await seedFx(tx, dataDir);
    await seedCalendars(tx, dataDir, nowMs);
    await seedCoverProviders(tx, dataDir, nowMs);
    const wallets = await new WalletRepository().listCurrent(tx);
    const acquirers = await new AcquirerRepository().listCurrent(tx);
    await openMissingExposures(tx, [
      ...wallets.map((wallet) => ({
        participantId: wallet.id,
        currency: wallet.currency,
        cap: wallet.netDebitCap.minor,
        prefund: wallet.prefund.minor,
      })),
      ...acquirers.map(({ id, settlementCurrency, refundCap }) => ({
        participantId: id,
        currency: settlementCurrency,
        cap: refundCap.minor,
        prefund: 0n,
      })),
    ]);
    await ensureCycles(tx, nowMs, DAYS_AHEAD);
    return seeded;
  });
}
