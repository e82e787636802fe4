-- Wallets dispute payments by retrievals and escalations whose limits and clocks must hold whatever process acts, so the rows carry both.

CREATE TABLE disputes (
  id text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'dsp\_%'),
  kind text NOT NULL CHECK (kind IN ('retrieval', 'escalation')),
  payment_id text NOT NULL,
  wallet_id text NOT NULL,
  wallet_request_id text NOT NULL CHECK (length(wallet_request_id) BETWEEN 1 AND 64),
  acquirer_id text NOT NULL,
  number smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'overdue', 'refused', 'accepted', 'refunded', 'refundRefused', 'reversed')),
  reason text,
  currency char(3),
  -- What an escalation asks for and what of it is to be refunded, in the payment's currency.
  escalation_minor bigint CHECK (escalation_minor > 0),
  accepted_minor bigint CHECK (accepted_minor > 0),
  -- Refunds from before it; every other one counts for it.
  refunds_before text[] NOT NULL,
  response_code text CHECK (response_code IN ('0001', '0002', '0003')),
  refund_type text CHECK (refund_type IN ('ACCEPT_REFUND', 'ACCEPT_PARTIAL_REFUND', 'REFUSE_REFUND')),
  started_at timestamptz NOT NULL,
  answer_due_at timestamptz NOT NULL,
  settled_at timestamptz,
  refund_due_at timestamptz,
  completed_at timestamptz,
  clock_due_at timestamptz,
  duty_kind text CHECK (duty_kind IN ('tellAcquirer', 'tellWallet')),
  duty_attempt integer CHECK (duty_attempt >= 0),
  duty_due_at timestamptz,
  trace_id text NOT NULL,
  CONSTRAINT disputes_at_most CHECK (number BETWEEN 1 AND CASE kind WHEN 'retrieval' THEN 5 ELSE 2 END),
  CONSTRAINT disputes_states_of_kind CHECK (state = 'open' OR (kind = 'retrieval') = (state IN ('answered', 'overdue'))),
  CONSTRAINT disputes_ask_for_money CHECK (num_nulls(currency, escalation_minor) = CASE kind WHEN 'escalation' THEN 0 ELSE 2 END),
  CONSTRAINT disputes_answered CHECK ((response_code IS NOT NULL) = (state = 'answered')),
  CONSTRAINT disputes_refusal CHECK ((refund_type IS NOT DISTINCT FROM 'REFUSE_REFUND') = (state = 'refused')),
  CONSTRAINT disputes_accepted CHECK (num_nulls(accepted_minor, refund_due_at) = CASE WHEN state IN ('accepted', 'refunded', 'refundRefused', 'reversed') THEN 0 ELSE 2 END),
  CONSTRAINT disputes_accepted_within CHECK (accepted_minor <= escalation_minor),
  CONSTRAINT disputes_settled CHECK ((settled_at IS NULL) = (state = 'open')),
  CONSTRAINT disputes_completed CHECK ((completed_at IS NULL) = (state IN ('open', 'accepted'))),
  -- What is not final always has a time at which the clock acts: nothing can be forgotten.
  CONSTRAINT disputes_clock CHECK ((clock_due_at IS NULL) = (completed_at IS NOT NULL)),
  CONSTRAINT disputes_duty CHECK (num_nulls(duty_kind, duty_attempt, duty_due_at) IN (0, 3))
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX disputes_by_request ON disputes (wallet_id, wallet_request_id);
CREATE UNIQUE INDEX disputes_by_payment ON disputes (payment_id, kind, number);
CREATE UNIQUE INDEX disputes_one_open ON disputes (payment_id, kind) WHERE completed_at IS NULL;
CREATE INDEX disputes_by_clock ON disputes (clock_due_at) WHERE clock_due_at IS NOT NULL;
CREATE INDEX disputes_by_duty ON disputes (duty_due_at) WHERE duty_due_at IS NOT NULL;
CREATE INDEX disputes_of_wallet ON disputes (wallet_id, id);
CREATE INDEX disputes_of_acquirer ON disputes (acquirer_id, id);

-- What was asked and answered stays as it was told to both sides.
CREATE FUNCTION refuse_dispute_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.kind, NEW.payment_id, NEW.number, NEW.escalation_minor, NEW.started_at, NEW.answer_due_at)
        IS DISTINCT FROM (OLD.kind, OLD.payment_id, OLD.number, OLD.escalation_minor, OLD.started_at, OLD.answer_due_at)
     OR (OLD.completed_at IS NOT NULL AND (NEW.state, NEW.completed_at) IS DISTINCT FROM (OLD.state, OLD.completed_at))
     OR (OLD.settled_at IS NOT NULL
         AND (NEW.response_code, NEW.refund_type, NEW.accepted_minor, NEW.settled_at)
             IS DISTINCT FROM (OLD.response_code, OLD.refund_type, OLD.accepted_minor, OLD.settled_at)) THEN
    RAISE EXCEPTION 'dispute % is % and stays as it is', OLD.id, OLD.state
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'disputes_forward_only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disputes_forward_only BEFORE UPDATE OR DELETE ON disputes
  FOR EACH ROW EXECUTE FUNCTION refuse_dispute_change();

CREATE TABLE dispute_events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dispute_id text COLLATE "C" NOT NULL,
  event text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  detail text NOT NULL
);
CREATE INDEX dispute_events_by_dispute ON dispute_events (dispute_id, seq);
CREATE TRIGGER dispute_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dispute_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Apart from the timeline and not append-only, because it may name people and must be erasable.
CREATE TABLE dispute_evidence (
  dispute_id text COLLATE "C" NOT NULL,
  given_by text NOT NULL CHECK (given_by IN ('wallet', 'acquirer')),
  at timestamptz NOT NULL,
  evidence jsonb NOT NULL CHECK (pg_column_size(evidence) <= 65536),
  PRIMARY KEY (dispute_id, given_by)
);
