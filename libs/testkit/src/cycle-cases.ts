import type { ClearingKind } from '#domain/clearing-cycles';
import type { CycleId } from '#domain/ids';
import {
  assignCycle,
  claimBatch,
  cycleOf,
  postBatch,
  stageEntries,
  type AccountBook,
} from '#ledger';
import type { DataSource, EntityManager } from 'typeorm';
import { entryCase } from './journal-cases.js';

const PAYMENTS = `
  INSERT INTO payments (id, mode, state, acquirer_id, acquirer_request_id, order_memo,
    payment_currency, payment_minor, settlement_currency, wallet_id, wallet_version, customer_id,
    corridor_id, corridor_version, pay_to_currency, pay_to_minor, settlement_minor,
    wallet_owes_minor, acquirer_receives_minor, payer_quote_id, settlement_quote_id, terms, reasons,
    usage_day, created_at, expires_at, completed_at, cycle_id, notification_owed, trace_id)
  SELECT id, 'userPresented', 'succeeded', 'acq_kyoto', id, '{}', 'JPY', 120000, 'JPY',
    'wal_truemoney', 1, 'cust', 'cor_TH_JP', 1, 'THB', 28000, 120000, 28000, 120000, 'quo_a', 'quo_b',
    '{}', '{}', '2026-11-21', now(), now(), to_timestamp($2 / 1000.0), $3, false, id
  FROM unnest($1::text[]) AS p(id)`;

/** Stores payments that succeeded in a cycle, and stages their entries, as one transaction would. */
export async function storeCompleted(
  tx: EntityManager,
  book: AccountBook,
  numbers: readonly number[],
  into: { readonly cycleId: CycleId; readonly completedAtMs: number },
): Promise<void> {
  const entries = numbers.map((n) => entryCase(n, into.cycleId));
  await tx.query(PAYMENTS, [
    entries.map((entry) => entry.paymentId),
    into.completedAtMs,
    into.cycleId,
  ]);
  await stageEntries(tx, book, entries);
}

export interface Completing {
  readonly kind?: ClearingKind;
  /** Awaited between the last statement and the commit, where a close would like to slip in. */
  readonly dawdle?: () => Promise<unknown>;
}

/** Finalises payments the way the product does: their cycle is the last lock of the transaction. */
export async function completePayments(
  dataSource: DataSource,
  book: AccountBook,
  numbers: readonly number[],
  { kind = 'daily', dawdle }: Completing = {},
): Promise<CycleId> {
  return dataSource.transaction(async (tx) => {
    const assignment = await assignCycle(tx, new Set([kind]));
    const cycleId = cycleOf(assignment, kind);
    const { completedAtMs } = assignment;
    await storeCompleted(tx, book, numbers, { cycleId, completedAtMs });
    await dawdle?.();
    return cycleId;
  });
}

/** Daily cycles one after the other, from now on, `cyc_m0001` and so forth. */
export async function openShortCycles(
  dataSource: DataSource,
  count: number,
  lengthMs: number,
): Promise<void> {
  await dataSource.query(
    `WITH t AS MATERIALIZED (SELECT date_trunc('milliseconds', hub_clock()) AS at)
     INSERT INTO cycles (id, starts_at, ends_at)
     SELECT 'cyc_m' || lpad(n::text, 4, '0'), at + (n - 1) * $2 * interval '1 ms',
            at + n * $2 * interval '1 ms'
     FROM t, generate_series(1, $1::int) n`,
    [count, lengthMs],
  );
}

/** Posts whatever waits in the outbox, without a queue. */
export async function postOutbox(tx: EntityManager): Promise<number> {
  let posted = 0;
  for (;;) {
    const terms = { size: 500, leaseMs: 5_000, maxOpen: 9, relay: 'test' };
    const batch = await claimBatch(tx, terms);
    if (batch === null) return posted;
    const hop = { queueBackend: 'none', jobId: 'none', enqueuedAtMs: 0, worker: 'test' };
    posted += (await postBatch(tx, batch.batchNo, hop)).posted;
  }
}
