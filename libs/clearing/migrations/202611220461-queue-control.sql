-- Pausing has to outlive a restart and reach every process whatever carries the queue, so it is a row that each of them reads; and who works is only known if each of them says so.

CREATE TABLE queue_stages (
  stage      text COLLATE "C" PRIMARY KEY CHECK (stage IN ('relay', 'posting')),
  state      text COLLATE "C" NOT NULL DEFAULT 'running'
               CHECK (state IN ('running', 'draining', 'paused')),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_by text NOT NULL DEFAULT 'installation' CHECK (changed_by <> ''),
  reason     text NOT NULL DEFAULT ''
);
INSERT INTO queue_stages (stage) VALUES ('relay'), ('posting');

-- One row for each process that clears; gone when it stops in order, and an hour after it fell silent.
CREATE TABLE clearing_processes (
  name       text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  backend    text COLLATE "C" NOT NULL CHECK (backend IN ('postgres', 'redis')),
  slots      integer NOT NULL CHECK (slots > 0),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What it does, which is behind queue_stages for a moment.
  relay      boolean NOT NULL,
  posting    boolean NOT NULL,
  in_hand    integer NOT NULL CHECK (in_hand >= 0),
  posted     bigint NOT NULL CHECK (posted >= 0),
  busy_ms    bigint NOT NULL CHECK (busy_ms >= 0)
);

-- The last number given out in the outbox, every five seconds: how fast entries arrive.
CREATE TABLE outbox_samples (
  at       timestamptz PRIMARY KEY,
  last_seq bigint NOT NULL CHECK (last_seq >= 0)
);
