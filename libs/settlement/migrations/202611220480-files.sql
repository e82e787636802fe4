-- What participants are told about a final cycle must arrive however often a disk fills or a process dies, so each set of files is a row that is due until it is written, and each written file is named with its content's hash.

CREATE TABLE file_sets (
  cycle_id       text COLLATE "C" NOT NULL REFERENCES cycles,
  participant_id text COLLATE "C" NOT NULL CHECK (participant_id <> ''),
  currency       text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- A set that is written again gets the next one; what participants may have fetched stays.
  seq            smallint NOT NULL CHECK (seq BETWEEN 0 AND 999),
  role           text COLLATE "C" NOT NULL CHECK (role IN ('wallet', 'acquirer')),
  state          text COLLATE "C" NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'written')),
  due_at         timestamptz NOT NULL,
  -- By the hub's clock: names the folder, and stands in the messages, so that writing again after
  -- a crash gives the same bytes.
  created_at     timestamptz NOT NULL,
  attempts       integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  fault          text,
  written_at     timestamptz,
  transactions   bigint CHECK (transactions >= 0),
  -- What the lines come to; positive means that the participant pays the hub.
  net_minor      bigint,
  PRIMARY KEY (cycle_id, participant_id, currency, seq),
  CONSTRAINT file_sets_written CHECK (
    num_nulls(written_at, transactions, net_minor) = CASE state WHEN 'written' THEN 0 ELSE 3 END
    AND (state = 'due' OR fault IS NULL))
);
CREATE INDEX file_sets_due ON file_sets (due_at) WHERE state = 'due';

CREATE TABLE settlement_files (
  name           text COLLATE "C" PRIMARY KEY,
  cycle_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  currency       text COLLATE "C" NOT NULL,
  seq            smallint NOT NULL,
  kind           text COLLATE "C" NOT NULL CHECK (kind IN ('transactionItems', 'feeItems', 'summary', 'settlement', 'camt.088', 'camt.053', 'pacs.009', 'manifest')),
  -- Below the folder of files.
  folder         text NOT NULL CHECK (folder ~ '^settlements/(clearing|settlement)/[a-z0-9_]+/[0-9]{8}$'),
  bytes          bigint NOT NULL CHECK (bytes > 0),
  sha256         text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  lines          bigint CHECK (lines >= 0),
  written_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (cycle_id, participant_id, currency, seq) REFERENCES file_sets
);
CREATE INDEX settlement_files_by_participant ON settlement_files (participant_id, cycle_id, name);

CREATE TRIGGER settlement_files_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_files
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A written set is never unwritten.
CREATE FUNCTION refuse_file_set_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'written' THEN
    RAISE EXCEPTION 'the files of % for % in % are written', OLD.cycle_id, OLD.participant_id, OLD.currency
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'file_sets_forward_only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER file_sets_forward_only BEFORE UPDATE OR DELETE ON file_sets
  FOR EACH ROW EXECUTE FUNCTION refuse_file_set_regress();
