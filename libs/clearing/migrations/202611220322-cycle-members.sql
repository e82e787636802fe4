-- Both sides of a cycle must agree on who is in it, so its payments and refunds are numbered once when it is closed, and a payment never changes its cycle.

CREATE TABLE cycle_members (
  cycle_id   text COLLATE "C" NOT NULL,
  no         integer NOT NULL CHECK (no >= 1),
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('payment', 'refund')),
  subject_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (cycle_id, no),
  CONSTRAINT cycle_members_once UNIQUE (subject_id)
);
CREATE TRIGGER cycle_members_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cycle_members
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An open cycle has no numbers yet, and one that is numbered takes no more.
CREATE FUNCTION refuse_late_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault record;
BEGIN
  SELECT m.cycle_id, c.state INTO fault
    FROM (SELECT DISTINCT cycle_id FROM new_members) m LEFT JOIN cycles c ON c.id = m.cycle_id
    WHERE c.state IS DISTINCT FROM 'closed' OR c.members IS NOT NULL LIMIT 1;
  IF fault.cycle_id IS NOT NULL THEN
    RAISE EXCEPTION 'cycle % takes no numbers: it is %', fault.cycle_id,
      coalesce(fault.state, 'unknown')
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_members_in_time';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cycle_members_in_time AFTER INSERT ON cycle_members
  REFERENCING NEW TABLE AS new_members FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_members();

CREATE FUNCTION refuse_other_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% stays in cycle %', OLD.id, OLD.cycle_id
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payments_cycle_fixed';
END $$;
CREATE TRIGGER payments_cycle_fixed BEFORE UPDATE ON payments
  FOR EACH ROW
  WHEN (OLD.cycle_id IS NOT NULL AND (NEW.cycle_id, NEW.completed_at)
        IS DISTINCT FROM (OLD.cycle_id, OLD.completed_at))
  EXECUTE FUNCTION refuse_other_cycle();

-- A cycle waits for these, and is asked about them every second.
CREATE INDEX payments_being_taken_back ON payments (cycle_id)
  WHERE state = 'cancelling' AND cycle_id IS NOT NULL;
