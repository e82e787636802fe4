-- A participant's files hold its own part of a day; finding it must cost neither the others' day nor its own past.

ALTER TABLE cycle_members
  ADD COLUMN wallet_id text COLLATE "C",
  ADD COLUMN acquirer_id text COLLATE "C";

ALTER TABLE cycle_members DISABLE TRIGGER cycle_members_append_only;
UPDATE cycle_members m SET wallet_id = s.wallet_id, acquirer_id = s.acquirer_id
FROM (SELECT id, wallet_id, acquirer_id FROM payments WHERE cycle_id IS NOT NULL
      UNION ALL
      SELECT id, wallet_id, acquirer_id FROM refunds WHERE cycle_id IS NOT NULL) s
WHERE s.id = m.subject_id;
ALTER TABLE cycle_members ENABLE TRIGGER cycle_members_append_only;

ALTER TABLE cycle_members
  ALTER COLUMN wallet_id SET NOT NULL,
  ALTER COLUMN acquirer_id SET NOT NULL;
CREATE INDEX cycle_members_of_wallet ON cycle_members (cycle_id, wallet_id, no);
CREATE INDEX cycle_members_of_acquirer ON cycle_members (cycle_id, acquirer_id, no);
