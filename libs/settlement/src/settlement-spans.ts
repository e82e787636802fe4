import { readMembersOf, type MemberKind } from '#clearing';
import type { CycleId } from '#domain/ids';
import type { StagedEntry } from '#ledger';
import {
  isTracing,
  recordSpan,
  spanIdOf,
  traceIdOf,
  type SpanPlace,
} from '#platform/telemetry/tracing';
import type { EntityManager } from 'typeorm';
import type { LegsOf } from './files/file-legs.js';

/**
 * The trace of a cycle: netting, cover, settlement and files belong to all payments of it, hence to
 * none of theirs. It follows from the cycle's id, so that every process finds it.
 *
 * @param cycleId of the clearing cycle, or of the settlement phase that followed it
 */
export function traceIdOfCycle(cycleId: CycleId): string {
  return traceIdOf(`cycle ${cycleId.replace(/_s$/, '')}`);
}

/** Below what everything of a cycle's settlement hangs. */
function nettingOf(cycleId: CycleId): SpanPlace & { readonly subject: string } {
  const subject = `net ${cycleId.replace(/_s$/, '')}`;
  return { subject, traceId: traceIdOfCycle(cycleId), spanId: spanIdOf(subject) };
}

/** Notes that a cycle was netted: the root of its trace. */
export function traceNetting(cycleId: CycleId, obligations: number, startMs: number): void {
  const { subject, traceId } = nettingOf(cycleId);
  const attributes = { 'wayfare.cycle': cycleId, 'wayfare.obligations': obligations };
  recordSpan({ name: 'cycle net', subject, traceId, attributes, startMs });
}

/** Notes entries of a settlement phase on their way into the books; their postings hang below. */
export function traceEntries(name: string, entries: readonly StagedEntry[], startMs: number): void {
  if (!isTracing()) return;
  for (const { id, event, cycleId } of entries) {
    const { traceId, spanId } = nettingOf(cycleId);
    recordSpan({
      name,
      kind: 'producer',
      subject: id,
      parent: { traceId, spanId },
      attributes: { 'wayfare.event': event, 'wayfare.cycle': cycleId },
      startMs,
    });
  }
}

const AT_ONCE = 1_000;
const FILED: Readonly<Record<MemberKind, string>> = {
  payment: `
    SELECT id, trace_id FROM payments p
    WHERE id = ANY($1) AND state = 'succeeded'
      AND CASE $3 WHEN 'wallet' THEN pay_to_currency ELSE settlement_currency END = $2
      AND trace_id ~ '^[0-9a-f]{32}$'`,
  refund: `
    SELECT r.id, r.trace_id FROM refunds r JOIN payments p ON p.id = r.payment_id
    WHERE r.id = ANY($1) AND r.state = 'succeeded'
      AND CASE $3 WHEN 'wallet' THEN p.pay_to_currency ELSE p.settlement_currency END = $2
      AND r.trace_id ~ '^[0-9a-f]{32}$'`,
};

/**
 * Notes that a participant's files were written: once in the cycle's trace, and in the trace of each
 * payment and refund in them, linked to the former. So a payment's trace ends in the files, and its
 * links lead on to how they were settled.
 */
export async function traceFiles(tx: EntityManager, set: LegsOf, startMs: number): Promise<void> {
  if (!isTracing()) return;
  const { cycleId, participantId, role, currency } = set;
  const { traceId, spanId } = nettingOf(cycleId);
  const endMs = Date.now();
  const attributes = {
    'wayfare.cycle': cycleId,
    'wayfare.participant': participantId,
    'wayfare.currency': currency,
  };
  const parent = { traceId, spanId };
  const files = recordSpan({ name: 'settlement files', parent, attributes, startMs, endMs });
  for await (const { ids } of readMembersOf(tx, set, AT_ONCE)) {
    for (const kind of ['payment', 'refund'] as const) {
      if (ids[kind].length === 0) continue;
      const given = [ids[kind], currency, role];
      const rows = await tx.query<{ id: string; trace_id: string }[]>(FILED[kind], given);
      for (const row of rows) {
        recordSpan({
          name: 'settlement file line',
          parent: { traceId: row.trace_id, spanId: spanIdOf(row.id) },
          links: files === undefined ? [] : [files],
          attributes,
          startMs,
          endMs,
        });
      }
    }
  }
}
