-- A payment must be explained by the terms it was made on, so a wallet's terms are versions that only ever grow in number, under an identity that never changes.

CREATE TABLE wallet_identities (
  id          text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{1,47}$'),
  -- Two wallets with one issuer number would make a payment code ambiguous.
  code_issuer text COLLATE "C" NOT NULL UNIQUE CHECK (code_issuer ~ '^[0-9]{6}$')
);

CREATE TABLE wallets (
  id                text COLLATE "C" NOT NULL REFERENCES wallet_identities (id),
  version           integer NOT NULL CHECK (version >= 1),
  previous_version  integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  -- now() is the transaction's start, so versions of one transaction take effect together.
  effective_from    timestamptz NOT NULL DEFAULT now(),
  name              text NOT NULL CHECK (name <> ''),
  kind              text NOT NULL CHECK (kind IN ('ewallet', 'bankApp', 'nationalScheme', 'cardScheme')),
  home_market       text COLLATE "C" NOT NULL CHECK (home_market ~ '^[A-Z]{2}$'),
  currency          text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  network           text NOT NULL CHECK (network <> ''),
  per_payment_limit bigint NOT NULL CHECK (per_payment_limit > 0),
  per_day_limit     bigint NOT NULL,
  net_debit_cap     bigint NOT NULL CHECK (net_debit_cap >= 0),
  prefund           bigint NOT NULL CHECK (prefund >= 0),
  status            text NOT NULL CHECK (status IN ('active', 'suspended')),
  -- Every wallet here is played by the sandbox; none is the real one.
  simulated         boolean NOT NULL DEFAULT true,
  -- Field name to {source, asOf, quality}.
  provenance        jsonb NOT NULL CHECK (jsonb_typeof(provenance) = 'object'),
  PRIMARY KEY (id, version),
  -- No version without the one before it: a history with holes explains nothing.
  CONSTRAINT wallets_no_gap FOREIGN KEY (id, previous_version) REFERENCES wallets (id, version),
  CONSTRAINT wallets_day_covers_payment CHECK (per_day_limit >= per_payment_limit)
);

CREATE VIEW current_wallets AS
SELECT DISTINCT ON (w.id)
  w.id, w.version, w.effective_from, w.name, w.kind, w.home_market, w.currency, w.network,
  w.per_payment_limit, w.per_day_limit, w.net_debit_cap, w.prefund, w.status, w.simulated,
  w.provenance, i.code_issuer
FROM wallets w JOIN wallet_identities i ON i.id = w.id
WHERE w.effective_from <= statement_timestamp()
ORDER BY w.id, w.version DESC;
