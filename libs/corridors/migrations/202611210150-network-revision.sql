-- Every process routes on a snapshot in memory, so there must be one number that moves with each change, and no change may bypass it by altering a version in place.

CREATE TABLE network_changes (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL
);
INSERT INTO network_changes (revision) VALUES (0);

-- A row, not a sequence: the row's lock makes revisions visible in the order of their commits,
-- so a reader never takes a snapshot for newer than it is.
CREATE FUNCTION note_network_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    UPDATE network_changes SET revision = revision + 1;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: insert the next version instead', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE
  versioned text;
BEGIN
  FOREACH versioned IN ARRAY ARRAY[
    'wallet_identities', 'wallets', 'acquirer_identities', 'acquirers', 'merchant_identities',
    'merchants', 'store_identities', 'stores', 'corridor_agreements', 'acceptance_edges'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER versions_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change()', versioned);
  END LOOP;
  FOREACH versioned IN ARRAY ARRAY[
    'wallets', 'acquirers', 'merchants', 'stores', 'merchant_codes', 'national_schemes',
    'corridor_agreements', 'acceptance_edges'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER insert_moves_revision AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION note_network_change()', versioned);
  END LOOP;
  -- Printed codes and schemes have no versions: a wrong one is corrected or withdrawn.
  FOREACH versioned IN ARRAY ARRAY['merchant_codes', 'national_schemes'] LOOP
    EXECUTE format(
      'CREATE TRIGGER update_moves_revision AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION note_network_change()', versioned);
    EXECUTE format(
      'CREATE TRIGGER delete_moves_revision AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION note_network_change()', versioned);
  END LOOP;
END $$;

-- Versions written ahead of their day move no revision on that day; the reader asks when it is.
CREATE VIEW network_version_dates AS
  SELECT effective_from FROM wallets
  UNION ALL SELECT effective_from FROM acquirers
  UNION ALL SELECT effective_from FROM merchants
  UNION ALL SELECT effective_from FROM stores
  UNION ALL SELECT effective_from FROM corridor_agreements
  UNION ALL SELECT effective_from FROM acceptance_edges;

CREATE INDEX wallets_effective ON wallets (effective_from);
CREATE INDEX acquirers_effective ON acquirers (effective_from);
CREATE INDEX merchants_effective ON merchants (effective_from);
CREATE INDEX stores_effective ON stores (effective_from);
CREATE INDEX corridor_agreements_effective ON corridor_agreements (effective_from);
CREATE INDEX acceptance_edges_effective ON acceptance_edges (effective_from);
