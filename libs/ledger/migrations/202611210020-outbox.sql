-- A finalised payment and its journal entry must stand or fall together, so the entry waits here, in the payment's own transaction, until a batch posts it.

-- A batch is a range of the outbox, leased until it is posted or the lease runs out. Entries in
-- the range that commit after the claim are posted with it, or free again when it is done.
CREATE TABLE posting_batches (
  no            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_seq     bigint NOT NULL,
  last_seq      bigint NOT NULL,
  claimed       integer NOT NULL CHECK (claimed > 0),
  claimed_at    timestamptz NOT NULL,
  leased_until  timestamptz NOT NULL,
  relay         text NOT NULL,
  queue_backend text,
  job_id        text,
  enqueued_at   timestamptz,
  worker        text,
  started_at    timestamptz,
  posted_at     timestamptz,
  posted        integer CHECK (posted >= 0),
  duplicates    integer CHECK (duplicates >= 0),
  CONSTRAINT posting_batches_range CHECK (first_seq <= last_seq),
  CONSTRAINT posting_batches_posted
    CHECK ((posted_at IS NULL) = (posted IS NULL) AND (posted IS NULL) = (duplicates IS NULL))
);
CREATE INDEX posting_batches_open ON posting_batches (no) WHERE posted_at IS NULL;

-- Rows are inserted and deleted, never updated on their way: a lease is a range of seq. They live
-- for moments, so vacuum must come by count, not by share.
CREATE TABLE staged_entries (
  seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id     text COLLATE "C" NOT NULL CHECK (entry_id <> ''),
  event        text COLLATE "C" NOT NULL CHECK (event <> ''),
  kind         text COLLATE "C" NOT NULL CHECK (kind <> ''),
  payment_id   text COLLATE "C" NOT NULL CHECK (payment_id <> ''),
  cycle_id     text COLLATE "C" NOT NULL,
  trace_id     text,
  account_ids  integer[] NOT NULL,
  amounts      bigint[] NOT NULL,
  staged_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Why it could not be posted, when it alone was at fault, and when it is tried again.
  fault        text,
  retry_at     timestamptz NOT NULL DEFAULT '-infinity',
  CONSTRAINT staged_entries_aside CHECK (fault IS NOT NULL OR retry_at = '-infinity'),
  CONSTRAINT staged_entries_lines
    CHECK (cardinality(account_ids) >= 2 AND cardinality(account_ids) = cardinality(amounts)),
  CONSTRAINT staged_entries_amounts
    CHECK (array_position(amounts, NULL) IS NULL AND array_position(amounts, 0) IS NULL
           AND array_position(account_ids, NULL) IS NULL)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
