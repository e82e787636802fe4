import { listEntriesOfPayment } from '#ledger';
import type { CycleId, PaymentId } from '#domain/ids';
import { traceIdOfCycle } from '#settlement';
import type { EntityManager } from 'typeorm';

/** One thing that happened on the way of a payment, as the database has it. */
export interface TraceStep {
  /** Null where the database keeps no time of it. */
  readonly at: string | null;
  readonly where: 'payment' | 'refund' | 'outbox' | 'queue' | 'ledger' | 'settlement' | 'files';
  readonly what: string;
  /** W3C trace id; what is done for a whole cycle is in the trace of the cycle. */
  readonly traceId: string | null;
}

export interface PaymentTrace {
  readonly paymentId: string;
  readonly traceId: string;
  readonly cycleId: string | null;
  readonly steps: readonly TraceStep[];
}

interface StepRow {
  readonly at: Date | null;
  readonly where: TraceStep['where'];
  readonly what: string;
  readonly trace_id: string | null;
}

const STEPS = `
  SELECT e.at, 'payment' AS where, e.event || ': ' || e.to_state AS what, p.trace_id
  FROM payment_events e JOIN payments p ON p.id = e.payment_id WHERE p.id = $1
  UNION ALL
  SELECT e.at, 'refund', r.id || ' ' || e.event || ': ' || e.to_state, r.trace_id
  FROM refund_events e JOIN refunds r ON r.id = e.refund_id WHERE r.payment_id = $1
  UNION ALL
  SELECT o.updated_at, 'settlement',
         o.id || ' of ' || o.participant_id || ' for ' || o.cycle_id || ': ' || o.state, NULL
  FROM payments p JOIN obligations o
    ON o.cycle_id = p.cycle_id AND o.participant_id IN (p.wallet_id, p.acquirer_id)
  WHERE p.id = $1
  UNION ALL
  SELECT f.written_at, 'files',
         'files of ' || f.participant_id || ' for ' || f.cycle_id || ': ' || f.state, NULL
  FROM payments p JOIN file_sets f
    ON f.cycle_id = p.cycle_id AND f.participant_id IN (p.wallet_id, p.acquirer_id)
  WHERE p.id = $1`;

/**
 * The way of a payment from its first request to the money and the files, told from rows alone:
 * whatever was traced, and by whichever processes. Undefined when there is no such payment.
 */
export async function readPaymentTrace(
  tx: EntityManager,
  id: string,
): Promise<PaymentTrace | undefined> {
  const [payment] = await tx.query<{ id: PaymentId; trace_id: string; cycle_id: CycleId | null }[]>(
    'SELECT id, trace_id, cycle_id FROM payments WHERE id = $1',
    [id],
  );
  if (payment === undefined) return undefined;
  const rows = await tx.query<StepRow[]>(STEPS, [id]);
  const ofCycle = payment.cycle_id === null ? null : traceIdOfCycle(payment.cycle_id);
  const entries = await listEntriesOfPayment(tx, payment.id);
  const posted = entries.flatMap(({ kind, traceId, stagedAtMs, postedAtMs, hop }): TraceStep[] => {
    const step = (where: TraceStep['where'], atMs: number | null, what: string): TraceStep[] =>
      atMs === null ? [] : [{ at: new Date(atMs).toISOString(), where, what, traceId }];
    const batch = `batch ${String(hop?.batchNo ?? 0)}`;
    return [
      ...step('outbox', stagedAtMs, `${kind} staged`),
      ...step('outbox', hop?.claimedAtMs ?? null, `${batch} claimed by ${hop?.relay ?? ''}`),
      ...step('queue', hop?.enqueuedAtMs ?? null, `${batch} enqueued, ${hop?.queueBackend ?? ''}`),
      ...step('ledger', postedAtMs, `${kind} posted by ${hop?.worker ?? ''}`),
    ];
  });
  const told = rows.map((row): TraceStep => ({
    at: row.at?.toISOString() ?? null,
    where: row.where,
    what: row.what,
    traceId: row.where === 'settlement' || row.where === 'files' ? ofCycle : row.trace_id,
  }));
  // What has no time yet is still to come.
  const steps = [...told, ...posted].sort((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'));
  return { paymentId: payment.id, traceId: payment.trace_id, cycleId: payment.cycle_id, steps };
}
