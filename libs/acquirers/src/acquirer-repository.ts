import type { AcquirerQuery, FieldProvenance } from '#contracts/operator/network';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import { money } from '#domain/money';
import type { Acquirer, PaymentMode } from '#domain/network';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** An acquirer with what the record book knows beside the terms. */
export interface AcquirerRecord extends Acquirer {
  readonly city: string;
  readonly effectiveFrom: Date;
  readonly fictional: boolean;
  readonly provenance: FieldProvenance;
}

/** A version to be written; `effectiveFrom` absent means from now on. */
export type AcquirerVersion = Acquirer & {
  readonly city: string;
  readonly provenance: FieldProvenance;
  readonly effectiveFrom?: Date;
};

interface AcquirerRow {
  readonly id: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly name: string;
  readonly market: string;
  readonly city: string;
  readonly currency: string;
  readonly settlement_currency: string;
  readonly schemes: string[];
  readonly modes: PaymentMode[];
  readonly order_code_prefix: string;
  readonly refund_cap: string;
  readonly priority: number;
  readonly status: Acquirer['status'];
  readonly fictional: boolean;
  readonly provenance: FieldProvenance;
}

/** The acquirers' record book: versions are added, never changed. */
@Injectable()
export class AcquirerRepository {
  /** Every acquirer's version in force, by id. */
  async listCurrent(tx: EntityManager): Promise<AcquirerRecord[]> {
    const rows = await tx.query<AcquirerRow[]>('SELECT * FROM current_acquirers ORDER BY id');
    return rows.map(recordOf);
  }

  async listPage(tx: EntityManager, query: AcquirerQuery): Promise<Page<AcquirerRecord>> {
    const rows = await tx.query<AcquirerRow[]>(
      `SELECT * FROM current_acquirers
       WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR market = $2)
       ORDER BY id LIMIT $3`,
      [keyOfCursor(query.cursor) ?? null, query.market ?? null, query.limit + 1],
    );
    return pageOf(rows.map(recordOf), query.limit, (acquirer) => acquirer.id);
  }

  async findCurrent(tx: EntityManager, id: string): Promise<AcquirerRecord | undefined> {
    const rows = await tx.query<AcquirerRow[]>('SELECT * FROM current_acquirers WHERE id = $1', [
      id,
    ]);
    return rows.map(recordOf)[0];
  }

  /** The terms an old payment was made on. */
  async findVersion(
    tx: EntityManager,
    id: string,
    version: number,
  ): Promise<AcquirerRecord | undefined> {
    const rows = await tx.query<AcquirerRow[]>(
      `SELECT a.*, i.order_code_prefix FROM acquirers a JOIN acquirer_identities i ON i.id = a.id
       WHERE a.id = $1 AND a.version = $2`,
      [id, version],
    );
    return rows.map(recordOf)[0];
  }

  /**
   * Adds versions in one statement and returns how many were new. A version that exists already is
   * left as it is, so that seeding twice is harmless; a gap in the numbers is refused.
   */
  async insertVersions(tx: EntityManager, versions: readonly AcquirerVersion[]): Promise<number> {
    const rows = JSON.stringify(versions.map(rowOf));
    await tx.query(
      `INSERT INTO acquirer_identities (id, order_code_prefix)
       SELECT DISTINCT r.id, r.order_code_prefix
       FROM jsonb_to_recordset($1) AS r(id text, order_code_prefix text)
       ON CONFLICT (id) DO NOTHING`,
      [rows],
    );
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO acquirers (id, version, effective_from, name, market, city, currency,
           settlement_currency, schemes, modes, refund_cap, priority, status, provenance)
         SELECT id, version, coalesce(effective_from, now()), name, market, city, currency,
           settlement_currency, schemes, modes, refund_cap, priority, status, provenance
         FROM jsonb_to_recordset($1) AS r(id text, version int, effective_from timestamptz,
           name text, market text, city text, currency text, settlement_currency text,
           schemes text[], modes text[], refund_cap bigint, priority int, status text, provenance jsonb)
         ON CONFLICT (id, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [rows],
    );
    return result?.added ?? 0;
  }
}

function rowOf(acquirer: AcquirerVersion): Record<string, unknown> {
  return {
    id: acquirer.id,
    version: acquirer.version,
    effective_from: acquirer.effectiveFrom ?? null,
    order_code_prefix: acquirer.orderCodePrefix,
    name: acquirer.name,
    market: acquirer.market,
    city: acquirer.city,
    currency: acquirer.currency,
    settlement_currency: acquirer.settlementCurrency,
    schemes: acquirer.schemes,
    modes: acquirer.modes,
    refund_cap: acquirer.refundCap.minor.toString(),
    priority: acquirer.priority,
    status: acquirer.status,
    provenance: acquirer.provenance,
  };
}

function recordOf(row: AcquirerRow): AcquirerRecord {
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effective_from,
    name: row.name,
    market: row.market,
    city: row.city,
    currency: row.currency,
    settlementCurrency: row.settlement_currency,
    schemes: row.schemes,
    modes: row.modes,
    orderCodePrefix: row.order_code_prefix,
    refundCap: money(row.settlement_currency, BigInt(row.refund_cap)),
    priority: row.priority,
    status: row.status,
    fictional: row.fictional,
    provenance: row.provenance,
  };
}
