-- A final cycle must never change again, so what settles it is booked in a phase of its own, and the database turns away entries that come too late.

-- Cut-offs go by one clock, the database's. The shift is zero; a rehearsal of several days moves it.
CREATE TABLE clock_shift (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shift    interval NOT NULL
);
INSERT INTO clock_shift (shift) VALUES ('0');

CREATE FUNCTION hub_clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS
  'SELECT clock_timestamp() + (SELECT shift FROM clock_shift)';

-- A settlement phase begins when its clearing cycle becomes final, and has no end by the clock.
ALTER TABLE cycles ALTER COLUMN ends_at DROP NOT NULL;
ALTER TABLE cycles
  ADD CONSTRAINT cycles_kind CHECK (kind IN ('daily', 'twiceDaily', 'hourly', 'settlement')),
  ADD CONSTRAINT cycles_end CHECK ((ends_at IS NULL) = (kind = 'settlement')),
  ADD CONSTRAINT cycles_phase_id CHECK (kind <> 'settlement' OR id LIKE '%\_s'),
  -- How many payments and refunds a closed cycle has; null until they are numbered.
  ADD COLUMN members integer CHECK (members >= 0),
  -- How many journal lines a cycle had when it became final, and has for ever.
  ADD COLUMN final_lines bigint CHECK (final_lines >= 0),
  ADD CONSTRAINT cycles_members CHECK (members IS NULL OR state <> 'open'),
  ADD CONSTRAINT cycles_final_lines CHECK (final_lines IS NULL OR state = 'final');
CREATE INDEX cycles_closed ON cycles (ends_at) WHERE state = 'closed';

CREATE OR REPLACE FUNCTION refuse_cycle_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.starts_at, NEW.ends_at)
     IS DISTINCT FROM (OLD.id, OLD.kind, OLD.starts_at, OLD.ends_at)
     OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at)
     OR (OLD.final_at IS NOT NULL AND NEW.final_at IS DISTINCT FROM OLD.final_at)
     OR (OLD.members IS NOT NULL AND NEW.members IS DISTINCT FROM OLD.members)
     OR (OLD.final_lines IS NOT NULL AND NEW.final_lines IS DISTINCT FROM OLD.final_lines)
     OR (OLD.state, NEW.state) NOT IN (('open', 'open'), ('open', 'closed'), ('closed', 'closed'),
                                       ('closed', 'final'), ('final', 'final')) THEN
    RAISE EXCEPTION 'cycle % cannot go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cycles_forward_only';
  END IF;
  RETURN NEW;
END $$;

-- The opening phase takes what is settled before any cycle was final, such as a first deposit.
CREATE FUNCTION refuse_early_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> 'cyc_opening_s' AND NOT EXISTS (
    SELECT FROM cycles WHERE id = left(NEW.id, -2) AND state = 'final' AND kind <> 'settlement'
  ) THEN
    RAISE EXCEPTION 'settlement phase % needs its clearing cycle to be final', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cycles_phase_after_final';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cycles_phase_after_final BEFORE INSERT ON cycles
  FOR EACH ROW WHEN (NEW.kind = 'settlement') EXECUTE FUNCTION refuse_early_phase();

CREATE FUNCTION is_clearing_entry(entry_kind text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT entry_kind IN ('paymentCleared', 'paymentCancelled', 'paymentRefunded') $$;

-- A clearing joins an open cycle, its contra entry a cycle that is not final. The row of the cycle
-- is held for a contra entry, so that none slips in while the cycle is being made final; the others
-- hold the lock of membership. A cycle that does not exist is refused when the entry is posted.
CREATE FUNCTION refuse_late_staging() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault record;
BEGIN
  PERFORM FROM cycles
    WHERE id IN (SELECT cycle_id FROM new_staged WHERE kind = 'paymentCancelled') FOR SHARE;
  SELECT c.id, c.state, s.kind INTO fault
    FROM (SELECT DISTINCT cycle_id, kind FROM new_staged) s JOIN cycles c ON c.id = s.cycle_id
    WHERE c.state = 'final' OR (c.kind = 'settlement') = is_clearing_entry(s.kind)
       OR (c.state <> 'open' AND s.kind IN ('paymentCleared', 'paymentRefunded'))
    LIMIT 1;
  IF fault.id IS NOT NULL THEN
    RAISE EXCEPTION '% may not join %, which is %', fault.kind, fault.id, fault.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'staged_entries_cycle';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER staged_entries_in_time AFTER INSERT ON staged_entries
  REFERENCING NEW TABLE AS new_staged FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_staging();

CREATE OR REPLACE FUNCTION refuse_bad_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault record;
BEGIN
  EXECUTE $q$
    SELECT e.id FROM new_entries e
    WHERE NOT EXISTS (SELECT FROM journal_lines l WHERE l.entry_no = e.entry_no AND l.line_no = 1)
    LIMIT 1 $q$ INTO fault;
  IF fault.id IS NOT NULL THEN
    RAISE EXCEPTION 'entry % has no lines', fault.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entries_whole';
  END IF;
  EXECUTE $q$
    SELECT e.id, e.kind, e.cycle_id, c.state FROM new_entries e
    LEFT JOIN cycles c ON c.id = e.cycle_id
    WHERE c.id IS NULL OR c.state = 'final'
       OR (c.kind = 'settlement') = (e.kind IN ('paymentCleared', 'paymentCancelled', 'paymentRefunded'))
    LIMIT 1 $q$ INTO fault;
  IF fault.id IS NULL THEN
    RETURN NULL;
  ELSIF fault.state IS NULL THEN
    RAISE EXCEPTION 'entry % names a cycle that does not exist', fault.id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'journal_entries_cycle';
  END IF;
  RAISE EXCEPTION 'entry % (%) may not join %, which is %',
    fault.id, fault.kind, fault.cycle_id, fault.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entries_cycle';
END $$;
