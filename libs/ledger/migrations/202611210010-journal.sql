-- The hub's books need a journal that nobody can bend: entries balance, nothing is changed later, and each event is posted once.

-- Accounts carry the currency; lines do not, so a line can never disagree with its account.
CREATE TABLE accounts (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner      text COLLATE "C" NOT NULL CHECK (owner <> ''),
  kind       text COLLATE "C" NOT NULL CHECK (kind <> ''),
  currency   text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  of         text COLLATE "C" CHECK (of ~ '^[A-Z]{3}$'),
  opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Lets a reader tell an account committed by others from one its own transaction may yet undo.
  opened_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT accounts_once UNIQUE NULLS NOT DISTINCT (owner, kind, currency, of),
  CONSTRAINT accounts_mirror CHECK ((kind = 'fxPositionUsd') = (of IS NOT NULL)),
  CONSTRAINT accounts_mirror_currency CHECK (kind <> 'fxPositionUsd' OR currency = 'USD')
);

-- A cycle's membership is fixed when it is closed; it is final when its cancel window is over.
CREATE TABLE cycles (
  id        text COLLATE "C" PRIMARY KEY CHECK (id LIKE 'cyc\_%'),
  kind      text COLLATE "C" NOT NULL DEFAULT 'daily' CHECK (kind <> ''),
  starts_at timestamptz NOT NULL,
  ends_at   timestamptz NOT NULL,
  state     text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'final')),
  closed_at timestamptz,
  final_at  timestamptz,
  CONSTRAINT cycles_window CHECK (starts_at < ends_at),
  CONSTRAINT cycles_closed CHECK ((state = 'open') = (closed_at IS NULL)),
  CONSTRAINT cycles_closed_after_end CHECK (closed_at >= ends_at),
  CONSTRAINT cycles_final CHECK ((state = 'final') = (final_at IS NOT NULL)),
  CONSTRAINT cycles_final_after_close CHECK (final_at >= closed_at),
  CONSTRAINT cycles_once UNIQUE (kind, ends_at)
);
CREATE INDEX cycles_open ON cycles (kind, ends_at) WHERE state = 'open';

-- A cycle moves from open to closed to final and never back; its window never moves.
CREATE FUNCTION refuse_cycle_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.starts_at, NEW.ends_at)
     IS DISTINCT FROM (OLD.id, OLD.kind, OLD.starts_at, OLD.ends_at)
     OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at)
     OR (OLD.state, NEW.state) NOT IN (('open', 'open'), ('open', 'closed'), ('closed', 'closed'),
                                       ('closed', 'final'), ('final', 'final')) THEN
    RAISE EXCEPTION 'cycle % cannot go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cycles_forward_only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cycles_forward_only BEFORE UPDATE ON cycles
  FOR EACH ROW EXECUTE FUNCTION refuse_cycle_regress();

-- entry_no is the entry's number in the outbox, so that one statement can move it here.
CREATE TABLE journal_entries (
  entry_no   bigint PRIMARY KEY,
  id         text COLLATE "C" NOT NULL,
  event      text COLLATE "C" NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  payment_id text COLLATE "C" NOT NULL,
  cycle_id   text COLLATE "C" NOT NULL,
  trace_id   text,
  staged_at  timestamptz NOT NULL,
  posted_at  timestamptz NOT NULL,
  batch_no   bigint NOT NULL,
  line_count smallint NOT NULL CHECK (line_count >= 2),
  CONSTRAINT journal_entries_id UNIQUE (id),
  CONSTRAINT journal_entries_event UNIQUE (event)
);
CREATE INDEX journal_entries_payment ON journal_entries (payment_id);

-- Debit positive, credit negative, in minor units of the account's currency.
CREATE TABLE journal_lines (
  entry_no   bigint NOT NULL,
  minor      bigint NOT NULL CHECK (minor <> 0),
  account_id integer NOT NULL,
  line_no    smallint NOT NULL CHECK (line_no > 0),
  PRIMARY KEY (entry_no, line_no)
);

-- One row per batch, account and cycle instead of a balance updated per payment: a hot account
-- is then no slower than a cold one. Folded now and then into account_folds.
CREATE TABLE account_totals (
  batch_no   bigint NOT NULL,
  cycle_id   text COLLATE "C" NOT NULL,
  account_id integer NOT NULL,
  minor      bigint NOT NULL,
  lines      integer NOT NULL CHECK (lines > 0),
  PRIMARY KEY (batch_no, cycle_id, account_id)
);
CREATE TABLE account_folds (
  cycle_id   text COLLATE "C" NOT NULL,
  account_id integer NOT NULL,
  minor      bigint NOT NULL,
  lines      bigint NOT NULL CHECK (lines > 0),
  PRIMARY KEY (cycle_id, account_id)
);

-- What each account moved in each cycle, folded or not yet.
CREATE VIEW account_balances AS
  SELECT b.cycle_id, b.account_id, a.owner, a.kind, a.currency, a.of,
         sum(b.minor)::bigint AS minor, sum(b.lines)::bigint AS lines
  FROM (SELECT cycle_id, account_id, minor, lines FROM account_totals
        UNION ALL SELECT cycle_id, account_id, minor, lines FROM account_folds) b
  JOIN accounts a ON a.id = b.account_id
  GROUP BY b.cycle_id, b.account_id, a.owner, a.kind, a.currency, a.of;

-- Lines with the names of their accounts, for people and reports.
CREATE VIEW ledger_lines AS
  SELECT e.id AS entry_id, e.event, e.kind AS entry_kind, e.payment_id, e.cycle_id, e.posted_at,
         l.entry_no, l.line_no, l.account_id, a.owner, a.kind, a.currency, a.of, l.minor
  FROM journal_lines l
  JOIN journal_entries e ON e.entry_no = l.entry_no
  JOIN accounts a ON a.id = l.account_id;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER accounts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_lines
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whole statements are checked at once, over the rows they brought: foreign keys and deferred
-- triggers would look at each of an entry's eleven lines alone. The queries are planned anew each
-- time, because one plan does not suit both a single entry and a batch of thousands.
CREATE FUNCTION refuse_bad_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault record;
BEGIN
  EXECUTE $q$
    SELECT t.entry_no, t.first_currency, t.balanced, t.known
    FROM (SELECT c.entry_no, min(c.currency) FILTER (WHERE c.minor <> 0) AS first_currency,
                 bool_and(c.minor = 0) AS balanced, bool_and(c.currency IS NOT NULL) AS known,
                 sum(c.lines) AS lines, min(c.low) AS low, max(c.high) AS high
          FROM (SELECT l.entry_no, a.currency, sum(l.minor) AS minor, count(*) AS lines,
                       min(l.line_no) AS low, max(l.line_no) AS high
                FROM new_lines l LEFT JOIN accounts a ON a.id = l.account_id
                GROUP BY l.entry_no, a.currency) c
          GROUP BY c.entry_no) t
    LEFT JOIN journal_entries e ON e.entry_no = t.entry_no
    WHERE NOT t.balanced OR NOT t.known OR e.line_count IS DISTINCT FROM t.lines
       OR t.low <> 1 OR t.high <> t.lines
    LIMIT 1 $q$ INTO fault;
  IF fault.entry_no IS NULL THEN
    RETURN NULL;
  ELSIF NOT fault.known THEN
    RAISE EXCEPTION 'entry % has a line on an account that does not exist', fault.entry_no
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'journal_lines_account';
  ELSIF NOT fault.balanced THEN
    RAISE EXCEPTION 'entry % does not balance in %', fault.entry_no, fault.first_currency
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entries_balanced';
  END IF;
  RAISE EXCEPTION 'entry % must bring exactly its own lines, in one statement', fault.entry_no
    USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entries_whole';
END $$;
CREATE TRIGGER journal_lines_whole AFTER INSERT ON journal_lines
  REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_bad_lines();

CREATE FUNCTION refuse_bad_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault text;
BEGIN
  EXECUTE $q$
    SELECT e.id FROM new_entries e
    WHERE NOT EXISTS (SELECT FROM journal_lines l WHERE l.entry_no = e.entry_no AND l.line_no = 1)
    LIMIT 1 $q$ INTO fault;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'entry % has no lines', fault
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entries_whole';
  END IF;
  EXECUTE $q$
    SELECT e.id FROM new_entries e LEFT JOIN cycles c ON c.id = e.cycle_id
    WHERE c.id IS NULL LIMIT 1 $q$ INTO fault;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'entry % names a cycle that does not exist', fault
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'journal_entries_cycle';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_entries_whole AFTER INSERT ON journal_entries
  REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_bad_entries();
