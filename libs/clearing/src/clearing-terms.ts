/** The one queue of clearing; a job stands for a batch, never for a payment. */
export const POSTING_QUEUE = 'clearing-posting';

/** A hint that a batch is ready. Everything else about it is in the database. */
export interface PostingJob {
  readonly batchNo: number;
  readonly entries: number;
  /** Where the relay's span is, in processes that trace. */
  readonly traceparent?: string;
}

export interface ClearingTerms {
  /** Most entries of one batch. */
  readonly batchSize: number;
  /** Batches leased and not posted, over all processes, before relays wait. */
  readonly maxOpenBatches: number;
  /** When a batch counts as lost, and its entries go out again under another number. */
  readonly leaseMs: number;
  /** How long the first entry of a batch waits for company. */
  readonly lingerMs: number;
  /**
   * The same while payments come in crowds: a batch costs the queue and the database some ten
   * statements whatever its size, and nobody at a till waits for the ledger.
   */
  readonly crowdLingerMs: number;
  /** Longest wait between two looks into the outbox when nobody rings. */
  readonly pollMs: number;
  /** Batches one process posts at once; two keep the database's disk and cores both busy. */
  readonly concurrency: number;
  /** When an entry that cannot be posted is tried again. */
  readonly retryAsideMs: number;
}

/**
 * A lease must outlast the queue's own recovery of a killed worker (about 3.5 s), or every kill
 * would make two jobs of one batch; harmless, and wasteful.
 */
export const STANDARD_TERMS: ClearingTerms = {
  batchSize: 500,
  maxOpenBatches: 8,
  leaseMs: 10_000,
  lingerMs: 15,
  crowdLingerMs: 80,
  pollMs: 100,
  concurrency: 2,
  retryAsideMs: 60_000,
};
