import type { Quote } from '#domain/fx';
import type { PaymentId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { Payment, PaymentRecord } from '#domain/payments/payment';
import { findQuotes } from '#fx';
import { prepared } from '#platform/prepared-statements';
import { leaseDue } from '#platform/due-lease';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  isoOf,
  msOf,
  PAYMENT_COLUMNS,
  paymentOf,
  PROGRESS_TYPES,
  progressOf,
  rowOf,
  type PaymentRow,
  type Progress,
} from './payment-row.js';

const PROGRESS = Object.keys(PROGRESS_TYPES) as (keyof Progress)[];
const PROGRESS_SET = PROGRESS.map((column) => `${column} = r.${column}`).join(', ');

/** A payer's terms: set when the payer becomes known, and never again. */
const TERMS = [
  'wallet_id',
  'wallet_version',
  'customer_id',
  'corridor_id',
  'corridor_version',
  'pay_to_currency',
  'pay_to_minor',
  'settlement_minor',
  'wallet_owes_minor',
  'acquirer_receives_minor',
  'payer_quote_id',
  'settlement_quote_id',
  'terms',
  'reasons',
  'usage_day',
];

const INSERT = prepared(
  `INSERT INTO payments SELECT * FROM json_populate_recordset(NULL::payments, $1::json)`,
);
const UPDATE_WITH_TERMS = `
  UPDATE payments p
  SET ${PROGRESS_SET}, ${TERMS.map((column) => `${column} = r.${column}`).join(', ')}
  FROM json_populate_recordset(NULL::payments, $1::json) r WHERE p.id = r.id`;
const UPDATE = prepared(`
  UPDATE payments p SET ${PROGRESS_SET}
  FROM unnest($1::text[], ${PROGRESS.map((column, i) => `$${String(i + 2)}::${PROGRESS_TYPES[column]}[]`).join(', ')})
    AS r(id, ${PROGRESS.join(', ')})
  WHERE p.id = r.id`);
const RECORD = prepared(`
  INSERT INTO payment_events (payment_id, event, from_state, to_state, at, detail)
  SELECT payment_id, event, from_state, to_state, at, detail
  FROM json_to_recordset($1::json) AS e(payment_id text, event text, from_state text,
    to_state text, at timestamptz, detail text)`);
const LOCK = prepared(
  `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE`,
);

/** How many quotes are remembered; a desk shares one quote among many payments. */
const QUOTES_REMEMBERED = 4_096;

/** A payment as it was locked, and as it was decided to become. */
export interface PaymentChange {
  readonly before: Payment;
  readonly after: Payment;
}

export interface PaymentPage {
  readonly items: readonly Payment[];
  readonly nextCursor: string | null;
}

export interface PaymentFilter {
  readonly wallet?: string | undefined;
  readonly acquirer?: string | undefined;
  readonly state?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The one place that reads and writes `payments` and its timeline. */
@Injectable()
export class PaymentRepository {
  private readonly quotes = new Map<string, Quote>();

  async insert(tx: EntityManager, payments: readonly Payment[]): Promise<void> {
    if (payments.length === 0) return;
    this.remember(payments);
    await tx.query(INSERT, [JSON.stringify(payments.map(rowOf))]);
  }

  /** Writes payments that were locked; their payers' terms only where they were not known yet. */
  async update(tx: EntityManager, changes: readonly PaymentChange[]): Promise<void> {
    const identified = changes.filter(({ before, after }) => before.payer !== after.payer);
    const moved = changes.filter(({ before, after }) => before.payer === after.payer);
    this.remember(identified.map(({ after }) => after));
    const rows = moved.map(({ after }) => progressOf(after));
    await Promise.all([
      identified.length === 0
        ? undefined
        : tx.query(UPDATE_WITH_TERMS, [
            JSON.stringify(identified.map(({ after }) => rowOf(after))),
          ]),
      moved.length === 0
        ? undefined
        : tx.query(UPDATE, [
            moved.map(({ after }) => after.id),
            ...PROGRESS.map((column) => rows.map((row) => row[column])),
          ]),
    ]);
  }

  async record(tx: EntityManager, records: readonly PaymentRecord[]): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map((record) => ({
      payment_id: record.paymentId,
      event: record.event,
      from_state: record.from,
      to_state: record.to,
      at: isoOf(record.atMs),
      detail: record.detail,
    }));
    await tx.query(RECORD, [JSON.stringify(rows)]);
  }

  /** Locks and reads, in one order whatever order was asked. */
  async lock(
    tx: EntityManager,
    ids: readonly PaymentId[],
  ): Promise<ReadonlyMap<PaymentId, Payment>> {
    const rows = await tx.query<PaymentRow[]>(LOCK, [ids]);
    return new Map((await this.read(tx, rows)).map((payment) => [payment.id, payment]));
  }

  async find(tx: EntityManager, id: string): Promise<Payment | undefined> {
    const rows = await tx.query<PaymentRow[]>(
      `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = $1`,
      [id],
    );
    return (await this.read(tx, rows))[0];
  }

  async findByAcquirerRequest(
    tx: EntityManager,
    acquirerId: string,
    requestId: string,
  ): Promise<Payment | undefined> {
    const rows = await tx.query<PaymentRow[]>(
      `SELECT ${PAYMENT_COLUMNS} FROM payments
       WHERE acquirer_id = $1 AND acquirer_request_id = $2 ORDER BY id LIMIT 1`,
      [acquirerId, requestId],
    );
    return (await this.read(tx, rows))[0];
  }

  /** Newest first; the cursor is the last id of the page before. */
  async list(tx: EntityManager, filter: PaymentFilter): Promise<PaymentPage> {
    const rows = await tx.query<PaymentRow[]>(
      `SELECT ${PAYMENT_COLUMNS} FROM payments
       WHERE ($1::text IS NULL OR wallet_id = $1) AND ($2::text IS NULL OR acquirer_id = $2)
         AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [
        filter.wallet ?? null,
        filter.acquirer ?? null,
        filter.state ?? null,
        filter.cursor ?? null,
        filter.limit + 1,
      ],
    );
    const items = await this.read(tx, rows.slice(0, filter.limit));
    return {
      items,
      nextCursor: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null,
    };
  }

  async timeline(tx: EntityManager, id: string): Promise<PaymentRecord[]> {
    interface EventRow {
      payment_id: PaymentId;
      event: PaymentRecord['event'];
      from_state: PaymentRecord['from'];
      to_state: PaymentRecord['to'];
      at: Date;
      detail: string;
    }
    const rows = await tx.query<EventRow[]>(
      `SELECT payment_id, event, from_state, to_state, at, detail
       FROM payment_events WHERE payment_id = $1 ORDER BY seq`,
      [id],
    );
    return rows.map((row) => ({
      paymentId: row.payment_id,
      event: row.event,
      from: row.from_state,
      to: row.to_state,
      atMs: msOf(row.at),
      detail: row.detail,
    }));
  }

  /**
   * Takes over payments whose duty is due. Taking one moves its due time forward by the lease, so
   * that a worker that dies loses nothing and two workers never do the same thing at once.
   */
  async claimDuties(
    tx: EntityManager,
    limit: number,
    nowMs: number,
    leaseMs: number,
  ): Promise<Payment[]> {
    const terms = { limit, nowMs, leaseMs };
    const ids = await leaseDue<PaymentId>(
      tx,
      { table: 'payments', where: 'duty_kind IS NOT NULL' },
      terms,
    );
    const found = await tx.query<PaymentRow[]>(
      `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ANY($1) ORDER BY id`,
      [ids],
    );
    return this.read(tx, found);
  }

  private async read(tx: EntityManager, rows: readonly PaymentRow[]): Promise<Payment[]> {
    const missing = new Set<string>();
    for (const row of rows) {
      for (const id of [row.payer_quote_id, row.settlement_quote_id]) {
        if (id !== null && !this.quotes.has(id)) missing.add(id);
      }
    }
    if (missing.size > 0) {
      const found = await findQuotes(tx, [...missing]);
      for (const [id, quote] of found) this.quotes.set(id, quote);
    }
    const payments = rows.map((row) =>
      paymentOf(row, (id) => {
        const quote = this.quotes.get(id);
        invariant(quote !== undefined, `quote ${id} of payment ${row.id} is not stored`);
        return quote;
      }),
    );
    this.forgetOldest();
    return payments;
  }

  private remember(payments: readonly Payment[]): void {
    for (const { payer } of payments) {
      if (payer === null) continue;
      this.quotes.set(payer.payerQuote.id, payer.payerQuote);
      this.quotes.set(payer.settlementQuote.id, payer.settlementQuote);
    }
    this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const id of this.quotes.keys()) {
      if (this.quotes.size <= QUOTES_REMEMBERED) break;
      this.quotes.delete(id);
    }
  }
}
