-- The hub's own currency positions are covered at each cut-off; quotes and choices are kept, so that anybody may judge them later.

-- Simulated providers of cover trades; the newest row of each counts.
CREATE TABLE fx_cover_providers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider_id text COLLATE "C" NOT NULL CHECK (provider_id LIKE 'prv\_%'),
  name text NOT NULL CHECK (name <> ''),
  seed text NOT NULL,
  -- Chance to answer, of 10,000.
  availability integer NOT NULL CHECK (availability BETWEEN 0 AND 10000),
  terms jsonb NOT NULL CHECK (jsonb_typeof(terms) = 'array'),
  quality text NOT NULL,
  source text NOT NULL,
  set_at timestamptz NOT NULL
);

-- Every final cycle is taken into the positions once, in the order of `no`: each begins where the
-- one before it ended.
CREATE TABLE fx_runs (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cycle_id text COLLATE "C" NOT NULL UNIQUE REFERENCES cycles,
  clearing_day date NOT NULL,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done')),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  fault text,
  done_at timestamptz,
  CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX fx_runs_due ON fx_runs (no) WHERE state = 'due';

-- A currency at a cut-off. Amounts in minor units of the currency, cost and worth in US cents.
-- What was bought is positive; cost has the sign of the position.
CREATE TABLE fx_positions (
  run_no bigint NOT NULL REFERENCES fx_runs,
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$' AND currency <> 'USD'),
  opening_minor bigint NOT NULL,
  opening_usd bigint NOT NULL,
  bought_minor bigint NOT NULL CHECK (bought_minor >= 0),
  bought_usd bigint NOT NULL,
  sold_minor bigint NOT NULL CHECK (sold_minor >= 0),
  sold_usd bigint NOT NULL,
  residue_usd bigint NOT NULL,
  offset_realised_usd bigint NOT NULL,
  -- Offsets and covers together; a gain is positive.
  realised_usd bigint NOT NULL,
  closing_minor bigint NOT NULL,
  closing_usd bigint NOT NULL CHECK (closing_minor <> 0 OR closing_usd = 0),
  market_usd bigint NOT NULL,
  unrealised_usd bigint NOT NULL,
  reversed_usd bigint NOT NULL,
  mid_numerator numeric NOT NULL CHECK (mid_numerator > 0),
  mid_denominator numeric NOT NULL CHECK (mid_denominator > 0),
  mid_path jsonb NOT NULL,
  PRIMARY KEY (run_no, currency),
  CONSTRAINT fx_positions_revalued CHECK (unrealised_usd = market_usd - closing_usd)
);

-- What the hub asked all providers for, one currency against dollars.
CREATE TABLE fx_cover_requests (
  id text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'cvr\_%'),
  run_no bigint NOT NULL REFERENCES fx_runs,
  currency text COLLATE "C" NOT NULL,
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  minor bigint NOT NULL CHECK (minor > 0),
  mid_numerator numeric NOT NULL,
  mid_denominator numeric NOT NULL,
  uncovered_minor bigint NOT NULL CHECK (uncovered_minor BETWEEN 0 AND minor),
  -- Why nobody was asked, else null.
  not_asked text,
  value_date date,
  calendars jsonb,
  estimated boolean,
  UNIQUE (run_no, currency),
  CHECK ((not_asked IS NULL) = (value_date IS NOT NULL))
);

-- Every answer, the refused ones too.
CREATE TABLE fx_cover_quotes (
  request_id text COLLATE "C" NOT NULL REFERENCES fx_cover_requests,
  provider_id text COLLATE "C" NOT NULL,
  answer text NOT NULL CHECK (answer IN ('firm', 'declined')),
  reason text,
  price numeric CHECK (price > 0 AND scale(price) <= 12),
  min_minor bigint CHECK (min_minor >= 0),
  max_minor bigint CHECK (max_minor >= 0),
  PRIMARY KEY (request_id, provider_id),
  CHECK ((answer = 'firm') = (price IS NOT NULL AND min_minor IS NOT NULL AND max_minor IS NOT NULL)),
  CHECK ((answer = 'declined') = (reason IS NOT NULL))
);

CREATE TABLE fx_cover_trades (
  id text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'cov\_%'),
  request_id text COLLATE "C" NOT NULL REFERENCES fx_cover_requests,
  provider_id text COLLATE "C" NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  usd_minor bigint NOT NULL CHECK (usd_minor >= 0),
  realised_usd bigint NOT NULL,
  value_date date NOT NULL,
  state text NOT NULL DEFAULT 'traded' CHECK (state IN ('traded', 'settled')),
  settled_at timestamptz,
  UNIQUE (request_id, provider_id),
  FOREIGN KEY (request_id, provider_id) REFERENCES fx_cover_quotes,
  CHECK ((state = 'settled') = (settled_at IS NOT NULL))
);
CREATE INDEX fx_cover_trades_open ON fx_cover_trades (value_date) WHERE state = 'traded';

-- A trade is settled once and otherwise stays as it was made.
CREATE FUNCTION refuse_trade_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'settled' OR (NEW.id, NEW.request_id, NEW.provider_id, NEW.minor, NEW.usd_minor,
      NEW.realised_usd, NEW.value_date) IS DISTINCT FROM (OLD.id, OLD.request_id, OLD.provider_id,
      OLD.minor, OLD.usd_minor, OLD.realised_usd, OLD.value_date) THEN
    RAISE EXCEPTION 'cover trade % cannot be changed', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fx_cover_trades_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fx_cover_trades_kept BEFORE UPDATE ON fx_cover_trades
  FOR EACH ROW EXECUTE FUNCTION refuse_trade_change();
CREATE TRIGGER fx_cover_trades_never_gone BEFORE DELETE OR TRUNCATE ON fx_cover_trades
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fx_positions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fx_positions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fx_cover_requests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fx_cover_requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fx_cover_quotes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fx_cover_quotes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fx_cover_providers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fx_cover_providers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
