-- Whoever wants to know that the simulator decides as the hub does must be able to apply the hub's own commands again, in an order that its locks agree with.

-- One row: whether commands are recorded, and what payers' pseudonyms are made with.
CREATE TABLE decision_log_state (
  one       boolean PRIMARY KEY DEFAULT true CHECK (one),
  recording boolean NOT NULL DEFAULT false,
  secret    text NOT NULL DEFAULT gen_random_uuid()::text || gen_random_uuid()::text
);
INSERT INTO decision_log_state DEFAULT VALUES;

-- A row is written when its decision holds every lock it takes, in the transaction that decides:
-- of two decisions that depend on each other, the one that came first has the smaller number.
CREATE TABLE decision_log (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text COLLATE "C" NOT NULL CHECK (kind IN (
                'open', 'advance', 'refund', 'refundAnswer', 'exposureTerms', 'closeCycle',
                'finaliseCycle', 'netCycle', 'release')),
  -- The payment, refund, cycle or participant.
  subject     text COLLATE "C" NOT NULL,
  now_ms      bigint NOT NULL,
  -- The clock that cut-offs go by, where the decision read it.
  clearing_ms bigint,
  -- A pseudonym that means the same payer as long as the secret stays.
  wallet_id   text COLLATE "C",
  payer       text COLLATE "C",
  command     jsonb NOT NULL,
  CHECK ((payer IS NULL) OR (wallet_id IS NOT NULL))
);
CREATE TRIGGER decision_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION ms_of(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  'SELECT floor(extract(epoch FROM at) * 1000)::bigint';

CREATE FUNCTION record_cycle_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT recording FROM decision_log_state) THEN
    INSERT INTO decision_log (kind, subject, now_ms, clearing_ms, command)
    SELECT CASE NEW.state WHEN 'closed' THEN 'closeCycle' ELSE 'finaliseCycle' END, NEW.id, at, at,
           jsonb_build_object('clearing', NEW.kind, 'endsAtMs', ms_of(NEW.ends_at))
    FROM ms_of(CASE NEW.state WHEN 'closed' THEN NEW.closed_at ELSE NEW.final_at END) AS at;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cycles_recorded AFTER UPDATE OF state ON cycles FOR EACH ROW
  WHEN (NEW.kind <> 'settlement' AND OLD.state <> NEW.state AND NEW.state <> 'open')
  EXECUTE FUNCTION record_cycle_turn();

CREATE FUNCTION record_exposure_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT recording FROM decision_log_state)
     AND (TG_OP = 'INSERT' OR (OLD.cap, OLD.prefund) IS DISTINCT FROM (NEW.cap, NEW.prefund)) THEN
    INSERT INTO decision_log (kind, subject, now_ms, command)
    VALUES ('exposureTerms', NEW.participant_id, ms_of(clock_timestamp()),
            jsonb_build_object('currency', NEW.currency, 'cap', NEW.cap::text,
                               'prefund', NEW.prefund::text));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER exposures_recorded AFTER INSERT OR UPDATE OF cap, prefund ON exposures
  FOR EACH ROW EXECUTE FUNCTION record_exposure_terms();

CREATE FUNCTION record_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT recording FROM decision_log_state) THEN
    INSERT INTO decision_log (kind, subject, now_ms, command)
    VALUES ('release', NEW.participant_id, ms_of(NEW.at),
            jsonb_build_object('currency', NEW.currency, 'minor', NEW.minor::text));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER exposure_releases_recorded AFTER INSERT ON exposure_releases
  FOR EACH ROW EXECUTE FUNCTION record_release();

CREATE FUNCTION record_netting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT recording FROM decision_log_state) THEN
    INSERT INTO decision_log (kind, subject, now_ms, command)
    VALUES ('netCycle', NEW.cycle_id, ms_of(NEW.netted_at), '{}');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER settlement_runs_recorded AFTER UPDATE OF state ON settlement_runs FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NEW.state = 'netted') EXECUTE FUNCTION record_netting();
