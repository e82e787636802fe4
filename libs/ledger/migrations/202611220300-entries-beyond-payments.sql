-- Settlements, cover trades and default losses belong to no single payment, yet stand in the same journal.

ALTER TABLE staged_entries ALTER COLUMN payment_id DROP NOT NULL;
ALTER TABLE journal_entries ALTER COLUMN payment_id DROP NOT NULL;
