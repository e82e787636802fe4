-- What a wallet owes or may come to owe must never pass its cap, however many payers pay at once, so the database refuses the update that would.

CREATE TABLE exposures (
  participant_id text COLLATE "C" NOT NULL,
  currency       text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  cap            bigint NOT NULL CHECK (cap >= 0),
  prefund        bigint NOT NULL CHECK (prefund >= 0),
  reserved       bigint NOT NULL DEFAULT 0,
  outstanding    bigint NOT NULL DEFAULT 0,
  -- Since when terms that were lowered leave the participant above them; null while within.
  over_since     timestamptz,
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (participant_id, currency),
  CONSTRAINT exposures_reserved CHECK (reserved >= 0),
  CONSTRAINT exposures_outstanding CHECK (outstanding >= 0)
) WITH (fillfactor = 50);

-- A cap lowered below what is already owed stays legal, is marked, and stops growth.
CREATE FUNCTION refuse_exposure_above_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reserved + NEW.outstanding <= NEW.cap + NEW.prefund THEN
    NEW.over_since := NULL;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.reserved + NEW.outstanding > OLD.reserved + OLD.outstanding THEN
    RAISE EXCEPTION 'exposure of % would reach % %, above its cap and prefund of %',
      NEW.participant_id, NEW.reserved + NEW.outstanding, NEW.currency, NEW.cap + NEW.prefund
      USING ERRCODE = 'check_violation', CONSTRAINT = 'exposures_within_cap';
  END IF;
  NEW.over_since := coalesce(OLD.over_since, clock_timestamp());
  RETURN NEW;
END $$;
CREATE TRIGGER exposures_within_cap BEFORE INSERT OR UPDATE ON exposures
  FOR EACH ROW EXECUTE FUNCTION refuse_exposure_above_cap();
