-- A partner is believed by its key alone, so where it listens and what it signs with is a record the operator writes, and every process of the hub reads the same one.

CREATE TABLE participant_connections (
  participant_id text COLLATE "C" PRIMARY KEY CHECK (participant_id ~ '^[a-z][a-z0-9_]{1,63}$'),
  role           text NOT NULL CHECK (role IN ('mpp', 'acqp')),
  -- Two participants under one client id could act for each other.
  client_id      text COLLATE "C" NOT NULL UNIQUE CHECK (client_id ~ '^[!-~]{1,128}$'),
  base_url       text NOT NULL CHECK (base_url ~ '^https?://' AND length(base_url) <= 2048),
  -- X.509 SubjectPublicKeyInfo; the private half never leaves the partner.
  public_key_pem text NOT NULL CHECK (public_key_pem LIKE '-----BEGIN PUBLIC KEY-----%'),
  key_version    integer NOT NULL CHECK (key_version BETWEEN 0 AND 999999),
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
