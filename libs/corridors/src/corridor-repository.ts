import type { AcceptanceQuery, CorridorQuery, FieldProvenance } from '#contracts/operator/network';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import type { ClearingKind } from '#domain/clearing-cycles';
import type { AcceptanceEdge, CorridorAgreement, PaymentMode } from '#domain/network';
import { money } from '#domain/money';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface CorridorRecord extends CorridorAgreement {
  readonly effectiveFrom: Date;
  readonly provenance: FieldProvenance;
}

/** A version to be written; `effectiveFrom` absent means from now on. */
export type CorridorVersion = CorridorAgreement & {
  readonly provenance: FieldProvenance;
  readonly effectiveFrom?: Date;
};

export interface AcceptanceRecord extends AcceptanceEdge {
  readonly effectiveFrom: Date;
}

/** A version to be written; `accepted: false` withdraws the link. */
export type AcceptanceVersion = AcceptanceEdge & {
  readonly accepted?: boolean;
  readonly effectiveFrom?: Date;
};

interface CorridorRow {
  readonly id: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly home_market: string;
  readonly acceptance_market: string;
  readonly currency: string;
  readonly min_payment: string;
  readonly max_payment: string;
  readonly interchange_bps: number;
  readonly scheme_fee_acquirer_bps: number;
  readonly scheme_fee_wallet_bps: number;
  readonly fx_tier: string;
  readonly modes: PaymentMode[];
  readonly calendars: string[];
  readonly clearing: ClearingKind;
  readonly provenance: FieldProvenance;
}

interface EdgeRow {
  readonly wallet_id: string;
  readonly market: string;
  readonly version: number;
  readonly effective_from: Date;
  readonly network: string;
  readonly source: string;
  readonly as_of: string;
  readonly quality: AcceptanceEdge['quality'];
}

/** Corridor agreements and acceptance links: versions are added, never changed. */
@Injectable()
export class CorridorRepository {
  async listCurrent(tx: EntityManager): Promise<CorridorRecord[]> {
    const rows = await tx.query<CorridorRow[]>(
      'SELECT * FROM current_corridor_agreements ORDER BY id',
    );
    return rows.map(corridorOf);
  }

  async listPage(tx: EntityManager, query: CorridorQuery): Promise<Page<CorridorRecord>> {
    const rows = await tx.query<CorridorRow[]>(
      `SELECT * FROM current_corridor_agreements
       WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR home_market = $2)
         AND ($3::text IS NULL OR acceptance_market = $3)
       ORDER BY id LIMIT $4`,
      [
        keyOfCursor(query.cursor) ?? null,
        query.home ?? null,
        query.acceptance ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(rows.map(corridorOf), query.limit, (corridor) => corridor.id);
  }

  async findCurrent(
    tx: EntityManager,
    homeMarket: string,
    acceptanceMarket: string,
  ): Promise<CorridorRecord | undefined> {
    const rows = await tx.query<CorridorRow[]>(
      `SELECT * FROM current_corridor_agreements
       WHERE home_market = $1 AND acceptance_market = $2`,
      [homeMarket, acceptanceMarket],
    );
    return rows.map(corridorOf)[0];
  }

  /** Adds versions in one statement; see `WalletRepository.insertVersions` for the rule. */
  async insertVersions(tx: EntityManager, versions: readonly CorridorVersion[]): Promise<number> {
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO corridor_agreements (id, version, effective_from, home_market,
           acceptance_market, currency, min_payment, max_payment, interchange_bps,
           scheme_fee_acquirer_bps, scheme_fee_wallet_bps, fx_tier, modes, calendars, clearing,
           provenance)
         SELECT id, version, coalesce(effective_from, now()), home_market, acceptance_market,
           currency, min_payment, max_payment, interchange_bps, scheme_fee_acquirer_bps,
           scheme_fee_wallet_bps, fx_tier, modes, calendars, clearing, provenance
         FROM jsonb_to_recordset($1) AS r(id text, version int, effective_from timestamptz,
           home_market text, acceptance_market text, currency text, min_payment bigint,
           max_payment bigint, interchange_bps int, scheme_fee_acquirer_bps int,
           scheme_fee_wallet_bps int, fx_tier text, modes text[], calendars text[],
           clearing text, provenance jsonb)
         ON CONFLICT (id, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [JSON.stringify(versions.map(rowOf))],
    );
    return result?.added ?? 0;
  }

  async listEdges(tx: EntityManager): Promise<AcceptanceRecord[]> {
    const rows = await tx.query<EdgeRow[]>(
      'SELECT * FROM current_acceptance_edges ORDER BY wallet_id, market',
    );
    return rows.map(edgeOf);
  }

  async listEdgePage(tx: EntityManager, query: AcceptanceQuery): Promise<Page<AcceptanceRecord>> {
    const rows = await tx.query<EdgeRow[]>(
      `SELECT * FROM current_acceptance_edges
       WHERE ($1::text IS NULL OR wallet_id || '>' || market > $1)
         AND ($2::text IS NULL OR wallet_id = $2) AND ($3::text IS NULL OR market = $3)
       ORDER BY wallet_id || '>' || market LIMIT $4`,
      [
        keyOfCursor(query.cursor) ?? null,
        query.wallet ?? null,
        query.market ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(rows.map(edgeOf), query.limit, (edge) => `${edge.walletId}>${edge.market}`);
  }

  /** Adds versions in one statement; see `WalletRepository.insertVersions` for the rule. */
  async insertEdges(tx: EntityManager, versions: readonly AcceptanceVersion[]): Promise<number> {
    const rows = versions.map((edge) => ({
      wallet_id: edge.walletId,
      market: edge.market,
      version: edge.version,
      effective_from: edge.effectiveFrom ?? null,
      network: edge.network,
      accepted: edge.accepted ?? true,
      source: edge.source,
      as_of: edge.asOf,
      quality: edge.quality,
    }));
    const [result] = await tx.query<{ added: number }[]>(
      `WITH added AS (
         INSERT INTO acceptance_edges (wallet_id, market, version, effective_from, network,
           accepted, source, as_of, quality)
         SELECT wallet_id, market, version, coalesce(effective_from, now()), network, accepted,
           source, as_of, quality
         FROM jsonb_to_recordset($1) AS r(wallet_id text, market text, version int,
           effective_from timestamptz, network text, accepted boolean, source text, as_of text,
           quality text)
         ON CONFLICT (wallet_id, market, version) DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS added FROM added`,
      [JSON.stringify(rows)],
    );
    return result?.added ?? 0;
  }
}

function rowOf(corridor: CorridorVersion): Record<string, unknown> {
  return {
    id: corridor.id,
    version: corridor.version,
    effective_from: corridor.effectiveFrom ?? null,
    home_market: corridor.homeMarket,
    acceptance_market: corridor.acceptanceMarket,
    currency: corridor.minPayment.currency,
    min_payment: corridor.minPayment.minor.toString(),
    max_payment: corridor.maxPayment.minor.toString(),
    interchange_bps: corridor.interchangeBps,
    scheme_fee_acquirer_bps: corridor.schemeFeeAcquirerBps,
    scheme_fee_wallet_bps: corridor.schemeFeeWalletBps,
    fx_tier: corridor.fxTier,
    modes: corridor.modes,
    calendars: corridor.calendars,
    clearing: corridor.clearing,
    provenance: corridor.provenance,
  };
}

function corridorOf(row: CorridorRow): CorridorRecord {
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effective_from,
    homeMarket: row.home_market,
    acceptanceMarket: row.acceptance_market,
    minPayment: money(row.currency, BigInt(row.min_payment)),
    maxPayment: money(row.currency, BigInt(row.max_payment)),
    interchangeBps: row.interchange_bps,
    schemeFeeAcquirerBps: row.scheme_fee_acquirer_bps,
    schemeFeeWalletBps: row.scheme_fee_wallet_bps,
    fxTier: row.fx_tier,
    modes: row.modes,
    calendars: row.calendars,
    clearing: row.clearing,
    provenance: row.provenance,
  };
}

function edgeOf(row: EdgeRow): AcceptanceRecord {
  return {
    walletId: row.wallet_id,
    market: row.market,
    version: row.version,
    effectiveFrom: row.effective_from,
    network: row.network,
    source: row.source,
    asOf: row.as_of,
    quality: row.quality,
  };
}
