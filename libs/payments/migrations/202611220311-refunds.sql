-- Refunds give a payment back in part or in full, never more than it and never beside a cancel, so the payment's own row counts them and refuses.

ALTER TABLE payments ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE payments
  ADD CONSTRAINT payments_refunded_within CHECK (refunded_minor BETWEEN 0 AND payment_minor),
  ADD CONSTRAINT payments_refunded_success CHECK (refunded_minor = 0 OR state = 'succeeded');

CREATE TABLE refunds (
  id text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'ref\_%'),
  payment_id text NOT NULL,
  acquirer_id text NOT NULL,
  acquirer_request_id text NOT NULL CHECK (length(acquirer_request_id) BETWEEN 1 AND 64),
  wallet_id text,
  state text NOT NULL CHECK (state IN ('processing', 'succeeded', 'declined')),
  reason text,
  payment_currency char(3) NOT NULL,
  refund_minor bigint NOT NULL CHECK (refund_minor > 0),
  pay_to_currency char(3),
  -- What the user gets back.
  refund_from_minor bigint CHECK (refund_from_minor > 0),
  settlement_currency char(3),
  settlement_minor bigint CHECK (settlement_minor >= 0),
  -- How much less the wallet owes, and how much less the acquirer is owed: interchange goes back too.
  wallet_credit_minor bigint CHECK (wallet_credit_minor > 0),
  acquirer_debit_minor bigint,
  -- In the payment's currency.
  interchange_minor bigint CHECK (interchange_minor >= 0),
  terms jsonb,
  -- What it holds of the acquirer's refund cap, and what it released of the wallet's exposure.
  held_minor bigint NOT NULL CHECK (held_minor >= 0),
  released_minor bigint CHECK (released_minor >= 0),
  created_at timestamptz NOT NULL,
  completed_at timestamptz,
  cycle_id text COLLATE "C",
  wallet_refund_id text,
  decline_code text,
  decline_detail text,
  decline_by text CHECK (decline_by IN ('hub', 'wallet')),
  duty_attempt integer,
  duty_due_at timestamptz,
  trace_id text NOT NULL,
  -- Only what the hub itself refused was never priced.
  CONSTRAINT refunds_priced CHECK (num_nulls(pay_to_currency, refund_from_minor, settlement_currency, settlement_minor, wallet_credit_minor, acquirer_debit_minor, interchange_minor, terms) IN (0, 8)),
  CONSTRAINT refunds_priced_unless_refused CHECK (terms IS NOT NULL OR (state = 'declined' AND decline_by = 'hub')),
  CONSTRAINT refunds_of_a_payer CHECK (terms IS NULL OR wallet_id IS NOT NULL),
  CONSTRAINT refunds_cleared CHECK (num_nulls(cycle_id, released_minor) = CASE state WHEN 'succeeded' THEN 0 ELSE 2 END),
  CONSTRAINT refunds_completed CHECK ((completed_at IS NULL) = (state = 'processing')),
  CONSTRAINT refunds_declined CHECK (num_nulls(decline_code, decline_detail, decline_by) = CASE state WHEN 'declined' THEN 0 ELSE 3 END),
  CONSTRAINT refunds_declined_hold_nothing CHECK (state <> 'declined' OR held_minor = 0),
  -- What is not final always has a duty: nothing can be forgotten.
  CONSTRAINT refunds_duty CHECK (num_nulls(duty_attempt, duty_due_at) = CASE state WHEN 'processing' THEN 0 ELSE 2 END)
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX refunds_by_request ON refunds (acquirer_id, acquirer_request_id);
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_by_duty ON refunds (duty_due_at) WHERE duty_due_at IS NOT NULL;
CREATE INDEX refunds_under_way ON refunds (acquirer_id) WHERE state = 'processing';
CREATE INDEX refunds_by_wallet ON refunds (wallet_id, id) WHERE wallet_id IS NOT NULL;
CREATE INDEX refunds_by_cycle ON refunds (cycle_id) WHERE cycle_id IS NOT NULL;

-- A final refund is what partners were told; nothing of it changes, and none is taken out.
CREATE FUNCTION refuse_refund_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
CREATE TRIGGER refunds_forward_only BEFORE UPDATE OR DELETE ON refunds
  FOR EACH ROW EXECUTE FUNCTION refuse_refund_change();

-- The timeline, in the order the answers were decided; never changed.
CREATE TABLE refund_events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  refund_id text COLLATE "C" NOT NULL,
  event text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  detail text NOT NULL
);
CREATE INDEX refund_events_by_refund ON refund_events (refund_id, seq);
CREATE TRIGGER refund_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refund_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
