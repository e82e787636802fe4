import type { EntityManager } from 'typeorm';

/** How far a partner's clock may be off for its line to be recognised by likeness. */
const LIKENESS_SECONDS = 300;

/** The hub's own ids; anything else in `transactionId` names nothing and must not join lines. */
const HUB_ID = String.raw`^(pay|ref)_[0-9a-z]{1,40}$`;

/** What a line is called that names nothing of the hub's: the same when the file is sent again. */
const OWN_NAME = `
  CASE WHEN r.transaction_id ~ '${HUB_ID}' THEN r.transaction_id
       WHEN r.request_id <> '' THEN r.participant_id || '/' || r.request_id
       ELSE r.participant_id || '/' || r.cycle_id || '/line ' || r.line_no END`;

const IS_KNOWN = `
  (EXISTS (SELECT FROM payments p WHERE p.id = r.transaction_id)
   OR EXISTS (SELECT FROM refunds f WHERE f.id = r.transaction_id))`;

const OF_SCOPE = 'r.cycle_id = $1 AND ($2::text IS NULL OR r.participant_id = $2)';

/** Lines were staged as if each id were the hub's; those that are not become lost lines. */
export async function markLostLines(tx: EntityManager, fileId: string): Promise<void> {
  await tx.query(
    `UPDATE recon_lines r SET matched_by = 'nothing', subject_id = ${OWN_NAME}
     WHERE r.file_id = $1 AND NOT ${IS_KNOWN}`,
    [fileId],
  );
}

/**
 * Looks for what the lost lines of a cycle speak of: first by the hub's id (it may know it by
 * now), then by the partner's own, then by likeness: same participant, kind and amount, at the
 * same store, within five minutes, when exactly one leg and exactly one line come into question.
 * Every time from the start, so that the order in which files landed leaves no trace. Expects the
 * legs of the cycle to be laid out.
 */
export async function findLostLines(
  tx: EntityManager,
  cycleId: string,
  participantId: string | null,
): Promise<void> {
  const scope = [cycleId, participantId];
  const [, lost] = await tx.query<[unknown, number]>(
    `UPDATE recon_lines r
     SET matched_by = CASE WHEN ${IS_KNOWN} THEN 'id' ELSE 'nothing' END, subject_id = ${OWN_NAME}
     WHERE ${OF_SCOPE} AND r.matched_by <> 'id'`,
    scope,
  );
  if (lost === 0) return;
  await tx.query(
    `UPDATE recon_lines r SET matched_by = 'requestId', subject_id = l.subject_id
     FROM recon_legs l
     WHERE ${OF_SCOPE} AND r.matched_by = 'nothing' AND r.request_id <> ''
       AND l.participant_id = r.participant_id AND l.request_id = r.request_id AND l.kind = r.kind`,
    scope,
  );
  await tx.query(
    `WITH lost AS (
       SELECT r.* FROM recon_lines r
       WHERE ${OF_SCOPE} AND r.matched_by = 'nothing' AND r.result = 'SUCCESS'),
     free AS (
       SELECT l.* FROM recon_legs l
       WHERE NOT EXISTS (SELECT FROM recon_lines r WHERE r.subject_id = l.subject_id
                                                     AND r.participant_id = l.participant_id)),
     pairs AS (
       SELECT lost.file_id, lost.line_no, free.subject_id,
              count(*) OVER (PARTITION BY lost.file_id, lost.line_no) AS legs,
              count(*) OVER (PARTITION BY free.subject_id, free.participant_id) AS lines
       FROM lost JOIN free ON free.participant_id = lost.participant_id AND free.kind = lost.kind
         AND free.transaction_minor = lost.transaction_minor
         AND free.transaction_currency = lost.transaction_currency
         AND (lost.store_id = '' OR free.store_id = lost.store_id)
         AND abs(extract(epoch FROM free.completed_at - lost.completed_at)) <= ${String(LIKENESS_SECONDS)})
     UPDATE recon_lines r SET matched_by = 'likeness', subject_id = pairs.subject_id
     FROM pairs
     WHERE pairs.legs = 1 AND pairs.lines = 1
       AND r.file_id = pairs.file_id AND r.line_no = pairs.line_no`,
    scope,
  );
}
