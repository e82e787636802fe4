import type { FieldProvenance, WalletQuery } from '#contracts/operator/network';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import type { Wallet } from '#domain/network';
import { money } from '#domain/money';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A wallet with what the record book knows beside the terms. */
export interface WalletRecord extends Wallet {
  readonly effectiveFrom: Date;
  readonly simulated: boolean;
  readonly provenance: FieldProvenance;
}

/** A version to be written; `effectiveFrom` absent means from now on. */
export type WalletVersion = Wallet & {
  readonly provenance: FieldProvenance;
  readonly effectiveFrom?: Date;
};

interface WalletRow {
  readonly id: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly name: string;
  readonly kind: Wallet['kind'];
  readonly home_market: string;
  readonly currency: string;
  readonly network: string;
  readonly per_payment_limit: string;
  readonly per_day_limit: string;
  readonly net_debit_cap: string;
  readonly prefund: string;
  readonly code_issuer: string;
  readonly status: Wallet['status'];
  readonly simulated: boolean;
  readonly provenance: FieldProvenance;
}

/** The wallets' record book: versions are added, never changed. */
@Injectable()
export class WalletRepository {
  /** Every wallet's version in force, by id. */
  async listCurrent(tx: EntityManager): Promise<WalletRecord[]> {
    const rows = await tx.query<WalletRow[]>('SELECT * FROM current_wallets ORDER BY id');
    return rows.map(recordOf);
  }

  async listPage(tx: EntityManager, query: WalletQuery): Promise<Page<WalletRecord>> {
    const rows = await tx.query<WalletRow[]>(
      `SELECT * FROM current_wallets
       WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR home_market = $2)
       ORDER BY id LIMIT $3`,
      [keyOfCursor(query.cursor) ?? null, query.market ?? null, query.limit + 1],
    );
    return pageOf(rows.map(recordOf), query.limit, (wallet) => wallet.id);
  }

  async findCurrent(tx: EntityManager, id: string): Promise<WalletRecord | undefined> {
    const rows = await tx.query<WalletRow[]>('SELECT * FROM current_wallets WHERE id = $1', [id]);
    return rows.map(recordOf)[0];
  }

  /** The terms an old payment was made on. */
  async findVersion(
    tx: EntityManager,
    id: string,
    version: number,
  ): Promise<WalletRecord | undefined> {
    const rows = await tx.query<WalletRow[]>(
      `SELECT w.*, i.code_issuer FROM wallets w JOIN wallet_identities i ON i.id = w.id
       WHERE w.id = $1 AND w.version = $2`,
      [id, version],
    );
    return rows.map(recordOf)[0];
  }

  /**
   * Adds versions in one statement and returns how many were new. A version that exists already is
   * left as it is, so that seeding twice is harmless; a gap in the numbers is refused.
   */
  async insertVersions(tx: EntityManager, versions: readonly WalletVersion[]): Promise<number> {
    const rows = JSON.stringify(versions.map(rowOf));
    await tx.query(
      `INSERT INTO wallet_identities (id, code_issuer)
       SELECT DISTINCT r.id, r.code_issuer FROM jsonb_to_recordset($1) AS r(id text, code_issuer text)
       ON CONFLICT (id) DO NOTHING`,
      [rows],
    );
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO wallets (id, version, effective_from, name, kind, home_market, currency,
           network, per_payment_limit, per_day_limit, net_debit_cap, prefund, status, provenance)
         SELECT id, version, coalesce(effective_from, now()), name, kind, home_market, currency,
           network, per_payment_limit, per_day_limit, net_debit_cap, prefund, status, provenance
         FROM jsonb_to_recordset($1) AS r(id text, version int, effective_from timestamptz,
           name text, kind text, home_market text, currency text, network text,
           per_payment_limit bigint, per_day_limit bigint, net_debit_cap bigint, prefund bigint,
           status text, provenance jsonb)
         ON CONFLICT (id, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [rows],
    );
    return result?.added ?? 0;
  }
}

function rowOf(wallet: WalletVersion): Record<string, unknown> {
  return {
    id: wallet.id,
    version: wallet.version,
    effective_from: wallet.effectiveFrom ?? null,
    code_issuer: wallet.codeIssuer,
    name: wallet.name,
    kind: wallet.kind,
    home_market: wallet.homeMarket,
    currency: wallet.currency,
    network: wallet.network,
    per_payment_limit: wallet.perPaymentLimit.minor.toString(),
    per_day_limit: wallet.perDayLimit.minor.toString(),
    net_debit_cap: wallet.netDebitCap.minor.toString(),
    prefund: wallet.prefund.minor.toString(),
    status: wallet.status,
    provenance: wallet.provenance,
  };
}

function recordOf(row: WalletRow): WalletRecord {
  const amount = (minor: string) => money(row.currency, BigInt(minor));
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effective_from,
    name: row.name,
    kind: row.kind,
    homeMarket: row.home_market,
    currency: row.currency,
    network: row.network,
    perPaymentLimit: amount(row.per_payment_limit),
    perDayLimit: amount(row.per_day_limit),
    netDebitCap: amount(row.net_debit_cap),
    prefund: amount(row.prefund),
    codeIssuer: row.code_issuer,
    status: row.status,
    simulated: row.simulated,
    provenance: row.provenance,
  };
}
