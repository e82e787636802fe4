-- An alarm must say the same in every process, so what the last look over the invariants found stands here and not in the memory of whoever looked.

CREATE TABLE invariant_looks (
  name        text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  offenders   integer NOT NULL CHECK (offenders >= 0),
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  checked_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
