-- Statistics of a column cost every ANALYZE of this wide table a little, of jsonb a lot, and serve only conditions: a second of a core a minute, beside payments, for columns that nobody selects by.

ALTER TABLE payments
  ALTER COLUMN order_memo SET STATISTICS 0,
  ALTER COLUMN terms SET STATISTICS 0,
  ALTER COLUMN reasons SET STATISTICS 0,
  ALTER COLUMN store_id SET STATISTICS 0,
  ALTER COLUMN wallet_version SET STATISTICS 0,
  ALTER COLUMN corridor_version SET STATISTICS 0,
  ALTER COLUMN payment_minor SET STATISTICS 0,
  ALTER COLUMN pay_to_minor SET STATISTICS 0,
  ALTER COLUMN settlement_minor SET STATISTICS 0,
  ALTER COLUMN wallet_owes_minor SET STATISTICS 0,
  ALTER COLUMN acquirer_receives_minor SET STATISTICS 0,
  ALTER COLUMN usage_day SET STATISTICS 0,
  ALTER COLUMN refused_wallet_id SET STATISTICS 0,
  ALTER COLUMN expires_at SET STATISTICS 0,
  ALTER COLUMN wallet_payment_id SET STATISTICS 0,
  ALTER COLUMN acquirer_payment_id SET STATISTICS 0,
  ALTER COLUMN decline_code SET STATISTICS 0,
  ALTER COLUMN decline_detail SET STATISTICS 0,
  ALTER COLUMN decline_by SET STATISTICS 0,
  ALTER COLUMN trace_id SET STATISTICS 0;
