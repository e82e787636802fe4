-- An acquirer's schemes, modes and settlement currency decide who is asked and paid, so each change is a new version and none is ever overwritten.

CREATE TABLE acquirer_identities (
  id                text COLLATE "C" PRIMARY KEY CHECK (id ~ '^acq_[a-z0-9_]{2,40}$'),
  -- The digits after 281 and 04 are assigned to one acquirer for ever; a scanned code names it.
  order_code_prefix text COLLATE "C" NOT NULL UNIQUE CHECK (order_code_prefix ~ '^281[0-9]{3}04[0-9]{4}$')
);

CREATE TABLE acquirers (
  id                  text COLLATE "C" NOT NULL REFERENCES acquirer_identities (id),
  version             integer NOT NULL CHECK (version >= 1),
  previous_version    integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  effective_from      timestamptz NOT NULL DEFAULT now(),
  name                text NOT NULL CHECK (name <> ''),
  market              text COLLATE "C" NOT NULL CHECK (market ~ '^[A-Z]{2}$'),
  city                text NOT NULL,
  currency            text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  settlement_currency text COLLATE "C" NOT NULL CHECK (settlement_currency ~ '^[A-Z]{3}$'),
  schemes             text[] NOT NULL,
  modes               text[] NOT NULL,
  priority            integer NOT NULL CHECK (priority >= 0),
  status              text NOT NULL CHECK (status IN ('active', 'suspended')),
  fictional           boolean NOT NULL DEFAULT true,
  provenance          jsonb NOT NULL CHECK (jsonb_typeof(provenance) = 'object'),
  PRIMARY KEY (id, version),
  CONSTRAINT acquirers_no_gap FOREIGN KEY (id, previous_version) REFERENCES acquirers (id, version),
  CONSTRAINT acquirers_modes CHECK (
    cardinality(modes) > 0
    AND modes <@ ARRAY['userPresented', 'orderCode', 'entryCode', 'nationalQr']
  )
);

CREATE VIEW current_acquirers AS
SELECT DISTINCT ON (a.id)
  a.id, a.version, a.effective_from, a.name, a.market, a.city, a.currency, a.settlement_currency,
  a.schemes, a.modes, a.priority, a.status, a.fictional, a.provenance, i.order_code_prefix
FROM acquirers a JOIN acquirer_identities i ON i.id = a.id
WHERE a.effective_from <= statement_timestamp()
ORDER BY a.id, a.version DESC;
