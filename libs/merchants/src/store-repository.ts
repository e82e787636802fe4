import type { MerchantCode, Store } from '#domain/network';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface StoreRecord extends Store {
  readonly effectiveFrom: Date;
}

/** A version to be written; `effectiveFrom` absent means from now on. */
export type StoreVersion = Store & { readonly effectiveFrom?: Date };

interface StoreRow {
  readonly id: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly merchant_id: string;
  readonly name: string;
  readonly address: string;
  readonly terminal_id: string;
}

interface CodeRow {
  readonly scheme: string;
  readonly key: string;
  readonly identifiers: Record<string, string>;
  readonly merchant_id: string;
  readonly store_id: string;
}

/** Stores and the codes on their walls. */
@Injectable()
export class StoreRepository {
  /** Every store's version in force, by id, so that a merchant's first store stays its first. */
  async listCurrent(tx: EntityManager): Promise<StoreRecord[]> {
    const rows = await tx.query<StoreRow[]>('SELECT * FROM current_stores ORDER BY id');
    return rows.map(recordOf);
  }

  async listOfMerchant(tx: EntityManager, merchantId: string): Promise<StoreRecord[]> {
    const rows = await tx.query<StoreRow[]>(
      'SELECT * FROM current_stores WHERE merchant_id = $1 ORDER BY id',
      [merchantId],
    );
    return rows.map(recordOf);
  }

  async listCodes(tx: EntityManager): Promise<MerchantCode[]> {
    const rows = await tx.query<CodeRow[]>('SELECT * FROM merchant_codes ORDER BY scheme, key');
    return rows.map(codeOf);
  }

  async listCodesOfMerchant(tx: EntityManager, merchantId: string): Promise<MerchantCode[]> {
    const rows = await tx.query<CodeRow[]>(
      'SELECT * FROM merchant_codes WHERE merchant_id = $1 ORDER BY scheme, key',
      [merchantId],
    );
    return rows.map(codeOf);
  }

  /** Adds versions in one statement; see `WalletRepository.insertVersions` for the rule. */
  async insertVersions(tx: EntityManager, versions: readonly StoreVersion[]): Promise<number> {
    const rows = JSON.stringify(
      versions.map((store) => ({
        id: store.id,
        version: store.version,
        effective_from: store.effectiveFrom ?? null,
        merchant_id: store.merchantId,
        name: store.name,
        address: store.address,
        terminal_id: store.terminalId,
      })),
    );
    await tx.query(
      `INSERT INTO store_identities (id, merchant_id)
       SELECT DISTINCT r.id, r.merchant_id FROM jsonb_to_recordset($1) AS r(id text, merchant_id text)
       ON CONFLICT (id) DO NOTHING`,
      [rows],
    );
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO stores (id, version, effective_from, name, address, terminal_id)
         SELECT id, version, coalesce(effective_from, now()), name, address, terminal_id
         FROM jsonb_to_recordset($1) AS r(id text, version int, effective_from timestamptz,
           name text, address text, terminal_id text)
         ON CONFLICT (id, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [rows],
    );
    return result?.added ?? 0;
  }

  /** Registers printed codes; one that is registered already keeps leading where it leads. */
  async insertCodes(tx: EntityManager, codes: readonly MerchantCode[]): Promise<number> {
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO merchant_codes (scheme, key, identifiers, merchant_id, store_id)
         SELECT * FROM jsonb_to_recordset($1) AS r(scheme text, key text, identifiers jsonb,
           "merchantId" text, "storeId" text)
         ON CONFLICT (scheme, key) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [JSON.stringify(codes)],
    );
    return result?.added ?? 0;
  }
}

function recordOf(row: StoreRow): StoreRecord {
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effective_from,
    merchantId: row.merchant_id,
    name: row.name,
    address: row.address,
    terminalId: row.terminal_id,
  };
}

function codeOf(row: CodeRow): MerchantCode {
  return {
    scheme: row.scheme,
    key: row.key,
    identifiers: row.identifiers,
    merchantId: row.merchant_id,
    storeId: row.store_id,
  };
}
