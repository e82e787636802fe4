-- What could not be done has to be found without reading logs, so every failure that waits for a person is a row with its reason, and stays one after it is over.

CREATE TABLE dead_letters (
  no              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id              text COLLATE "C" NOT NULL UNIQUE CHECK (id LIKE kind || ':_%'),
  kind            text COLLATE "C" NOT NULL
                    CHECK (kind IN ('entry', 'notification', 'cancel', 'refund', 'netting', 'fxRun', 'files')),
  subject         text COLLATE "C" NOT NULL CHECK (subject <> ''),
  reason          text NOT NULL,
  attempts        integer NOT NULL CHECK (attempts >= 1),
  -- Changes with every attempt, so that the next look sees that there was one.
  mark            text COLLATE "C" NOT NULL,
  first_failed_at timestamptz NOT NULL,
  last_failed_at  timestamptz NOT NULL,
  replays         integer NOT NULL DEFAULT 0 CHECK (replays >= 0),
  replayed_at     timestamptz,
  ended_at        timestamptz,
  CONSTRAINT dead_letters_in_order CHECK (first_failed_at <= last_failed_at),
  CONSTRAINT dead_letters_replayed CHECK ((replays > 0) = (replayed_at IS NOT NULL))
);
CREATE INDEX dead_letters_open ON dead_letters (no) WHERE ended_at IS NULL;

-- Each look asks for what failed; without these it would read everything that did not.
CREATE INDEX staged_entries_aside ON staged_entries (seq) WHERE fault IS NOT NULL;
CREATE INDEX payments_not_notified ON payments (id) WHERE notification_owed AND duty_kind IS NULL;
