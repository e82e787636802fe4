import type { DeadLetterKind } from '#contracts/operator/dead-letters';

export interface DeadLetterSource {
  /**
   * Selects `key, subject, reason, attempts, mark, failed_at` of what has failed. `mark` changes
   * with every attempt; `attempts` is 1 where the source does not count them.
   */
  readonly found: string;
  /** Makes the row whose key is `$1` due now; it changes one row, or nothing was to be done. */
  readonly replay: string;
}

/**
 * A partner that has not confirmed after so many tries, some seven minutes of them, is not slow
 * but out of order. The hub goes on asking.
 */
const STUCK_AFTER = 12;

/**
 * Where work waits, and what a failed piece of it looks like there. Every source is a row with a
 * due time, so that trying again is a change of that time and the work is done by who always does
 * it, under its own locks.
 */
export const DEAD_LETTER_SOURCES: Readonly<Record<DeadLetterKind, DeadLetterSource>> = {
  entry: {
    found: `
      SELECT entry_id AS key, coalesce(payment_id, cycle_id) AS subject, fault AS reason,
             1 AS attempts, retry_at::text AS mark, staged_at AS failed_at
      FROM staged_entries WHERE fault IS NOT NULL`,
    replay: `UPDATE staged_entries SET retry_at = '-infinity'
             WHERE entry_id = $1 AND fault IS NOT NULL`,
  },
  notification: {
    found: `
      SELECT p.id AS key, p.id AS subject, ${lastEvent('payment', 'p')} AS reason,
             1 AS attempts, e.seq::text AS mark, coalesce(e.at, p.created_at) AS failed_at
      FROM payments p LEFT JOIN LATERAL (
        SELECT seq, at FROM payment_events WHERE payment_id = p.id ORDER BY seq DESC LIMIT 1) e
        ON true
      WHERE p.notification_owed AND p.duty_kind IS NULL`,
    replay: `UPDATE payments SET duty_kind = 'notifyAcquirer', duty_attempt = 1,
               duty_due_at = clock_timestamp()
             WHERE id = $1 AND notification_owed AND duty_kind IS NULL`,
  },
  cancel: {
    found: `
      SELECT p.id AS key, p.id AS subject, ${lastEvent('payment', 'p')} AS reason,
             p.duty_attempt AS attempts, p.duty_attempt::text AS mark, p.created_at AS failed_at
      FROM payments p
      WHERE p.duty_kind IS NOT NULL AND p.duty_due_at < 'infinity'
        AND p.duty_kind = 'cancelAtWallet' AND p.duty_attempt >= ${String(STUCK_AFTER)}`,
    replay: `UPDATE payments SET duty_due_at = clock_timestamp()
             WHERE id = $1 AND duty_kind = 'cancelAtWallet'`,
  },
  refund: {
    found: `
      SELECT r.id AS key, r.id AS subject, ${lastEvent('refund', 'r')} AS reason,
             r.duty_attempt AS attempts, r.duty_attempt::text AS mark, r.created_at AS failed_at
      FROM refunds r
      WHERE r.duty_due_at IS NOT NULL AND r.state = 'processing'
        AND r.duty_attempt >= ${String(STUCK_AFTER)}`,
    replay: `UPDATE refunds SET duty_due_at = clock_timestamp()
             WHERE id = $1 AND state = 'processing'`,
  },
  netting: {
    found: `
      SELECT cycle_id AS key, cycle_id AS subject, fault AS reason,
             greatest(attempts, 1) AS attempts, attempts::text AS mark, due_at AS failed_at
      FROM settlement_runs WHERE state = 'due' AND fault IS NOT NULL`,
    replay: `UPDATE settlement_runs SET due_at = hub_clock()
             WHERE cycle_id = $1 AND state = 'due' AND fault IS NOT NULL`,
  },
  fxRun: {
    found: `
      SELECT cycle_id AS key, cycle_id AS subject, fault AS reason,
             greatest(attempts, 1) AS attempts, attempts::text AS mark, due_at AS failed_at
      FROM fx_runs WHERE state = 'due' AND fault IS NOT NULL`,
    replay: `UPDATE fx_runs SET due_at = hub_clock()
             WHERE cycle_id = $1 AND state = 'due' AND fault IS NOT NULL`,
  },
  files: {
    found: `
      SELECT concat_ws('.', cycle_id, participant_id, currency, seq) AS key, cycle_id AS subject,
             fault AS reason, greatest(attempts, 1) AS attempts, attempts::text AS mark,
             due_at AS failed_at
      FROM file_sets WHERE state = 'due' AND fault IS NOT NULL`,
    replay: `UPDATE file_sets SET due_at = hub_clock()
             WHERE concat_ws('.', cycle_id, participant_id, currency, seq) = $1
               AND state = 'due' AND fault IS NOT NULL`,
  },
};

/** What was last noted of a payment or refund: why the partner has not confirmed. */
function lastEvent(of: 'payment' | 'refund', alias: string): string {
  return `coalesce((SELECT detail FROM ${of}_events WHERE ${of}_id = ${alias}.id
                    ORDER BY seq DESC LIMIT 1), '')`;
}
