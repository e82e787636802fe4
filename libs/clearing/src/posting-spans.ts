import type { ClaimedBatch } from '#ledger';
import {
  isTracing,
  placeOfTraceparent,
  recordSpan,
  spanIdOf,
  traceparentOf,
  type SpanPlace,
} from '#platform/telemetry/tracing';
import type { EntityManager } from 'typeorm';
import type { PostingJob } from './clearing-terms.js';

/** Links beyond so many are cut by collectors; the entries' own spans name the batch anyhow. */
const MOST_LINKS = 128;

/** @returns what travels with the job, so that whoever posts the batch goes on in its trace */
export function traceClaim({ batchNo, entries }: ClaimedBatch): string | undefined {
  const place = recordSpan({
    name: 'outbox relay',
    kind: 'producer',
    attributes: { 'wayfare.batch': batchNo, 'wayfare.entries': entries },
  });
  return place === undefined ? undefined : traceparentOf(place);
}

interface TracedEntry {
  readonly entry_id: string;
  readonly trace_id: string;
}

/**
 * The spans of a batch being posted: one for the batch, linked to every entry, and one in the trace
 * of each entry's own payment, so that a payment's trace ends in the books.
 */
export class BatchSpans {
  private readonly startMs = Date.now();

  private constructor(
    private readonly job: PostingJob,
    private readonly entries: readonly TracedEntry[],
  ) {}

  /** Undefined where no spans are kept: then the entries are not even looked up. */
  static async begin(tx: EntityManager, job: PostingJob): Promise<BatchSpans | undefined> {
    if (!isTracing()) return undefined;
    const entries = await tx.query<TracedEntry[]>(
      `SELECT s.entry_id, s.trace_id FROM posting_batches b
       JOIN staged_entries s ON s.seq BETWEEN b.first_seq AND b.last_seq
       WHERE b.no = $1 AND s.trace_id ~ '^[0-9a-f]{32}$' ORDER BY s.seq`,
      [job.batchNo],
    );
    return new BatchSpans(job, entries);
  }

  end(posted: number): void {
    const { job, startMs } = this;
    const endMs = Date.now();
    const places = this.entries.map(({ entry_id, trace_id }): SpanPlace => ({
      traceId: trace_id,
      spanId: spanIdOf(entry_id),
    }));
    const batch = recordSpan({
      name: 'ledger post batch',
      kind: 'consumer',
      parent: job.traceparent === undefined ? undefined : placeOfTraceparent(job.traceparent),
      links: places.slice(0, MOST_LINKS),
      attributes: { 'wayfare.batch': job.batchNo, 'wayfare.posted': posted },
      startMs,
      endMs,
    });
    for (const [index, parent] of places.entries()) {
      recordSpan({
        name: 'ledger post',
        parent,
        links: batch === undefined ? [] : [batch],
        attributes: {
          'wayfare.entry': this.entries[index]?.entry_id ?? '',
          'wayfare.batch': job.batchNo,
        },
        startMs,
        endMs,
      });
    }
  }
}
