import { AcquirerRepository } from '#acquirers';
import { invariant } from '#domain/invariant';
import { snapshotNetwork, type NetworkSnapshot } from '#domain/routing/network-snapshot';
import { MerchantRepository, StoreRepository } from '#merchants';
import { WalletRepository } from '#wallets';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CorridorRepository } from './corridor-repository.js';

interface NetworkState {
  readonly revision: string;
  /** When the next version already written takes effect, if there is one. */
  readonly nextEffectiveAt: Date | null;
  readonly now: Date;
}

/**
 * The network in memory, so that routing a payment reads no table. It is reloaded when the
 * revision in the database moved or a version written ahead has come into force; `CorridorsModule`
 * looks once a second.
 */
@Injectable()
export class NetworkDirectory {
  private snapshot: NetworkSnapshot | undefined;
  private nextEffectiveAt: Date | null = null;
  private refreshing: Promise<NetworkSnapshot> | undefined;

  constructor(
    @Inject(WalletRepository) private readonly wallets: WalletRepository,
    @Inject(AcquirerRepository) private readonly acquirers: AcquirerRepository,
    @Inject(MerchantRepository) private readonly merchants: MerchantRepository,
    @Inject(StoreRepository) private readonly stores: StoreRepository,
    @Inject(CorridorRepository) private readonly corridors: CorridorRepository,
  ) {}

  /** The network as last loaded; a payment takes it once and is decided on it as a whole. */
  current(): NetworkSnapshot {
    invariant(this.snapshot !== undefined, 'the network directory is refreshed before it is used');
    return this.snapshot;
  }

  /** Reads the whole network now. */
  async refresh(tx: EntityManager): Promise<NetworkSnapshot> {
    return this.load(tx, await this.readState(tx));
  }

  /** One look at one row; reads the network only when it changed. */
  async refreshIfChanged(tx: EntityManager): Promise<NetworkSnapshot> {
    this.refreshing ??= this.check(tx).finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async check(tx: EntityManager): Promise<NetworkSnapshot> {
    const state = await this.readState(tx);
    const came = this.nextEffectiveAt !== null && this.nextEffectiveAt <= state.now;
    if (this.snapshot?.revision === state.revision && !came) return this.snapshot;
    return this.load(tx, state);
  }

  /**
   * The state is read before the records: a change in between makes the snapshot newer than its
   * revision says, and the next look reloads it. The other way round it would be missed.
   */
  private async load(tx: EntityManager, state: NetworkState): Promise<NetworkSnapshot> {
    const snapshot = snapshotNetwork(state.revision, {
      wallets: await this.wallets.listCurrent(tx),
      acquirers: await this.acquirers.listCurrent(tx),
      merchants: await this.merchants.listCurrent(tx),
      stores: await this.stores.listCurrent(tx),
      merchantCodes: await this.stores.listCodes(tx),
      corridors: await this.corridors.listCurrent(tx),
      edges: await this.corridors.listEdges(tx),
      schemes: await this.merchants.listSchemes(tx),
    });
    this.snapshot = snapshot;
    this.nextEffectiveAt = state.nextEffectiveAt;
    return snapshot;
  }

  private async readState(tx: EntityManager): Promise<NetworkState> {
    const [state] = await tx.query<NetworkState[]>(
      `SELECT revision::text AS revision, statement_timestamp() AS now,
         (SELECT min(effective_from) FROM network_version_dates
          WHERE effective_from > statement_timestamp()) AS "nextEffectiveAt"
       FROM network_changes`,
    );
    invariant(state !== undefined, 'the migrations made the one row of network_changes');
    return state;
  }
}
