-- A value date must be recomputable years later, so calendars are kept by version and none is ever changed.

CREATE TABLE settlement_calendars (
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  version integer NOT NULL CHECK (version > 0),
  -- Versions that came with the product carry its own number, so that each is taken over once.
  shipped_version integer CHECK (shipped_version > 0),
  system text NOT NULL CHECK (system <> ''),
  weekend smallint[] NOT NULL CHECK (weekend <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[]),
  why text NOT NULL CHECK (why <> ''),
  published_at timestamptz NOT NULL,
  PRIMARY KEY (currency, version),
  CONSTRAINT settlement_calendars_shipped_once UNIQUE (currency, shipped_version)
);

-- A year is known from a version on; a later version may know it better.
CREATE TABLE settlement_calendar_years (
  currency text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  year integer NOT NULL CHECK (year BETWEEN 1990 AND 2200),
  basis text NOT NULL CHECK (basis IN ('official', 'estimated')),
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (currency, version, year),
  FOREIGN KEY (currency, version) REFERENCES settlement_calendars
);

-- Only days that differ from what their weekday says; a later version may say otherwise.
CREATE TABLE settlement_calendar_days (
  currency text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  day date NOT NULL,
  state text NOT NULL CHECK (state IN ('closed', 'open')),
  name text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (currency, version, day),
  FOREIGN KEY (currency, version) REFERENCES settlement_calendars
);

-- Versions are counted without a gap, or a calendar could not be put together again.
CREATE FUNCTION refuse_calendar_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version > 1 AND NOT EXISTS (
    SELECT FROM settlement_calendars WHERE currency = NEW.currency AND version = NEW.version - 1)
  THEN
    RAISE EXCEPTION 'calendar % has no version %', NEW.currency, NEW.version - 1
      USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_calendars_gapless';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER settlement_calendars_gapless BEFORE INSERT ON settlement_calendars
  FOR EACH ROW EXECUTE FUNCTION refuse_calendar_gap();

-- Terms by participant and currency; the newest row counts. No participant: everybody else's.
CREATE TABLE settlement_terms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  participant_id text COLLATE "C",
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  lag smallint NOT NULL CHECK (lag IN (1, 2)),
  minimum_minor bigint NOT NULL CHECK (minimum_minor >= 0),
  quality text NOT NULL,
  source text NOT NULL CHECK (source <> ''),
  set_at timestamptz NOT NULL
);

CREATE TRIGGER settlement_calendars_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON settlement_calendars FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_calendar_years_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON settlement_calendar_years FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_calendar_days_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON settlement_calendar_days FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_terms_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON settlement_terms FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
