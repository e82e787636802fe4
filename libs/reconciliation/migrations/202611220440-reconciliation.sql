-- What partners say they recorded, line by line, beside the breaks found between that and the hub's own books.

CREATE TABLE recon_files (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name           text COLLATE "C" NOT NULL,
  digest         text COLLATE "C" NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  participant_id text COLLATE "C" NOT NULL,
  side           text COLLATE "C" NOT NULL CHECK (side IN ('wallet', 'acquirer')),
  currency       text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  cycle_id       text COLLATE "C" NOT NULL,
  agreement      text COLLATE "C" NOT NULL,
  seq            smallint NOT NULL CHECK (seq BETWEEN 0 AND 999),
  part_count     smallint NOT NULL CHECK (part_count BETWEEN 1 AND 1000),
  line_count     integer NOT NULL CHECK (line_count >= 0),
  loaded_at      timestamptz NOT NULL,
  -- A corrected file takes the place of the one before it; the older one's lines are dropped.
  superseded_at  timestamptz,
  CHECK (seq < part_count)
);
CREATE UNIQUE INDEX recon_files_current
  ON recon_files (cycle_id, participant_id, currency, agreement, seq) WHERE superseded_at IS NULL;
CREATE INDEX recon_files_digest ON recon_files (digest);

-- Lines of current files. `subject_id` is the hub's id that the line was found to speak of. A file
-- is known only when its last line was read, after its lines are here; a check stands for the key.
CREATE TABLE recon_lines (
  file_id              bigint NOT NULL,
  line_no              integer NOT NULL CHECK (line_no > 0),
  participant_id       text COLLATE "C" NOT NULL,
  side                 text COLLATE "C" NOT NULL CHECK (side IN ('wallet', 'acquirer')),
  cycle_id             text COLLATE "C" NOT NULL,
  subject_id           text COLLATE "C" NOT NULL,
  matched_by           text COLLATE "C" NOT NULL
                         CHECK (matched_by IN ('id', 'requestId', 'likeness', 'nothing')),
  transaction_id       text COLLATE "C" NOT NULL,
  original_id          text COLLATE "C" NOT NULL,
  request_id           text COLLATE "C" NOT NULL,
  store_id             text COLLATE "C" NOT NULL,
  kind                 text COLLATE "C" NOT NULL CHECK (kind IN ('payment', 'refund')),
  completed_at         timestamptz NOT NULL,
  transaction_minor    bigint NOT NULL CHECK (transaction_minor >= 0),
  transaction_currency text COLLATE "C" NOT NULL,
  settlement_minor     bigint NOT NULL CHECK (settlement_minor >= 0),
  settlement_currency  text COLLATE "C" NOT NULL,
  interchange_minor    bigint NOT NULL CHECK (interchange_minor >= 0),
  service_fee_minor    bigint NOT NULL CHECK (service_fee_minor >= 0),
  quote_base           text COLLATE "C",
  quote_counter        text COLLATE "C",
  quote_price          text COLLATE "C",
  result               text COLLATE "C" NOT NULL CHECK (result IN ('SUCCESS', 'FAILED')),
  PRIMARY KEY (file_id, line_no),
  CHECK (num_nulls(quote_base, quote_counter, quote_price) IN (0, 3))
);
CREATE INDEX recon_lines_subject ON recon_lines (subject_id, participant_id);
-- Lines whose id names nothing of the hub's: few, and looked at again by every matching.
CREATE INDEX recon_lines_lost ON recon_lines (cycle_id, participant_id) WHERE matched_by <> 'id';

CREATE TABLE recon_runs (
  no             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cycle_id       text COLLATE "C" NOT NULL,
  -- Null for a matching of all participants.
  participant_id text COLLATE "C",
  cause          text COLLATE "C" NOT NULL CHECK (cause IN ('file', 'asked', 'deadline')),
  at             timestamptz NOT NULL,
  legs           integer NOT NULL CHECK (legs >= 0),
  suspects       integer NOT NULL CHECK (suspects >= 0),
  opened         integer NOT NULL CHECK (opened >= 0),
  cleared        integer NOT NULL CHECK (cleared >= 0)
);
CREATE INDEX recon_runs_cycle ON recon_runs (cycle_id, no);

CREATE TABLE recon_breaks (
  id                  text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'brk\_%'),
  type                text COLLATE "C" NOT NULL,
  subject_id          text COLLATE "C" NOT NULL,
  participant_id      text COLLATE "C" NOT NULL,
  side                text COLLATE "C" NOT NULL CHECK (side IN ('wallet', 'acquirer')),
  cycle_id            text COLLATE "C" NOT NULL,
  currency            text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  state               text COLLATE "C" NOT NULL CHECK (state IN
                        ('open', 'acknowledged', 'cleared', 'repaired', 'explained', 'writtenOff')),
  owner               text COLLATE "C" NOT NULL CHECK (owner IN ('wallet', 'acquirer', 'hub')),
  owner_rule          text NOT NULL,
  severity            text COLLATE "C" NOT NULL CHECK (severity IN ('high', 'medium', 'low')),
  difference_minor    bigint,
  difference_currency text COLLATE "C",
  fields              jsonb NOT NULL,
  evidence            jsonb NOT NULL,
  repair              jsonb NOT NULL,
  fingerprint         text NOT NULL,
  opened_at           timestamptz NOT NULL,
  ended_at            timestamptz,
  CONSTRAINT recon_breaks_once UNIQUE (type, participant_id, subject_id),
  CHECK ((difference_minor IS NULL) = (difference_currency IS NULL)),
  CHECK ((ended_at IS NULL) = (state IN ('open', 'acknowledged')))
);
CREATE INDEX recon_breaks_subject ON recon_breaks (subject_id);
CREATE INDEX recon_breaks_live ON recon_breaks (cycle_id) WHERE ended_at IS NULL;

-- What happened to each break, in order; never changed.
CREATE TABLE recon_break_events (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  break_id   text COLLATE "C" NOT NULL REFERENCES recon_breaks,
  event      text COLLATE "C" NOT NULL,
  from_state text COLLATE "C",
  to_state   text COLLATE "C" NOT NULL,
  at         timestamptz NOT NULL,
  actor      text COLLATE "C" NOT NULL,
  reason     text NOT NULL
);
CREATE INDEX recon_break_events_break ON recon_break_events (break_id, seq);

CREATE TRIGGER recon_runs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recon_runs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recon_break_events_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON recon_break_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
