-- An acquirer that refunds more than it sells owes the hub, so its terms say how much it may come to owe.

ALTER TABLE acquirers ADD COLUMN refund_cap bigint NOT NULL DEFAULT 0 CHECK (refund_cap >= 0);

-- Versions written before the term existed get the shipped estimate, about a million dollars.
ALTER TABLE acquirers DISABLE TRIGGER versions_only_grow;
UPDATE acquirers SET refund_cap = CASE settlement_currency
  WHEN 'JPY' THEN 150000000 WHEN 'USD' THEN 100000000 WHEN 'THB' THEN 3500000000
  WHEN 'KRW' THEN 1400000000 WHEN 'SGD' THEN 130000000 WHEN 'MYR' THEN 420000000
  WHEN 'HKD' THEN 780000000 WHEN 'PHP' THEN 5800000000 ELSE 0 END;
ALTER TABLE acquirers ENABLE TRIGGER versions_only_grow;
ALTER TABLE acquirers ALTER COLUMN refund_cap DROP DEFAULT;

CREATE OR REPLACE VIEW current_acquirers AS
SELECT DISTINCT ON (a.id)
  a.id, a.version, a.effective_from, a.name, a.market, a.city, a.currency, a.settlement_currency,
  a.schemes, a.modes, a.priority, a.status, a.fictional, a.provenance, i.order_code_prefix,
  a.refund_cap
FROM acquirers a JOIN acquirer_identities i ON i.id = a.id
WHERE a.effective_from <= statement_timestamp()
ORDER BY a.id, a.version DESC;
