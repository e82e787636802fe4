import type { FieldProvenance, MerchantQuery } from '#contracts/operator/network';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import type { Merchant, NationalScheme } from '#domain/network';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A merchant with what the record book knows beside the terms. */
export interface MerchantRecord extends Merchant {
  readonly effectiveFrom: Date;
  readonly fictional: boolean;
  readonly provenance: FieldProvenance;
}

/** A version to be written; `effectiveFrom` absent means from now on. */
export type MerchantVersion = Merchant & {
  readonly provenance: FieldProvenance;
  readonly effectiveFrom?: Date;
};

interface MerchantRow {
  readonly id: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly acquirer_id: string;
  readonly name: string;
  readonly display_name: string;
  readonly mcc: string;
  readonly market: string;
  readonly city: string;
  readonly currency: string;
  readonly mdr_bps: number;
  readonly status: Merchant['status'];
  readonly fictional: boolean;
  readonly provenance: FieldProvenance;
}

interface SchemeRow {
  readonly id: string;
  readonly name: string;
  readonly market: string;
  readonly currency: string;
  readonly template: string;
  readonly key_fields: string[];
  readonly source: string;
  readonly as_of: string;
  readonly quality: NationalScheme['quality'];
}

/** The merchants' record book: versions are added, never changed. Stores: `StoreRepository`. */
@Injectable()
export class MerchantRepository {
  /** Every merchant's version in force, by id. */
  async listCurrent(tx: EntityManager): Promise<MerchantRecord[]> {
    const rows = await tx.query<MerchantRow[]>('SELECT * FROM current_merchants ORDER BY id');
    return rows.map(recordOf);
  }

  async listPage(tx: EntityManager, query: MerchantQuery): Promise<Page<MerchantRecord>> {
    const rows = await tx.query<MerchantRow[]>(
      `SELECT * FROM current_merchants
       WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR market = $2)
         AND ($3::text IS NULL OR acquirer_id = $3)
         AND ($4::text IS NULL OR position(lower($4) IN lower(concat_ws(' ', name, display_name, city, id))) > 0)
       ORDER BY id LIMIT $5`,
      [
        keyOfCursor(query.cursor) ?? null,
        query.market ?? null,
        query.acquirer ?? null,
        query.q ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(rows.map(recordOf), query.limit, (merchant) => merchant.id);
  }

  async findCurrent(tx: EntityManager, id: string): Promise<MerchantRecord | undefined> {
    const rows = await tx.query<MerchantRow[]>('SELECT * FROM current_merchants WHERE id = $1', [
      id,
    ]);
    return rows.map(recordOf)[0];
  }

  /** Adds versions in one statement; see `WalletRepository.insertVersions` for the rule. */
  async insertVersions(tx: EntityManager, versions: readonly MerchantVersion[]): Promise<number> {
    const rows = JSON.stringify(versions.map(rowOf));
    await tx.query(
      `INSERT INTO merchant_identities (id)
       SELECT DISTINCT r.id FROM jsonb_to_recordset($1) AS r(id text)
       ON CONFLICT (id) DO NOTHING`,
      [rows],
    );
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO merchants (id, version, effective_from, acquirer_id, name, display_name, mcc,
           market, city, currency, mdr_bps, status, provenance)
         SELECT id, version, coalesce(effective_from, now()), acquirer_id, name, display_name, mcc,
           market, city, currency, mdr_bps, status, provenance
         FROM jsonb_to_recordset($1) AS r(id text, version int, effective_from timestamptz,
           acquirer_id text, name text, display_name text, mcc text, market text, city text,
           currency text, mdr_bps int, status text, provenance jsonb)
         ON CONFLICT (id, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [rows],
    );
    return result?.added ?? 0;
  }

  async listSchemes(tx: EntityManager): Promise<NationalScheme[]> {
    const rows = await tx.query<SchemeRow[]>('SELECT * FROM national_schemes ORDER BY id');
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      market: row.market,
      currency: row.currency,
      template: row.template,
      keyFields: row.key_fields,
      source: row.source,
      asOf: row.as_of,
      quality: row.quality,
    }));
  }

  async insertSchemes(tx: EntityManager, schemes: readonly NationalScheme[]): Promise<number> {
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO national_schemes (id, name, market, currency, template, key_fields, source, as_of, quality)
         SELECT * FROM jsonb_to_recordset($1) AS r(id text, name text, market text, currency text,
           template text, "keyFields" text[], source text, "asOf" text, quality text)
         ON CONFLICT (id) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [JSON.stringify(schemes)],
    );
    return result?.added ?? 0;
  }
}

function rowOf(merchant: MerchantVersion): Record<string, unknown> {
  return {
    id: merchant.id,
    version: merchant.version,
    effective_from: merchant.effectiveFrom ?? null,
    acquirer_id: merchant.acquirerId,
    name: merchant.name,
    display_name: merchant.displayName,
    mcc: merchant.mcc,
    market: merchant.market,
    city: merchant.city,
    currency: merchant.currency,
    mdr_bps: merchant.mdrBps,
    status: merchant.status,
    provenance: merchant.provenance,
  };
}

function recordOf(row: MerchantRow): MerchantRecord {
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effective_from,
    acquirerId: row.acquirer_id,
    name: row.name,
    displayName: row.display_name,
    mcc: row.mcc,
    market: row.market,
    city: row.city,
    currency: row.currency,
    mdrBps: row.mdr_bps,
    status: row.status,
    fictional: row.fictional,
    provenance: row.provenance,
  };
}
