import type { AccountRef } from '#domain/journal';
import type { EntityManager } from 'typeorm';

/**
 * What stands on an account at this moment over all cycles, entries still in the outbox included:
 * for decisions that must not miss what was promised a millisecond ago. One statement, so that an
 * entry on its way from the outbox into the books is counted once.
 *
 * @returns minor units of the account's currency, debits positive; 0 for an account without lines
 */
export async function readStandingBalance(tx: EntityManager, account: AccountRef): Promise<bigint> {
  const [row] = await tx.query<{ minor: string }[]>(
    `WITH own AS MATERIALIZED (
       SELECT id FROM accounts
       WHERE owner = $1 AND kind = $2 AND currency = $3 AND of IS NOT DISTINCT FROM $4)
     SELECT coalesce(sum(minor), 0) AS minor FROM (
       SELECT minor FROM account_totals WHERE account_id IN (SELECT id FROM own)
       UNION ALL
       SELECT minor FROM account_folds WHERE account_id IN (SELECT id FROM own)
       UNION ALL
       SELECT line.minor
       FROM staged_entries s, unnest(s.account_ids, s.amounts) AS line(account_id, minor)
       WHERE line.account_id IN (SELECT id FROM own)) moved`,
    [account.owner, account.kind, account.currency, account.of ?? null],
  );
  return BigInt(row?.minor ?? 0);
}
