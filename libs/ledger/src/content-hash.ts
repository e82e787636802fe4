import type { EntityManager } from 'typeorm';

/**
 * A payment or refund is known by what its acquirer asked for, because the ids of the hub differ
 * from run to run. What nobody asked for, such as a settlement, is known by kind and lines alone.
 */
const CONTENT_HASH = `
  SELECT encode(sha256(convert_to(coalesce(string_agg(hash, E'\\n' ORDER BY hash COLLATE "C"), ''),
                                  'UTF8')), 'hex') AS hash,
         count(*)::integer AS entries
  FROM (
    SELECT encode(sha256(convert_to(
             CASE WHEN e.kind = 'paymentRefunded'
                    THEN coalesce(r.acquirer_id || '|' || r.acquirer_request_id, 'no such refund')
                  WHEN e.payment_id IS NOT NULL
                    THEN coalesce(p.acquirer_id || '|' || p.acquirer_request_id, 'no such payment')
                  ELSE '-' END
               || '|' || e.kind || E'\\n' || l.text, 'UTF8')), 'hex') AS hash
    FROM journal_entries e
    JOIN (SELECT l.entry_no, string_agg(t.text, E'\\n' ORDER BY t.text COLLATE "C") AS text
          FROM journal_lines l JOIN accounts a ON a.id = l.account_id
          CROSS JOIN LATERAL (SELECT a.owner || '|' || a.kind || '|' || a.currency || '|'
                                       || coalesce(a.of, '') || '|' || l.minor AS text) t
          GROUP BY l.entry_no) l ON l.entry_no = e.entry_no
    LEFT JOIN payments p ON p.id = e.payment_id
    LEFT JOIN refunds r ON e.kind = 'paymentRefunded' AND r.id = split_part(e.event, ':', 1)
    WHERE NOT $1::boolean OR e.payment_id IS NOT NULL
  ) hashed`;

/**
 * The ledger's content without ids, times, numbers and order (`contentHashOf` in
 * #domain/chain/content-hash): two runs of the same business have the same, whatever was killed
 * and repeated on the way. Sorts one hash per entry in memory: meant for fault runs.
 *
 * @param which `payments` leaves out what belongs to no single payment, such as settlement
 * @returns 64 hexadecimal digits, and how many entries they cover
 */
export async function ledgerContentHash(
  tx: EntityManager,
  which: { readonly of: 'everything' | 'payments' } = { of: 'everything' },
): Promise<{ readonly hash: string; readonly entries: number }> {
  const [row] = await tx.query<{ hash: string; entries: number }[]>(CONTENT_HASH, [
    which.of === 'payments',
  ]);
  return { hash: row?.hash ?? '', entries: row?.entries ?? 0 };
}
