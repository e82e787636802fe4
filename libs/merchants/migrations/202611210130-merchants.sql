-- A printed code stays on a shop's wall for years, so what it means (merchant, store, acquirer) is kept in versions, and a code leads to one store only.

CREATE TABLE national_schemes (
  id         text COLLATE "C" PRIMARY KEY,
  name       text NOT NULL CHECK (name <> ''),
  market     text COLLATE "C" NOT NULL CHECK (market ~ '^[A-Z]{2}$'),
  currency   text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  template   text NOT NULL CHECK (template ~ '^[0-9]{2}$'),
  key_fields text[] NOT NULL CHECK (cardinality(key_fields) > 0),
  source     text NOT NULL,
  as_of      text NOT NULL,
  quality    text NOT NULL
);

CREATE TABLE merchant_identities (
  id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^mer_[a-z0-9_]{2,60}$')
);

CREATE TABLE merchants (
  id               text COLLATE "C" NOT NULL REFERENCES merchant_identities (id),
  version          integer NOT NULL CHECK (version >= 1),
  previous_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  effective_from   timestamptz NOT NULL DEFAULT now(),
  acquirer_id      text COLLATE "C" NOT NULL REFERENCES acquirer_identities (id),
  name             text NOT NULL CHECK (name <> ''),
  -- Fits EMVCo field 59, which is what the payer's screen shows.
  display_name     text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 25),
  mcc              text COLLATE "C" NOT NULL CHECK (mcc ~ '^[0-9]{4}$'),
  market           text COLLATE "C" NOT NULL CHECK (market ~ '^[A-Z]{2}$'),
  city             text NOT NULL,
  currency         text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  mdr_bps          integer NOT NULL CHECK (mdr_bps BETWEEN 0 AND 10000),
  status           text NOT NULL CHECK (status IN ('active', 'suspended')),
  fictional        boolean NOT NULL DEFAULT true,
  provenance       jsonb NOT NULL CHECK (jsonb_typeof(provenance) = 'object'),
  PRIMARY KEY (id, version),
  CONSTRAINT merchants_no_gap FOREIGN KEY (id, previous_version) REFERENCES merchants (id, version)
);

CREATE TABLE store_identities (
  id          text COLLATE "C" PRIMARY KEY CHECK (id ~ '^sto_[a-z0-9_]{2,64}$'),
  merchant_id text COLLATE "C" NOT NULL REFERENCES merchant_identities (id),
  UNIQUE (id, merchant_id)
);
CREATE INDEX store_identities_merchant ON store_identities (merchant_id);

CREATE TABLE stores (
  id               text COLLATE "C" NOT NULL REFERENCES store_identities (id),
  version          integer NOT NULL CHECK (version >= 1),
  previous_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  effective_from   timestamptz NOT NULL DEFAULT now(),
  name             text NOT NULL CHECK (name <> ''),
  address          text NOT NULL,
  terminal_id      text NOT NULL,
  PRIMARY KEY (id, version),
  CONSTRAINT stores_no_gap FOREIGN KEY (id, previous_version) REFERENCES stores (id, version)
);

CREATE TABLE merchant_codes (
  scheme      text COLLATE "C" NOT NULL REFERENCES national_schemes (id),
  -- The scheme's key fields joined by dots; identifiers holds the whole account template.
  key         text COLLATE "C" NOT NULL CHECK (key ~ '[^.]'),
  identifiers jsonb NOT NULL CHECK (jsonb_typeof(identifiers) = 'object'),
  merchant_id text COLLATE "C" NOT NULL,
  store_id    text COLLATE "C" NOT NULL,
  PRIMARY KEY (scheme, key),
  FOREIGN KEY (store_id, merchant_id) REFERENCES store_identities (id, merchant_id)
);
CREATE INDEX merchant_codes_store ON merchant_codes (store_id);

CREATE VIEW current_merchants AS
SELECT DISTINCT ON (m.id)
  m.id, m.version, m.effective_from, m.acquirer_id, m.name, m.display_name, m.mcc, m.market,
  m.city, m.currency, m.mdr_bps, m.status, m.fictional, m.provenance
FROM merchants m
WHERE m.effective_from <= statement_timestamp()
ORDER BY m.id, m.version DESC;

CREATE VIEW current_stores AS
SELECT DISTINCT ON (s.id)
  s.id, s.version, s.effective_from, i.merchant_id, s.name, s.address, s.terminal_id
FROM stores s JOIN store_identities i ON i.id = s.id
WHERE s.effective_from <= statement_timestamp()
ORDER BY s.id, s.version DESC;
