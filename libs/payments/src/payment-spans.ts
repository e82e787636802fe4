import type { StagedEntry } from '#ledger';
import { currentSpan } from '#platform/telemetry/spans';
import { isTracing, recordSpan, spanIdOf, type SpanPlace } from '#platform/telemetry/tracing';

/**
 * Notes that a payment or refund was opened: the span that everything done for it later hangs
 * below, in whatever process. It stands in the request that opened it.
 */
export function traceOpening(
  id: string,
  { traceId, state }: { readonly traceId: string; readonly state: string },
  startMs: number,
): void {
  if (!isTracing()) return;
  const here = currentSpan();
  recordSpan({
    name: id.startsWith('ref_') ? 'refund' : 'payment',
    subject: id,
    traceId,
    parent: here?.traceId === traceId ? here : undefined,
    attributes: { 'wayfare.id': id, 'wayfare.state': state },
    startMs,
  });
}

/** A staged entry and the payment or refund it is of. */
export interface StagedFor {
  readonly subject: string;
  readonly entry: StagedEntry;
}

/** Notes a batch that was decided and committed, and each entry it put into the outbox. */
export function traceCommit(staged: readonly StagedFor[], size: number, startMs: number): void {
  if (!isTracing()) return;
  const places = staged.flatMap(({ subject, entry }): SpanPlace[] =>
    entry.traceId === null ? [] : [{ traceId: entry.traceId, spanId: spanIdOf(subject) }],
  );
  const batch = recordSpan({
    name: 'payments commit batch',
    links: places,
    attributes: { 'wayfare.commands': size },
    startMs,
  });
  for (const { subject, entry } of staged) {
    if (entry.traceId === null) continue;
    recordSpan({
      name: 'outbox stage',
      kind: 'producer',
      subject: entry.id,
      parent: { traceId: entry.traceId, spanId: spanIdOf(subject) },
      links: batch === undefined ? [] : [batch],
      attributes: { 'wayfare.event': entry.event, 'wayfare.cycle': entry.cycleId },
      startMs,
    });
  }
}
