-- Exchange rates by series and day, mark-up tiers, and the locked quotes that payments and their refunds are priced with.

-- `rate` is the published decimal, digit for digit: one major unit of base in major units of counter.
CREATE TABLE fx_rates (
  series text NOT NULL CHECK (series IN ('shipped', 'ecb-import')),
  base char(3) NOT NULL CHECK (base ~ '^[A-Z]{3}$'),
  counter char(3) NOT NULL CHECK (counter ~ '^[A-Z]{3}$' AND counter <> base),
  as_of date NOT NULL,
  rate numeric NOT NULL CHECK (rate > 0 AND rate <> 'NaN' AND rate <> 'Infinity'),
  source text NOT NULL CHECK (source <> ''),
  quality text NOT NULL CHECK (quality IN ('measured', 'company_stated', 'secondary', 'derived', 'estimated', 'rule')),
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (base, counter, series, as_of)
);

CREATE TABLE fx_tiers (
  id text PRIMARY KEY,
  markup_bps integer NOT NULL CHECK (markup_bps BETWEEN 0 AND 9999),
  what text NOT NULL,
  quality text NOT NULL
);

-- One row for each load that changed rates: running processes compare the newest with the one they know.
CREATE TABLE fx_loads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series text NOT NULL,
  added integer NOT NULL CHECK (added >= 0),
  corrected integer NOT NULL CHECK (corrected >= 0),
  newest date NOT NULL,
  loaded_at timestamptz NOT NULL
);

-- A price is a decimal of at most twelve places, so that partners who read it compute our amounts.
CREATE TABLE quotes (
  id text PRIMARY KEY CHECK (id LIKE 'quo\_%'),
  base char(3) NOT NULL,
  counter char(3) NOT NULL,
  mid_numerator numeric NOT NULL CHECK (mid_numerator > 0 AND scale(mid_numerator) = 0),
  mid_denominator numeric NOT NULL CHECK (mid_denominator > 0 AND scale(mid_denominator) = 0),
  price numeric NOT NULL CHECK (price > 0 AND scale(price) <= 12),
  markup_bps integer NOT NULL CHECK (markup_bps BETWEEN 0 AND 9999),
  tier text NOT NULL,
  path jsonb NOT NULL CHECK (jsonb_typeof(path) = 'array'),
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  pinned boolean NOT NULL,
  CHECK (expires_at > issued_at),
  -- Marking up is never against the hub; a currency against itself costs one.
  CHECK (markup_bps = 0 OR price * mid_denominator >= mid_numerator),
  CHECK (base <> counter OR (price = 1 AND markup_bps = 0 AND path = '[]'))
);

CREATE TRIGGER quotes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quotes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
