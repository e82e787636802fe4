-- A caller that does not know whether its request arrived sends it again with the same key: the constraint makes that one run, whichever process takes it.
ALTER TABLE simulation_runs
  ADD COLUMN idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  ADD COLUMN request_hash    text CHECK (request_hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT simulation_runs_key_with_hash
    CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  ADD CONSTRAINT simulation_runs_asked_once UNIQUE (asked_by, idempotency_key);
