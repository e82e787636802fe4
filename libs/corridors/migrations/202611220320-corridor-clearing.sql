-- Some corridors are cut off twice a day or hourly, so the choice of cycles is a term of the agreement, versioned like the others.

ALTER TABLE corridor_agreements ADD COLUMN clearing text NOT NULL DEFAULT 'daily'
  CONSTRAINT corridor_agreements_clearing CHECK (clearing IN ('daily', 'twiceDaily', 'hourly'));

CREATE OR REPLACE VIEW current_corridor_agreements AS
SELECT DISTINCT ON (c.id)
  c.id, c.version, c.effective_from, c.home_market, c.acceptance_market, c.currency,
  c.min_payment, c.max_payment, c.interchange_bps, c.scheme_fee_acquirer_bps,
  c.scheme_fee_wallet_bps, c.fx_tier, c.modes, c.calendars, c.provenance, c.clearing
FROM corridor_agreements c
WHERE c.effective_from <= statement_timestamp()
ORDER BY c.id, c.version DESC;
