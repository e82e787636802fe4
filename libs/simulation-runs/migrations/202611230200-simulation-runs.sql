-- Simulations played by many machines: what was asked, which parts are whole, and the result, so that an emptied queue or a killed worker delays a run and never loses it.
-- `json` keeps the order of keys, `jsonb` does not: what a worker reads is what was asked, byte for byte.
CREATE TABLE simulation_runs (
  id              text PRIMARY KEY CHECK (id ~ '^sim_[0-9a-z]{26}$'),
  scenario_name   text NOT NULL,
  scenario        json NOT NULL,
  scenario_hash   text NOT NULL CHECK (scenario_hash ~ '^[0-9a-f]{64}$'),
  seed            bigint NOT NULL CHECK (seed >= 0),
  fidelity        text NOT NULL CHECK (fidelity IN ('exact', 'fast', 'fluid')),
  replications    integer NOT NULL CHECK (replications BETWEEN 1 AND 10000),
  assumption_draws integer NOT NULL CHECK (assumption_draws BETWEEN 0 AND 1000),
  state           text NOT NULL DEFAULT 'queued'
                  CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'failed')),
  fault           text,
  result          json,
  result_hash     text,
  asked_by        text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at      timestamptz,
  ended_at        timestamptz,
  CHECK ((state = 'done') = (result IS NOT NULL)),
  CHECK ((state = 'done') = (result_hash IS NOT NULL)),
  CHECK ((state = 'failed') = (fault IS NOT NULL)),
  CHECK ((state IN ('done', 'cancelled', 'failed')) = (ended_at IS NOT NULL))
);
CREATE INDEX simulation_runs_open ON simulation_runs (created_at)
  WHERE state IN ('queued', 'running');

-- Part n of n replications is the summary. `claimed_until` is kept ahead by who plays it.
CREATE TABLE simulation_parts (
  run_id        text NOT NULL REFERENCES simulation_runs ON DELETE CASCADE,
  part          integer NOT NULL CHECK (part >= 0),
  kind          text NOT NULL CHECK (kind IN ('replication', 'summary')),
  enqueued      integer NOT NULL DEFAULT 0,
  enqueued_at   timestamptz,
  attempts      integer NOT NULL DEFAULT 0,
  claim         integer NOT NULL DEFAULT 0,
  claimed_until timestamptz,
  worker        text,
  totals        bytea,
  PRIMARY KEY (run_id, part),
  CHECK (kind = 'replication' OR totals IS NULL)
);
