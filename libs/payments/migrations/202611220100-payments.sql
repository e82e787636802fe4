-- Payments with their one pending duty, the request keys that make them idempotent for ever, the codes shown by payers and the day's use of their limits.

CREATE TABLE payments (
  id text PRIMARY KEY CHECK (id LIKE 'pay\_%'),
  mode text NOT NULL CHECK (mode IN ('userPresented', 'orderCode', 'entryCode', 'nationalQr')),
  state text NOT NULL CHECK (state IN ('awaitingPayer', 'authorising', 'pushing', 'succeeded', 'declined', 'closed', 'cancelling', 'cancelled')),
  acquirer_id text NOT NULL,
  acquirer_request_id text NOT NULL CHECK (length(acquirer_request_id) BETWEEN 1 AND 64),
  merchant_id text,
  store_id text,
  order_memo jsonb NOT NULL,
  payment_currency char(3) NOT NULL,
  payment_minor bigint NOT NULL CHECK (payment_minor > 0),
  settlement_currency char(3) NOT NULL,
  wallet_id text,
  wallet_version integer,
  customer_id text,
  corridor_id text,
  corridor_version integer,
  pay_to_currency char(3),
  pay_to_minor bigint CHECK (pay_to_minor > 0),
  settlement_minor bigint CHECK (settlement_minor >= 0),
  wallet_owes_minor bigint,
  acquirer_receives_minor bigint,
  payer_quote_id text,
  settlement_quote_id text,
  terms jsonb,
  reasons text[],
  usage_day date,
  refused_wallet_id text,
  code_value text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  completed_at timestamptz,
  cycle_id text,
  wallet_payment_id text,
  acquirer_payment_id text,
  decline_code text,
  decline_detail text,
  decline_by text CHECK (decline_by IN ('hub', 'wallet', 'acquirer')),
  notification_owed boolean NOT NULL,
  duty_kind text CHECK (duty_kind IN ('expireOrder', 'inquireWallet', 'cancelAtWallet', 'pushToAcquirer', 'inquirePush', 'notifyAcquirer')),
  duty_attempt integer,
  duty_due_at timestamptz,
  trace_id text NOT NULL,
  -- A payer's terms are fixed together or not at all.
  CHECK (num_nulls(wallet_id, wallet_version, customer_id, corridor_id, corridor_version, pay_to_currency, pay_to_minor, settlement_minor, wallet_owes_minor, acquirer_receives_minor, payer_quote_id, settlement_quote_id, terms, reasons, usage_day) IN (0, 15)),
  CHECK (wallet_id IS NOT NULL OR state IN ('awaitingPayer', 'declined', 'closed')),
  -- Money moved exactly when a cycle was assigned, and only a success or its reversal has one.
  CHECK (state <> 'succeeded' OR (cycle_id IS NOT NULL AND completed_at IS NOT NULL)),
  CHECK (cycle_id IS NULL OR state IN ('succeeded', 'cancelling', 'cancelled')),
  CHECK ((decline_code IS NOT NULL) = (decline_detail IS NOT NULL)),
  CHECK (state <> 'declined' OR decline_code IS NOT NULL),
  CHECK (num_nulls(duty_kind, duty_attempt, duty_due_at) IN (0, 3)),
  -- What is not final always has a duty: nothing can be forgotten.
  CHECK (duty_kind IS NOT NULL OR state IN ('succeeded', 'declined', 'closed', 'cancelled'))
) WITH (fillfactor = 85);

CREATE INDEX payments_by_acquirer_request ON payments (acquirer_id, acquirer_request_id);
CREATE INDEX payments_by_duty ON payments (duty_due_at) WHERE duty_kind IS NOT NULL;
CREATE INDEX payments_by_wallet ON payments (wallet_id, id) WHERE wallet_id IS NOT NULL;
CREATE INDEX payments_by_cycle ON payments (cycle_id) WHERE cycle_id IS NOT NULL;

-- Unique for ever: a partner's request id never gets a second effect, however late it comes again.
CREATE TABLE requests (
  participant_id text NOT NULL,
  operation text NOT NULL,
  request_id text NOT NULL CHECK (length(request_id) BETWEEN 1 AND 600),
  fingerprint jsonb NOT NULL,
  payment_id text NOT NULL,
  PRIMARY KEY (participant_id, operation, request_id)
);

CREATE TABLE user_codes (
  code text PRIMARY KEY CHECK (code ~ '^[0-9]{17,32}$'),
  wallet_id text NOT NULL,
  customer_id text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_by text
);

CREATE TABLE payer_usage (
  wallet_id text NOT NULL,
  customer_id text NOT NULL,
  day date NOT NULL,
  used_minor bigint NOT NULL CHECK (used_minor >= 0),
  PRIMARY KEY (wallet_id, customer_id, day)
) WITH (fillfactor = 85);

-- The timeline, in the order the commands were decided; never changed.
CREATE TABLE payment_events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payment_id text NOT NULL,
  event text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  detail text NOT NULL
);
CREATE INDEX payment_events_by_payment ON payment_events (payment_id, seq);

CREATE TRIGGER payment_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER requests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
