-- Who may pay where, on which terms, is agreed and withdrawn over time; a payment made under an old agreement keeps it, so agreements and acceptance links are versions too.

CREATE TABLE corridor_agreements (
  id                      text COLLATE "C" NOT NULL,
  version                 integer NOT NULL CHECK (version >= 1),
  previous_version        integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  effective_from          timestamptz NOT NULL DEFAULT now(),
  home_market             text COLLATE "C" NOT NULL CHECK (home_market ~ '^[A-Z]{2}$'),
  acceptance_market       text COLLATE "C" NOT NULL CHECK (acceptance_market ~ '^[A-Z]{2}$'),
  currency                text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  min_payment             bigint NOT NULL CHECK (min_payment > 0),
  max_payment             bigint NOT NULL,
  interchange_bps         integer NOT NULL CHECK (interchange_bps BETWEEN 0 AND 10000),
  scheme_fee_acquirer_bps integer NOT NULL CHECK (scheme_fee_acquirer_bps BETWEEN 0 AND 10000),
  scheme_fee_wallet_bps   integer NOT NULL CHECK (scheme_fee_wallet_bps BETWEEN 0 AND 10000),
  fx_tier                 text NOT NULL CHECK (fx_tier <> ''),
  modes                   text[] NOT NULL,
  calendars               text[] NOT NULL CHECK (cardinality(calendars) > 0),
  provenance              jsonb NOT NULL CHECK (jsonb_typeof(provenance) = 'object'),
  PRIMARY KEY (id, version),
  CONSTRAINT corridor_agreements_no_gap
    FOREIGN KEY (id, previous_version) REFERENCES corridor_agreements (id, version),
  -- The id says the pair, so a pair cannot have two agreements side by side.
  CONSTRAINT corridor_agreements_id CHECK (id = 'cor_' || home_market || '_' || acceptance_market),
  CONSTRAINT corridor_agreements_crosses CHECK (home_market <> acceptance_market),
  CONSTRAINT corridor_agreements_range CHECK (max_payment >= min_payment),
  CONSTRAINT corridor_agreements_modes CHECK (
    cardinality(modes) > 0
    AND modes <@ ARRAY['userPresented', 'orderCode', 'entryCode', 'nationalQr']
  )
);

CREATE TABLE acceptance_edges (
  wallet_id        text COLLATE "C" NOT NULL REFERENCES wallet_identities (id),
  market           text COLLATE "C" NOT NULL CHECK (market ~ '^[A-Z]{2}$'),
  version          integer NOT NULL CHECK (version >= 1),
  previous_version integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  effective_from   timestamptz NOT NULL DEFAULT now(),
  network          text NOT NULL CHECK (network <> ''),
  -- False withdraws the link; the row stays as its history.
  accepted         boolean NOT NULL DEFAULT true,
  source           text NOT NULL CHECK (source <> ''),
  as_of            text NOT NULL CHECK (as_of ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$'),
  quality          text NOT NULL CHECK (quality IN
    ('measured', 'company_stated', 'secondary', 'derived', 'estimated', 'rule', 'fictional')),
  PRIMARY KEY (wallet_id, market, version),
  CONSTRAINT acceptance_edges_no_gap FOREIGN KEY (wallet_id, market, previous_version)
    REFERENCES acceptance_edges (wallet_id, market, version)
);

CREATE VIEW current_corridor_agreements AS
SELECT DISTINCT ON (c.id)
  c.id, c.version, c.effective_from, c.home_market, c.acceptance_market, c.currency,
  c.min_payment, c.max_payment, c.interchange_bps, c.scheme_fee_acquirer_bps,
  c.scheme_fee_wallet_bps, c.fx_tier, c.modes, c.calendars, c.provenance
FROM corridor_agreements c
WHERE c.effective_from <= statement_timestamp()
ORDER BY c.id, c.version DESC;

CREATE VIEW current_acceptance_edges AS
SELECT * FROM (
  SELECT DISTINCT ON (e.wallet_id, e.market)
    e.wallet_id, e.market, e.version, e.effective_from, e.network, e.accepted, e.source, e.as_of,
    e.quality
  FROM acceptance_edges e
  WHERE e.effective_from <= statement_timestamp()
  ORDER BY e.wallet_id, e.market, e.version DESC
) latest
WHERE accepted;
