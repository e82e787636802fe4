-- Whoever holds the database can change a row and rebuild every total after it, so entries are digested and chained: then one hash, kept elsewhere, convicts any change of the past.

-- What each posting statement brought into the books and no block holds yet. Written by that
-- statement itself: an entry is either in here, or sealed, or came in by a back door.
CREATE TABLE journal_unsealed (
  no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_no    bigint NOT NULL,
  entry_nos   bigint[] NOT NULL CHECK (cardinality(entry_nos) > 0),
  posted_at   timestamptz NOT NULL DEFAULT statement_timestamp(),
  digested_at timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0);

-- Marks, one a line, prove nothing: they tell which line is the changed one.
CREATE TABLE journal_digests (
  entry_no bigint PRIMARY KEY,
  digest   bytea NOT NULL CHECK (length(digest) = 32),
  marks    integer[] NOT NULL
);

CREATE TABLE journal_blocks (
  no        bigint PRIMARY KEY CHECK (no > 0),
  previous  bytea NOT NULL CHECK (length(previous) = 32),
  entries   int8multirange NOT NULL CHECK (NOT isempty(entries)),
  size      integer NOT NULL CHECK (size > 0),
  content   bytea NOT NULL CHECK (length(content) = 32),
  sealed_at timestamptz NOT NULL,
  hash      bytea NOT NULL UNIQUE CHECK (length(hash) = 32)
);

-- The head under which a cycle became final; its settlement files carry it.
CREATE TABLE cycle_seals (
  cycle_id  text COLLATE "C" PRIMARY KEY REFERENCES cycles,
  block_no  bigint NOT NULL,
  head      bytea NOT NULL CHECK (length(head) = 32),
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER journal_digests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_digests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_blocks_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_blocks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cycle_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cycle_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is in the books already is sealed like what comes.
INSERT INTO journal_unsealed (batch_no, entry_nos, posted_at)
SELECT batch_no, array_agg(entry_no ORDER BY entry_no), max(posted_at)
FROM journal_entries GROUP BY batch_no ORDER BY batch_no;

-- Rows arrive in the order of their posting, so a tiny index finds a period.
CREATE INDEX journal_entries_posted_at ON journal_entries
  USING brin (posted_at) WITH (pages_per_range = 32, autosummarize = on);
