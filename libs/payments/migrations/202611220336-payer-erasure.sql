-- A payer may ask to be forgotten while request keys and books are kept for ever, so what is kept for ever must not name payers, and what names them must be replaceable.

-- Keys name the payer by a digest of its own for each request: a repeat is recognised, nothing
-- leads from one key to another, and nobody reads an id out of it.
ALTER TABLE requests DISABLE TRIGGER requests_append_only;
UPDATE requests
SET request_id = 'code ' || encode(sha256(convert_to(
      participant_id || '|' || (fingerprint ->> 'customerId') || '|' || (fingerprint ->> 'codeValue'),
      'UTF8')), 'hex')
WHERE request_id = (fingerprint ->> 'customerId') || ' ' || (fingerprint ->> 'codeValue');
UPDATE requests
SET fingerprint = fingerprint || jsonb_build_object('customerId', encode(sha256(convert_to(
      participant_id || '|' || request_id || '|' || (fingerprint ->> 'customerId'), 'UTF8')), 'hex'))
WHERE fingerprint ? 'customerId';
ALTER TABLE requests ENABLE TRIGGER requests_append_only;

-- What was forgotten, without saying of whom.
CREATE TABLE payer_erasures (
  pseudonym text COLLATE "C" PRIMARY KEY CHECK (pseudonym LIKE 'erased\_%'),
  wallet_id text NOT NULL,
  payments  integer NOT NULL CHECK (payments >= 0),
  codes     integer NOT NULL CHECK (codes >= 0),
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER payer_erasures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payer_erasures
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A final refund stays as it is, but for words about a person that are taken out of it.
CREATE OR REPLACE FUNCTION refuse_refund_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.reason IS NULL AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state <> 'processing'
     OR (NEW.payment_id, NEW.refund_minor, NEW.refund_from_minor, NEW.wallet_credit_minor,
         NEW.acquirer_debit_minor)
        IS DISTINCT FROM (OLD.payment_id, OLD.refund_minor, OLD.refund_from_minor,
                          OLD.wallet_credit_minor, OLD.acquirer_debit_minor) THEN
    RAISE EXCEPTION 'refund % is % and stays as it is', OLD.id, OLD.state
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'refunds_forward_only';
  END IF;
  RETURN NEW;
END $$;
