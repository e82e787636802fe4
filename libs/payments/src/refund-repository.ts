import type { PaymentId, RefundId } from '#domain/ids';
import type { Refund, RefundRecord } from '#domain/refunds/refund';
import { leaseDue } from '#platform/due-lease';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isoOf, msOf } from './payment-row.js';
import {
  REFUND_COLUMNS,
  refundOf,
  refundProgressOf,
  refundRowOf,
  type RefundRow,
} from './refund-row.js';

const PROGRESS = [
  'state',
  'terms',
  'held_minor',
  'released_minor',
  'completed_at',
  'cycle_id',
  'wallet_refund_id',
  'decline_code',
  'decline_detail',
  'decline_by',
  'duty_attempt',
  'duty_due_at',
];

const INSERT = `INSERT INTO refunds SELECT * FROM json_populate_record(NULL::refunds, $1::json)`;
const UPDATE = `
  UPDATE refunds f SET ${PROGRESS.map((column) => `${column} = r.${column}`).join(', ')}
  FROM json_populate_record(NULL::refunds, $1::json) r WHERE f.id = r.id`;

export interface RefundPage {
  readonly items: readonly Refund[];
  readonly nextCursor: string | null;
}

export interface RefundFilter {
  readonly payment?: string | undefined;
  readonly wallet?: string | undefined;
  readonly acquirer?: string | undefined;
  readonly state?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * The one place that reads and writes `refunds` and their timeline. Whoever writes holds the row
 * of the payment: its lock puts all refunds of a payment into one order.
 */
@Injectable()
export class RefundRepository {
  async insert(tx: EntityManager, refund: Refund): Promise<void> {
    await tx.query(INSERT, [JSON.stringify(refundRowOf(refund))]);
  }

  async update(tx: EntityManager, refund: Refund): Promise<void> {
    await tx.query(UPDATE, [JSON.stringify({ id: refund.id, ...refundProgressOf(refund) })]);
  }

  /** Changes what counts as refunded on the payment; the database refuses more than the payment. */
  async countRefunded(tx: EntityManager, paymentId: PaymentId, minor: bigint): Promise<void> {
    if (minor === 0n) return;
    await tx.query('UPDATE payments SET refunded_minor = refunded_minor + $2 WHERE id = $1', [
      paymentId,
      minor.toString(),
    ]);
  }

  async record(tx: EntityManager, record: RefundRecord): Promise<void> {
    await tx.query(
      `INSERT INTO refund_events (refund_id, event, from_state, to_state, at, detail)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [record.refundId, record.event, record.from, record.to, isoOf(record.atMs), record.detail],
    );
  }

  async find(tx: EntityManager, id: string): Promise<Refund | undefined> {
    return (await this.select(tx, 'WHERE id = $1', [id]))[0];
  }

  async findByRequest(
    tx: EntityManager,
    acquirerId: string,
    requestId: string,
  ): Promise<Refund | undefined> {
    return (
      await this.select(tx, 'WHERE acquirer_id = $1 AND acquirer_request_id = $2', [
        acquirerId,
        requestId,
      ])
    )[0];
  }

  /** All refunds of a payment, refused ones too, oldest first. */
  listOfPayment(tx: EntityManager, paymentId: string): Promise<Refund[]> {
    return this.select(tx, 'WHERE payment_id = $1 ORDER BY id', [paymentId]);
  }

  /** Newest first; the cursor is the last id of the page before. */
  async list(tx: EntityManager, filter: RefundFilter): Promise<RefundPage> {
    const found = await this.select(
      tx,
      `WHERE ($1::text IS NULL OR payment_id = $1) AND ($2::text IS NULL OR wallet_id = $2)
         AND ($3::text IS NULL OR acquirer_id = $3) AND ($4::text IS NULL OR state = $4)
         AND ($5::text IS NULL OR id < $5)
       ORDER BY id DESC LIMIT $6`,
      [
        filter.payment ?? null,
        filter.wallet ?? null,
        filter.acquirer ?? null,
        filter.state ?? null,
        filter.cursor ?? null,
        filter.limit + 1,
      ],
    );
    const items = found.slice(0, filter.limit);
    return { items, nextCursor: found.length > filter.limit ? (items.at(-1)?.id ?? null) : null };
  }

  async timeline(tx: EntityManager, ids: readonly RefundId[]): Promise<RefundRecord[]> {
    interface EventRow {
      refund_id: RefundId;
      event: RefundRecord['event'];
      from_state: RefundRecord['from'];
      to_state: RefundRecord['to'];
      at: Date;
      detail: string;
    }
    const rows = await tx.query<EventRow[]>(
      `SELECT refund_id, event, from_state, to_state, at, detail
       FROM refund_events WHERE refund_id = ANY($1) ORDER BY seq`,
      [ids],
    );
    return rows.map((row) => ({
      refundId: row.refund_id,
      event: row.event,
      from: row.from_state,
      to: row.to_state,
      atMs: msOf(row.at),
      detail: row.detail,
    }));
  }

  /** What refunds under way would make an acquirer owe, minor units of the currency. */
  async sumUnderWay(tx: EntityManager, acquirerId: string, currency: string): Promise<bigint> {
    const [row] = await tx.query<{ minor: string }[]>(
      `SELECT coalesce(sum(acquirer_debit_minor), 0) AS minor FROM refunds
       WHERE acquirer_id = $1 AND state = 'processing' AND settlement_currency = $2`,
      [acquirerId, currency],
    );
    return BigInt(row?.minor ?? 0);
  }

  /**
   * Takes over refunds that are due to be asked for again. Taking one moves its due time forward
   * by the lease, so a process that dies loses nothing and two never ask at once.
   */
  async claimDue(
    tx: EntityManager,
    limit: number,
    nowMs: number,
    leaseMs: number,
  ): Promise<Refund[]> {
    const terms = { limit, nowMs, leaseMs };
    const ids = await leaseDue<RefundId>(tx, { table: 'refunds' }, terms);
    if (ids.length === 0) return [];
    return this.select(tx, 'WHERE id = ANY($1) ORDER BY id', [ids]);
  }

  private async select(tx: EntityManager, where: string, values: unknown[]): Promise<Refund[]> {
    const rows = await tx.query<RefundRow[]>(
      `SELECT ${REFUND_COLUMNS} FROM refunds ${where}`,
      values,
    );
    return rows.map(refundOf);
  }
}
