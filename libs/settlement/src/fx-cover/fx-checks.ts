import type { InvariantCheck } from '#platform/invariant-check';

/** Lines of the hub's FX accounts by cycle, posted or still on their way to the journal. */
const FX_LINES = `
  SELECT b.cycle_id, b.kind, coalesce(b.of, b.currency) AS currency, b.minor
  FROM account_balances b
  WHERE b.owner = 'hub' AND b.kind IN ('fxPosition', 'fxPositionUsd', 'fxRealised', 'fxUnrealised')
  UNION ALL
  SELECT s.cycle_id, a.kind, coalesce(a.of, a.currency), m.minor
  FROM staged_entries s
  CROSS JOIN LATERAL unnest(s.account_ids, s.amounts) AS m(account_id, minor)
  JOIN accounts a ON a.id = m.account_id
  WHERE a.owner = 'hub' AND a.kind IN ('fxPosition', 'fxPositionUsd', 'fxRealised', 'fxUnrealised')`;

/** A run's own cycle, and the settlement phase it books into. */
const RUN_CYCLES = `
  SELECT no, cycle_id AS id FROM fx_runs WHERE state = 'done'
  UNION ALL SELECT no, cycle_id || '_s' FROM fx_runs WHERE state = 'done'`;

/** What must hold between the books, the hub's positions, and the quotes it chose from. */
export const fxChecks: readonly InvariantCheck[] = [
  {
    name: 'fx-positions-equal-ledger',
    why: 'What the hub holds of each currency, and at what worth, is what its books say.',
    sql: `
      WITH last AS (
        SELECT DISTINCT ON (currency) currency, closing_minor, market_usd
        FROM fx_positions ORDER BY currency, run_no DESC),
      booked AS (
        SELECT l.currency, -sum(l.minor) FILTER (WHERE l.kind = 'fxPosition') AS minor,
               sum(l.minor) FILTER (WHERE l.kind = 'fxPositionUsd') AS usd
        FROM (${FX_LINES}) l JOIN (${RUN_CYCLES}) r ON r.id = l.cycle_id
        WHERE l.kind IN ('fxPosition', 'fxPositionUsd') AND l.currency <> 'USD'
        GROUP BY l.currency)
      SELECT coalesce(l.currency, b.currency) AS offender,
             'holds ' || coalesce(l.closing_minor, 0) || ' worth ' || coalesce(l.market_usd, 0)
               || ' cents, booked ' || coalesce(b.minor, 0) || ' worth ' || coalesce(b.usd, 0)
               AS detail
      FROM last l FULL JOIN booked b USING (currency)
      WHERE coalesce(l.closing_minor, 0) <> coalesce(b.minor, 0)
         OR coalesce(l.market_usd, 0) <> coalesce(b.usd, 0)`,
  },
  {
    name: 'fx-profit-equals-ledger',
    why: 'Realised and unrealised results of each cut-off are booked to the cent.',
    sql: `
      WITH decided AS (
        SELECT r.cycle_id, sum(p.realised_usd) AS realised,
               sum(p.unrealised_usd - p.reversed_usd) AS unrealised
        FROM fx_runs r JOIN fx_positions p ON p.run_no = r.no GROUP BY r.cycle_id),
      booked AS (
        SELECT r.cycle_id, -sum(l.minor) FILTER (WHERE l.kind = 'fxRealised') AS realised,
               -sum(l.minor) FILTER (WHERE l.kind = 'fxUnrealised') AS unrealised
        FROM (${FX_LINES}) l JOIN fx_runs r ON l.cycle_id = r.cycle_id || '_s'
        WHERE l.kind IN ('fxRealised', 'fxUnrealised') GROUP BY r.cycle_id)
      SELECT cycle_id AS offender,
             'decided ' || coalesce(d.realised, 0) || ' realised and ' || coalesce(d.unrealised, 0)
               || ' unrealised, booked ' || coalesce(b.realised, 0) || ' and '
               || coalesce(b.unrealised, 0) AS detail
      FROM decided d FULL JOIN booked b USING (cycle_id)
      WHERE coalesce(d.realised, 0) <> coalesce(b.realised, 0)
         OR coalesce(d.unrealised, 0) <> coalesce(b.unrealised, 0)`,
  },
  {
    name: 'fx-positions-follow',
    why: 'Each cut-off begins where the one before it ended, and takes its revaluation back.',
    sql: `
      SELECT p.currency || ' run ' || p.run_no AS offender,
             'opens at ' || p.opening_minor || '/' || p.opening_usd || ', taking back '
               || p.reversed_usd || '; the last ended at ' || p.last_minor || '/' || p.last_usd
               || ', revalued by ' || p.last_unrealised AS detail
      FROM (SELECT *, lag(closing_minor, 1, 0::bigint) OVER w AS last_minor,
                   lag(closing_usd, 1, 0::bigint) OVER w AS last_usd,
                   lag(unrealised_usd, 1, 0::bigint) OVER w AS last_unrealised
            FROM fx_positions WINDOW w AS (PARTITION BY currency ORDER BY run_no)) p
      WHERE (p.opening_minor, p.opening_usd, p.reversed_usd)
            IS DISTINCT FROM (p.last_minor, p.last_usd, p.last_unrealised)`,
  },
  {
    name: 'cover-adds-up',
    why: 'A request is covered by its trades and what nobody took, at the prices that were quoted.',
    sql: `
      SELECT q.id AS offender,
             'asked ' || q.minor || ', traded ' || coalesce(sum(t.minor), 0) || ', open '
               || q.uncovered_minor AS detail
      FROM fx_cover_requests q LEFT JOIN fx_cover_trades t ON t.request_id = q.id
      GROUP BY q.id HAVING q.minor <> q.uncovered_minor + coalesce(sum(t.minor), 0)
      UNION ALL
      SELECT t.id, 'trades ' || t.minor || ' of ' || f.min_minor || ' to ' || f.max_minor
      FROM fx_cover_trades t
      LEFT JOIN fx_cover_quotes f USING (request_id, provider_id)
      WHERE f.answer IS DISTINCT FROM 'firm' OR t.minor NOT BETWEEN f.min_minor AND f.max_minor`,
  },
  {
    name: 'cover-best-quote',
    why: 'No cover was taken at a price while a better quote had room for it.',
    sql: `
      WITH taken AS (
        SELECT f.request_id, f.provider_id, f.min_minor, f.max_minor, q.uncovered_minor,
               CASE q.side WHEN 'buy' THEN f.price ELSE -f.price END AS cost,
               coalesce(t.minor, 0) AS minor
        FROM fx_cover_quotes f
        JOIN fx_cover_requests q ON q.id = f.request_id
        LEFT JOIN fx_cover_trades t USING (request_id, provider_id)
        WHERE f.answer = 'firm')
      SELECT b.request_id AS offender,
             b.provider_id || ' quoted better than ' || string_agg(w.provider_id, ', ') AS detail
      FROM taken b
      JOIN taken w ON w.request_id = b.request_id AND w.cost > b.cost AND w.minor > 0
      WHERE b.minor < b.max_minor
      GROUP BY b.request_id, b.provider_id, b.min_minor, b.minor, b.uncovered_minor
      HAVING b.minor > 0 OR sum(w.minor) + b.uncovered_minor >= b.min_minor`,
  },
  {
    name: 'covers-settled-once',
    why: 'A cover trade counts as settled exactly when its settlement is booked.',
    sql: `
      SELECT coalesce(t.id, split_part(e.event, ':', 1)) AS offender,
             coalesce(t.state, 'no trade') || ', booked ' || (e.event IS NOT NULL) AS detail
      FROM fx_cover_trades t
      FULL JOIN (SELECT event FROM journal_entries WHERE kind = 'coverSettled'
                 UNION ALL SELECT event FROM staged_entries WHERE kind = 'coverSettled') e
        ON e.event = t.id || ':coverSettled'
      WHERE t.id IS NULL OR (t.state = 'settled') <> (e.event IS NOT NULL)`,
  },
];
