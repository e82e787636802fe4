import type { DisputeEvidence } from '#contracts/partner-wire/index';
import type {
  Dispute,
  DisputeDuty,
  DisputeEvent,
  DisputeKind,
  DisputeRecord,
  DisputeState,
} from '#domain/disputes/dispute';
import type { DisputeId } from '#domain/ids';
import { leaseDue } from '#platform/due-lease';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  disputeOf,
  disputeProgressOf,
  disputeRowOf,
  isoOf,
  type DisputeRow,
} from './dispute-row.js';

const PROGRESS = [
  'state',
  'accepted_minor',
  'response_code',
  'refund_type',
  'settled_at',
  'refund_due_at',
  'completed_at',
  'clock_due_at',
  'duty_kind',
  'duty_attempt',
  'duty_due_at',
];

const UPDATE = `
  UPDATE disputes d SET ${PROGRESS.map((column) => `${column} = r.${column}`).join(', ')}
  FROM json_populate_record(NULL::disputes, $1::json) r WHERE d.id = r.id`;

export interface DisputeFilter {
  readonly payment?: string | undefined;
  readonly wallet?: string | undefined;
  readonly acquirer?: string | undefined;
  /** Either side. */
  readonly party?: string | undefined;
  /** True: only those the clock still acts on. */
  readonly open?: boolean;
  readonly kind?: DisputeKind | undefined;
  readonly state?: DisputeState | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface EvidenceGiven {
  readonly by: 'wallet' | 'acquirer';
  readonly atMs: number;
  readonly evidence: DisputeEvidence;
}

/** The one place that reads and writes disputes, their timeline and their evidence. */
@Injectable()
export class DisputeRepository {
  /** A twin of the same request waits here until it is known what became of the first. */
  async holdRequest(tx: EntityManager, walletId: string, requestId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('dispute ' || $1, 0))`, [
      `${walletId} ${requestId}`,
    ]);
  }

  async insert(tx: EntityManager, dispute: Dispute): Promise<void> {
    await tx.query(
      'INSERT INTO disputes SELECT * FROM json_populate_record(NULL::disputes, $1::json)',
      [JSON.stringify(disputeRowOf(dispute))],
    );
  }

  async update(tx: EntityManager, dispute: Dispute): Promise<void> {
    await tx.query(UPDATE, [JSON.stringify(disputeProgressOf(dispute))]);
  }

  async record(tx: EntityManager, record: DisputeRecord): Promise<void> {
    await tx.query(
      `INSERT INTO dispute_events (dispute_id, event, from_state, to_state, at, detail)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [record.disputeId, record.event, record.from, record.to, isoOf(record.atMs), record.detail],
    );
  }

  /** The first that a side gives stays. */
  async keepEvidence(tx: EntityManager, id: DisputeId, given: EvidenceGiven): Promise<void> {
    await tx.query(
      `INSERT INTO dispute_evidence (dispute_id, given_by, at, evidence) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [id, given.by, isoOf(given.atMs), JSON.stringify(given.evidence)],
    );
  }

  async evidenceOf(tx: EntityManager, id: string): Promise<EvidenceGiven[]> {
    interface EvidenceRow {
      given_by: EvidenceGiven['by'];
      at: Date;
      evidence: DisputeEvidence;
    }
    const rows = await tx.query<EvidenceRow[]>(
      'SELECT given_by, at, evidence FROM dispute_evidence WHERE dispute_id = $1 ORDER BY at',
      [id],
    );
    return rows.map((row) => ({
      by: row.given_by,
      atMs: row.at.getTime(),
      evidence: row.evidence,
    }));
  }

  /** Disputes of these payments that the clock still acts on, or that a partner is yet to hear of. */
  async countOpen(tx: EntityManager, paymentIds: readonly string[]): Promise<number> {
    const [row] = await tx.query<{ open: number }[]>(
      `SELECT count(*)::integer AS open FROM disputes
       WHERE payment_id = ANY($1) AND (completed_at IS NULL OR duty_kind IS NOT NULL)`,
      [paymentIds],
    );
    return row?.open ?? 0;
  }

  /** Takes out what people wrote or sent; states, amounts and times stay as both sides were told. */
  async forgetWords(tx: EntityManager, paymentIds: readonly string[]): Promise<void> {
    await tx.query(
      `WITH theirs AS (SELECT id FROM disputes WHERE payment_id = ANY($1)),
            given AS (DELETE FROM dispute_evidence e USING theirs t WHERE e.dispute_id = t.id)
       UPDATE disputes d SET reason = NULL FROM theirs t WHERE d.id = t.id AND d.reason IS NOT NULL`,
      [paymentIds],
    );
  }

  async find(tx: EntityManager, id: string): Promise<Dispute | undefined> {
    return (await this.select(tx, 'WHERE id = $1', [id]))[0];
  }

  async lock(tx: EntityManager, id: string): Promise<Dispute | undefined> {
    return (await this.select(tx, 'WHERE id = $1 FOR NO KEY UPDATE', [id]))[0];
  }

  async findByRequest(
    tx: EntityManager,
    walletId: string,
    requestId: string,
  ): Promise<Dispute | undefined> {
    const where = 'WHERE wallet_id = $1 AND wallet_request_id = $2';
    return (await this.select(tx, where, [walletId, requestId]))[0];
  }

  /** In the order of their numbers. */
  listOfPayment(tx: EntityManager, paymentId: string, kind: DisputeKind): Promise<Dispute[]> {
    const where = 'WHERE payment_id = $1 AND kind = $2 ORDER BY number';
    return this.select(tx, where, [paymentId, kind]);
  }

  /** Newest first, one more than `limit`; the cursor is the last id of the page before. */
  list(tx: EntityManager, filter: DisputeFilter): Promise<Dispute[]> {
    return this.select(
      tx,
      `WHERE ($1::text IS NULL OR payment_id = $1) AND ($2::text IS NULL OR wallet_id = $2)
         AND ($3::text IS NULL OR acquirer_id = $3) AND ($4::text IS NULL OR kind = $4)
         AND ($5::text IS NULL OR state = $5) AND ($6::text IS NULL OR id < $6)
         AND ($7::text IS NULL OR wallet_id = $7 OR acquirer_id = $7)
         AND ($8::boolean IS NOT TRUE OR completed_at IS NULL)
       ORDER BY id DESC LIMIT $9`,
      [
        filter.payment ?? null,
        filter.wallet ?? null,
        filter.acquirer ?? null,
        filter.kind ?? null,
        filter.state ?? null,
        filter.cursor ?? null,
        filter.party ?? null,
        filter.open ?? null,
        filter.limit + 1,
      ],
    );
  }

  async timeline(tx: EntityManager, id: string): Promise<DisputeRecord[]> {
    interface EventRow {
      dispute_id: DisputeId;
      event: DisputeEvent;
      from_state: DisputeState | null;
      to_state: DisputeState;
      at: Date;
      detail: string;
    }
    const rows = await tx.query<EventRow[]>(
      `SELECT dispute_id, event, from_state, to_state, at, detail
       FROM dispute_events WHERE dispute_id = $1 ORDER BY seq`,
      [id],
    );
    return rows.map((row) => ({
      disputeId: row.dispute_id,
      event: row.event,
      from: row.from_state,
      to: row.to_state,
      atMs: row.at.getTime(),
      detail: row.detail,
    }));
  }

  /** Disputes on which the clock has to act; only looked up, because acting locks each anew. */
  async listClockDue(tx: EntityManager, limit: number, nowMs: number): Promise<DisputeId[]> {
    const rows = await tx.query<{ id: DisputeId }[]>(
      'SELECT id FROM disputes WHERE clock_due_at <= $1 ORDER BY clock_due_at LIMIT $2',
      [isoOf(nowMs), limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Takes over messages that are due. Taking one moves its due time forward by the lease, so a
   * process that dies loses nothing and two never send at once.
   */
  async claimMessages(
    tx: EntityManager,
    limit: number,
    nowMs: number,
    leaseMs: number,
  ): Promise<Dispute[]> {
    const terms = { limit, nowMs, leaseMs };
    const ids = await leaseDue<DisputeId>(tx, { table: 'disputes' }, terms);
    if (ids.length === 0) return [];
    return this.select(tx, 'WHERE id = ANY($1) ORDER BY id', [ids]);
  }

  async setDuty(tx: EntityManager, id: DisputeId, duty: DisputeDuty | null): Promise<void> {
    await tx.query(
      'UPDATE disputes SET duty_kind = $2, duty_attempt = $3, duty_due_at = $4 WHERE id = $1',
      [id, duty?.kind ?? null, duty?.attempt ?? null, duty === null ? null : isoOf(duty.dueAtMs)],
    );
  }

  private async select(tx: EntityManager, where: string, values: unknown[]): Promise<Dispute[]> {
    const rows = await tx.query<DisputeRow[]>(`SELECT * FROM disputes ${where}`, values);
    return rows.map(disputeOf);
  }
}
