-- A key that can do everything belongs to nobody, so every person and participant gets keys that can do little, each act is written down with its author, and the gravest need two people.

CREATE TABLE operator_keys (
  id             text COLLATE "C" PRIMARY KEY CHECK (id ~ '^opk_[0-9a-z]{26}$'),
  name           text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z][a-z0-9._-]{0,47}$'),
  -- Two keys of one person are still one pair of eyes.
  person         text COLLATE "C" NOT NULL
    CHECK (person ~ '^[a-z][a-z0-9._-]{0,47}$' AND person <> 'bootstrap'),
  participant_id text COLLATE "C" CHECK (participant_id ~ '^[a-z][a-z0-9_]{1,63}$'),
  -- SHA-256 of the whole key; its 256 random bits need no slow hash.
  key_digest     bytea NOT NULL UNIQUE CHECK (length(key_digest) = 32),
  scopes         text[] NOT NULL,
  issued_by      text COLLATE "C" NOT NULL,
  -- Null when the root key of the data folder issued it.
  issued_by_key  text COLLATE "C" REFERENCES operator_keys (id),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at     timestamptz,
  revoked_at     timestamptz,
  revoked_by     text,
  last_used_at   timestamptz,
  CONSTRAINT operator_keys_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT operator_keys_issuer CHECK ((issued_by_key IS NULL) = (issued_by = 'bootstrap')),
  -- A participant's key opens its own pages, so it can hold no scope of an operator.
  CONSTRAINT operator_keys_one_kind CHECK ((participant_id IS NULL) = (cardinality(scopes) > 0)),
  CONSTRAINT operator_keys_scopes CHECK (scopes <@ ARRAY[
    'read', 'payments:write', 'network:write', 'settlement:write', 'caps:write', 'ledger:read',
    'queues:write', 'operators:write', 'approvals:write'])
);
CREATE UNIQUE INDEX operator_keys_name ON operator_keys (name) WHERE revoked_at IS NULL;

-- A key is issued once and may end; whose it is and what it can do never changes.
CREATE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE'
     OR (NEW.id, NEW.name, NEW.person, NEW.participant_id, NEW.key_digest, NEW.scopes,
         NEW.issued_by, NEW.issued_by_key, NEW.created_at, NEW.expires_at)
        IS DISTINCT FROM
        (OLD.id, OLD.name, OLD.person, OLD.participant_id, OLD.key_digest, OLD.scopes,
         OLD.issued_by, OLD.issued_by_key, OLD.created_at, OLD.expires_at)
     OR (OLD.revoked_at IS NOT NULL
         AND (NEW.revoked_at, NEW.revoked_by) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_by))
  THEN
    RAISE EXCEPTION 'a key cannot be changed, only revoked: issue another'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'operator_keys_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER operator_keys_fixed BEFORE UPDATE OR DELETE ON operator_keys
  FOR EACH ROW EXECUTE FUNCTION refuse_key_change();

CREATE TABLE audit_log (
  seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  outcome        text COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'denied')),
  -- Null: a caller without a key, which can have done nothing.
  person         text COLLATE "C",
  key_id         text COLLATE "C",
  key_name       text,
  participant_id text COLLATE "C",
  scope          text COLLATE "C",
  action         text COLLATE "C" NOT NULL CHECK (action <> '' AND length(action) <= 200),
  subject        text COLLATE "C" NOT NULL CHECK (length(subject) <= 200),
  before         jsonb,
  after          jsonb,
  reason         text CHECK (length(reason) <= 1000),
  request_id     text,
  trace_id       text,
  CONSTRAINT audit_log_author CHECK (outcome = 'denied' OR person IS NOT NULL)
);
CREATE INDEX audit_log_subject ON audit_log (subject, seq);
CREATE INDEX audit_log_person ON audit_log (person, seq);
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE approvals (
  id              text COLLATE "C" PRIMARY KEY CHECK (id ~ '^apv_[0-9a-z]{26}$'),
  action          text COLLATE "C" NOT NULL CHECK (action <> ''),
  subject         text COLLATE "C" NOT NULL,
  summary         text NOT NULL CHECK (summary <> ''),
  payload         jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  reason          text NOT NULL CHECK (reason <> ''),
  state           text COLLATE "C" NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'executed', 'rejected')),
  proposed_by     text COLLATE "C" NOT NULL,
  -- Null: the root key.
  proposed_key    text COLLATE "C" REFERENCES operator_keys (id),
  proposed_at     timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  decided_by      text COLLATE "C",
  decided_key     text COLLATE "C" REFERENCES operator_keys (id),
  decided_at      timestamptz,
  decision_reason text,
  CONSTRAINT approvals_window CHECK (proposed_at < expires_at),
  CONSTRAINT approvals_decided CHECK ((state = 'pending') = (decided_at IS NULL)
                                      AND (decided_at IS NULL) = (decided_by IS NULL)),
  CONSTRAINT approvals_four_eyes CHECK (state <> 'executed' OR decided_by <> proposed_by),
  CONSTRAINT approvals_in_time CHECK (state <> 'executed' OR decided_at < expires_at)
);
CREATE INDEX approvals_pending ON approvals (id) WHERE state = 'pending';

-- What was proposed is what is approved, and what was decided stays decided.
CREATE FUNCTION refuse_approval_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.state <> 'pending'
     OR (NEW.id, NEW.action, NEW.subject, NEW.summary, NEW.payload, NEW.reason, NEW.proposed_by,
         NEW.proposed_key, NEW.proposed_at, NEW.expires_at)
        IS DISTINCT FROM
        (OLD.id, OLD.action, OLD.subject, OLD.summary, OLD.payload, OLD.reason, OLD.proposed_by,
         OLD.proposed_key, OLD.proposed_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'a proposal cannot be changed: decide it or propose anew'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approvals_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approvals_fixed BEFORE UPDATE OR DELETE ON approvals
  FOR EACH ROW EXECUTE FUNCTION refuse_approval_change();
