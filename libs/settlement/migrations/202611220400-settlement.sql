-- What a final cycle came to is owed by somebody on some day, and only money that arrived may release what is held against a cap; so runs, obligations, payments and releases are rows that cannot be bent.

-- One run for each final clearing cycle; due until it is netted, with the reason while it fails.
CREATE TABLE settlement_runs (
  cycle_id   text COLLATE "C" PRIMARY KEY REFERENCES cycles,
  state      text COLLATE "C" NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'netted')),
  due_at     timestamptz NOT NULL,
  attempts   integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  fault      text,
  netted_at  timestamptz,
  proof      jsonb,
  proof_hash text,
  CONSTRAINT settlement_runs_netted CHECK (
    (state = 'netted') = (netted_at IS NOT NULL) AND (netted_at IS NULL) = (proof IS NULL)
    AND (proof IS NULL) = (proof_hash IS NULL))
);
CREATE INDEX settlement_runs_due ON settlement_runs (due_at) WHERE state = 'due';

-- Operators declare a default; the layers that bore it are kept beside it.
CREATE TABLE defaults (
  id             text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'def\_%'),
  participant_id text COLLATE "C" NOT NULL,
  reason         text NOT NULL CHECK (reason <> ''),
  declared_by    text NOT NULL CHECK (declared_by <> ''),
  declared_at    timestamptz NOT NULL
);
CREATE TABLE default_layers (
  default_id        text COLLATE "C" NOT NULL REFERENCES defaults,
  currency          text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  loss_minor        bigint NOT NULL CHECK (loss_minor > 0),
  prefund_minor     bigint NOT NULL CHECK (prefund_minor >= 0),
  receivables_minor bigint NOT NULL CHECK (receivables_minor >= 0),
  capital_minor     bigint NOT NULL CHECK (capital_minor >= 0),
  survivors_minor   bigint NOT NULL CHECK (survivors_minor >= 0),
  residual_minor    bigint NOT NULL CHECK (residual_minor >= 0),
  survivors         jsonb NOT NULL,
  PRIMARY KEY (default_id, currency),
  CONSTRAINT default_layers_whole CHECK (loss_minor =
    prefund_minor + receivables_minor + capital_minor + survivors_minor + residual_minor)
);

-- minor: positive means that the participant pays the hub; settled and covered are magnitudes that
-- only grow. exposure is what the cycle left of the participant's cap, negative where refunds gave
-- back more than its payments took; settling it releases exactly that.
CREATE TABLE obligations (
  id               text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'obl\_%'),
  cycle_id         text COLLATE "C" NOT NULL REFERENCES cycles,
  participant_id   text COLLATE "C" NOT NULL CHECK (participant_id <> ''),
  role             text COLLATE "C" NOT NULL CHECK (role IN ('wallet', 'acquirer', 'lossShare')),
  currency         text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  own_minor        bigint NOT NULL,
  carried_in_minor bigint NOT NULL,
  minor            bigint NOT NULL,
  minimum_minor    bigint NOT NULL CHECK (minimum_minor >= 0),
  lag              smallint NOT NULL CHECK (lag IN (1, 2)),
  currencies       text[] NOT NULL CHECK (cardinality(currencies) BETWEEN 1 AND 2),
  value_date       date,
  calendars        jsonb,
  estimated        boolean NOT NULL DEFAULT false,
  reason           text NOT NULL,
  default_id       text COLLATE "C" REFERENCES defaults,
  state            text COLLATE "C" NOT NULL CHECK (state IN
    ('due', 'partly', 'failed', 'settled', 'defaulted', 'carried', 'held')),
  -- The day of the next attempt: the value date first, later business days after a failure.
  due_on           date,
  carried_to       text COLLATE "C" REFERENCES cycles,
  settled_minor    bigint NOT NULL DEFAULT 0 CHECK (settled_minor >= 0),
  covered_minor    bigint NOT NULL DEFAULT 0 CHECK (covered_minor >= 0),
  exposure_minor   bigint NOT NULL,
  released_minor   bigint NOT NULL DEFAULT 0,
  updated_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT obligations_once UNIQUE NULLS NOT DISTINCT (cycle_id, participant_id, role, currency, default_id),
  CONSTRAINT obligations_sum CHECK (minor = own_minor + carried_in_minor),
  CONSTRAINT obligations_within CHECK (settled_minor + covered_minor <= abs(minor)),
  CONSTRAINT obligations_ended CHECK ((state IN ('settled', 'defaulted'))
    = (settled_minor + covered_minor = abs(minor))),
  CONSTRAINT obligations_released CHECK (state <> 'settled' OR released_minor = exposure_minor),
  CONSTRAINT obligations_dated CHECK ((value_date IS NULL) = (state IN ('carried', 'held') OR minor = 0)
    AND (value_date IS NULL) = (calendars IS NULL) AND (due_on IS NULL) = (value_date IS NULL)),
  CONSTRAINT obligations_carried CHECK (carried_to IS NULL OR state = 'carried'),
  CONSTRAINT obligations_loss_share CHECK ((role = 'lossShare') = (default_id IS NOT NULL))
);
CREATE INDEX obligations_open ON obligations (due_on, id) WHERE state IN ('due', 'partly', 'failed');
CREATE INDEX obligations_waiting ON obligations (participant_id)
  WHERE state IN ('carried', 'held') AND carried_to IS NULL;
CREATE INDEX obligations_by_participant ON obligations (participant_id, id);

-- What is owed never changes; what was done about it only grows.
CREATE FUNCTION refuse_obligation_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE'
     OR (NEW.id, NEW.cycle_id, NEW.participant_id, NEW.role, NEW.currency, NEW.own_minor,
         NEW.carried_in_minor, NEW.minor, NEW.exposure_minor, NEW.default_id)
        IS DISTINCT FROM (OLD.id, OLD.cycle_id, OLD.participant_id, OLD.role, OLD.currency,
         OLD.own_minor, OLD.carried_in_minor, OLD.minor, OLD.exposure_minor, OLD.default_id)
     OR NEW.settled_minor < OLD.settled_minor OR NEW.covered_minor < OLD.covered_minor
     OR (OLD.value_date IS NOT NULL AND NEW.value_date IS DISTINCT FROM OLD.value_date)
     OR (OLD.carried_to IS NOT NULL AND NEW.carried_to IS DISTINCT FROM OLD.carried_to)
     OR (OLD.state IN ('settled', 'defaulted') AND NEW.state <> OLD.state)
     OR (OLD.state = 'carried' AND NEW.state <> OLD.state) THEN
    RAISE EXCEPTION 'obligation % cannot be changed so', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'obligations_forward_only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER obligations_forward_only BEFORE UPDATE OR DELETE ON obligations
  FOR EACH ROW EXECUTE FUNCTION refuse_obligation_regress();

-- One attempt to move money. At most one of an obligation is open, so nothing is paid twice.
CREATE TABLE settlement_payments (
  id              text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'spm\_%'),
  obligation_id   text COLLATE "C" NOT NULL REFERENCES obligations,
  attempt         integer NOT NULL CHECK (attempt >= 1),
  direction       text COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
  minor           bigint NOT NULL CHECK (minor > 0),
  due_on          date NOT NULL,
  state           text COLLATE "C" NOT NULL CHECK (state IN ('instructed', 'confirmed', 'partial', 'failed')),
  confirmed_minor bigint NOT NULL DEFAULT 0,
  released_minor  bigint NOT NULL DEFAULT 0,
  bank_reference  text,
  reason          text,
  answered_by     text,
  entry_id        text COLLATE "C",
  -- When the bank is asked (again); a lease, so that two workers do not ask at once.
  ask_at          timestamptz NOT NULL,
  instructed_at   timestamptz NOT NULL,
  answered_at     timestamptz,
  CONSTRAINT settlement_payments_attempt UNIQUE (obligation_id, attempt),
  CONSTRAINT settlement_payments_answered CHECK ((state = 'instructed') = (answered_at IS NULL)
    AND (answered_at IS NULL) = (answered_by IS NULL)),
  CONSTRAINT settlement_payments_confirmed CHECK (CASE state
    WHEN 'confirmed' THEN confirmed_minor = minor
    WHEN 'partial' THEN confirmed_minor > 0 AND confirmed_minor < minor
    ELSE confirmed_minor = 0 END),
  CONSTRAINT settlement_payments_booked CHECK ((confirmed_minor > 0) = (entry_id IS NOT NULL)
    AND (confirmed_minor > 0) = (bank_reference IS NOT NULL)),
  CONSTRAINT settlement_payments_failed CHECK ((state = 'failed') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX settlement_payments_one_open ON settlement_payments (obligation_id)
  WHERE state = 'instructed';
CREATE INDEX settlement_payments_to_ask ON settlement_payments (ask_at) WHERE state = 'instructed';

CREATE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'instructed'
     OR (NEW.id, NEW.obligation_id, NEW.attempt, NEW.direction, NEW.minor, NEW.due_on)
        IS DISTINCT FROM (OLD.id, OLD.obligation_id, OLD.attempt, OLD.direction, OLD.minor, OLD.due_on)
  THEN
    RAISE EXCEPTION 'settlement payment % has its final answer', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_payments_final';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER settlement_payments_final BEFORE UPDATE OR DELETE ON settlement_payments
  FOR EACH ROW EXECUTE FUNCTION refuse_second_answer();

-- Every fall of an exposure by settlement, with what caused it: a confirmed payment, a default's
-- prefund or set-off, or an obligation that came to nothing.
CREATE TABLE exposure_releases (
  event          text COLLATE "C" PRIMARY KEY,
  obligation_id  text COLLATE "C" NOT NULL REFERENCES obligations,
  participant_id text COLLATE "C" NOT NULL,
  currency       text COLLATE "C" NOT NULL,
  -- What should be released, and what was: an exposure is never below zero, so a credit waits.
  minor          bigint NOT NULL CHECK (minor <> 0),
  applied_minor  bigint NOT NULL,
  cause          text COLLATE "C" NOT NULL CHECK (cause IN ('payment', 'default', 'nothingDue')),
  cause_id       text COLLATE "C" NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX exposure_releases_by_obligation ON exposure_releases (obligation_id);
CREATE INDEX exposure_releases_by_participant ON exposure_releases (participant_id, currency);

-- What moved a participant's cover: deposits, and what its terms say without one (agreed).
CREATE TABLE prefund_movements (
  id             text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'pfm\_%'),
  participant_id text COLLATE "C" NOT NULL,
  currency       text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  minor          bigint NOT NULL CHECK (minor <> 0),
  kind           text COLLATE "C" NOT NULL CHECK (kind IN ('agreed', 'deposit', 'withdrawal', 'applied')),
  reference      text COLLATE "C" NOT NULL CHECK (reference <> ''),
  moved_by       text NOT NULL,
  at             timestamptz NOT NULL,
  CONSTRAINT prefund_movements_once UNIQUE (participant_id, currency, kind, reference),
  CONSTRAINT prefund_movements_sign CHECK (CASE kind WHEN 'agreed' THEN true ELSE (minor > 0) = (kind = 'deposit') END)
);

-- How the simulated settlement bank treats a participant; absent means that it pays in full.
CREATE TABLE settlement_bank_behaviours (
  participant_id text COLLATE "C" PRIMARY KEY,
  behaviour      text COLLATE "C" NOT NULL CHECK (behaviour IN ('pay', 'fail', 'partial', 'silent')),
  share_bps      integer NOT NULL CHECK (share_bps BETWEEN 1 AND 9999),
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER defaults_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON defaults
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER default_layers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON default_layers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exposure_releases_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exposure_releases
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prefund_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON prefund_movements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Entries of a cycle lie together, so an index of a few pages finds them among those of all days.
CREATE INDEX journal_entries_cycle ON journal_entries
  USING brin (cycle_id) WITH (pages_per_range = 32, autosummarize = on);
