import type { AccountKind, JournalLine } from '#domain/journal';
import type { CycleId, EntryId, PaymentId } from '#domain/ids';
import type { EntityManager } from 'typeorm';

/** The batch that took an entry through the queue. Instants are UTC milliseconds. */
export interface QueueHop {
  readonly batchNo: number;
  readonly relay: string;
  readonly claimedAtMs: number;
  readonly queueBackend: string | null;
  readonly jobId: string | null;
  readonly enqueuedAtMs: number | null;
  readonly worker: string | null;
  readonly startedAtMs: number | null;
  readonly entriesInBatch: number;
}

/** An entry as the books, or still the outbox, know it. */
export interface RecordedEntry {
  readonly id: EntryId;
  readonly event: string;
  readonly kind: string;
  readonly paymentId: PaymentId;
  readonly cycleId: CycleId;
  readonly traceId: string | null;
  readonly state: 'staged' | 'posted';
  readonly stagedAtMs: number;
  readonly postedAtMs: number | null;
  /** How many batches it was leased to; more than 1 when a job or a worker was lost. */
  readonly claims: number;
  readonly hop: QueueHop | null;
  readonly lines: readonly JournalLine[];
}

interface EntryRow {
  readonly id: EntryId;
  readonly event: string;
  readonly kind: string;
  readonly payment_id: PaymentId;
  readonly cycle_id: CycleId;
  readonly trace_id: string | null;
  readonly staged_at: Date;
  readonly posted_at: Date | null;
  readonly claims: number;
  readonly batch_no: string | null;
  readonly relay: string | null;
  readonly claimed_at: Date | null;
  readonly queue_backend: string | null;
  readonly job_id: string | null;
  readonly enqueued_at: Date | null;
  readonly worker: string | null;
  readonly started_at: Date | null;
  readonly claimed: number | null;
  readonly lines: readonly {
    readonly owner: string;
    readonly kind: AccountKind;
    readonly currency: string;
    readonly of: string | null;
    readonly minor: string;
  }[];
}

const OF_PAYMENT = `
  WITH entries AS (
    SELECT entry_no, id, event, kind, payment_id, cycle_id, trace_id, staged_at, posted_at,
           batch_no,
           (SELECT array_agg(l.account_id ORDER BY l.line_no) FROM journal_lines l
            WHERE l.entry_no = e.entry_no) AS account_ids,
           (SELECT array_agg(l.minor ORDER BY l.line_no) FROM journal_lines l
            WHERE l.entry_no = e.entry_no) AS amounts
    FROM journal_entries e WHERE payment_id = $1
    UNION ALL
    SELECT seq, entry_id, event, kind, payment_id, cycle_id, trace_id, staged_at, NULL,
           (SELECT max(no) FROM posting_batches WHERE seq BETWEEN first_seq AND last_seq),
           account_ids, amounts
    FROM staged_entries WHERE payment_id = $1)
  SELECT e.*, b.relay, b.claimed_at, b.queue_backend, b.job_id, b.enqueued_at, b.worker,
         b.started_at, b.claimed,
         (SELECT count(*)::integer FROM posting_batches l
          WHERE e.entry_no BETWEEN l.first_seq AND l.last_seq AND l.no <= e.batch_no) AS claims,
         (SELECT json_agg(json_build_object('owner', a.owner, 'kind', a.kind,
                   'currency', a.currency, 'of', a.of, 'minor', s.minor::text) ORDER BY s.line_no)
          FROM unnest(e.account_ids, e.amounts) WITH ORDINALITY AS s(account_id, minor, line_no)
          JOIN accounts a ON a.id = s.account_id) AS lines
  FROM entries e LEFT JOIN posting_batches b ON b.no = e.batch_no
  ORDER BY e.entry_no`;

/** A payment's entries with their lines and their way through the queue, oldest first. */
export async function listEntriesOfPayment(
  tx: EntityManager,
  paymentId: PaymentId,
): Promise<RecordedEntry[]> {
  const rows = await tx.query<EntryRow[]>(OF_PAYMENT, [paymentId]);
  return rows.map((row) => ({
    id: row.id,
    event: row.event,
    kind: row.kind,
    paymentId: row.payment_id,
    cycleId: row.cycle_id,
    traceId: row.trace_id,
    state: row.posted_at === null ? 'staged' : 'posted',
    stagedAtMs: row.staged_at.getTime(),
    postedAtMs: row.posted_at?.getTime() ?? null,
    claims: row.claims,
    hop: hopOf(row),
    lines: row.lines.map((line) => ({
      account: {
        owner: line.owner,
        kind: line.kind,
        currency: line.currency,
        ...(line.of === null ? {} : { of: line.of }),
      },
      minor: BigInt(line.minor),
    })),
  }));
}

function hopOf(row: EntryRow): QueueHop | null {
  if (row.batch_no === null || row.relay === null || row.claimed_at === null) return null;
  return {
    batchNo: Number(row.batch_no),
    relay: row.relay,
    claimedAtMs: row.claimed_at.getTime(),
    queueBackend: row.queue_backend,
    jobId: row.job_id,
    enqueuedAtMs: row.enqueued_at?.getTime() ?? null,
    worker: row.worker,
    startedAtMs: row.started_at?.getTime() ?? null,
    entriesInBatch: row.claimed ?? 0,
  };
}
