import { invariant } from '#domain/invariant';
import { unbalancedCurrencies, type JournalEntry } from '#domain/journal';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';
import type { AccountBook } from './account-book.js';

/** An entry on its way to the ledger; `traceId` follows it from the request into the books. */
export type StagedEntry = JournalEntry & { readonly traceId: string | null };

const STAGE = prepared(`
  INSERT INTO staged_entries
    (entry_id, event, kind, payment_id, cycle_id, trace_id, account_ids, amounts)
  SELECT e.entry_id, e.event, e.kind, e.payment_id, e.cycle_id, e.trace_id,
         e.account_ids::integer[], e.amounts::bigint[]
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[])
    AS e(entry_id, event, kind, payment_id, cycle_id, trace_id, account_ids, amounts)`);

/**
 * Puts entries into the outbox, in the transaction that makes them true: if it commits they will
 * be posted, if it rolls back they never were. One statement, whatever the number of entries.
 *
 * The entry's cycle must come from `assignCycle` in the same transaction. After the commit, ring
 * the `OutboxBell`, or the relay finds the rows by its next poll.
 *
 * @throws InvariantViolation for an entry that does not balance: better here, where the payment
 *   can still be undone, than in the batch
 */
export async function stageEntries(
  tx: EntityManager,
  book: AccountBook,
  entries: readonly StagedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  for (const entry of entries) {
    const unbalanced = unbalancedCurrencies(entry.lines);
    invariant(unbalanced.length === 0, `${entry.event} does not balance in ${unbalanced.join()}`);
    invariant(entry.lines.length >= 2, `${entry.event} needs at least two lines`);
  }
  const accounts = entries.flatMap((entry) => entry.lines.map((line) => line.account));
  const ids = await book.resolve(tx, accounts);
  let next = 0;
  const accountArrays = entries.map((entry) => {
    const own = ids.slice(next, next + entry.lines.length);
    next += entry.lines.length;
    return `{${own.join()}}`;
  });
  await tx.query(STAGE, [
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.event),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.paymentId),
    entries.map((entry) => entry.cycleId),
    entries.map((entry) => entry.traceId),
    accountArrays,
    entries.map((entry) => `{${entry.lines.map((line) => line.minor.toString()).join()}}`),
  ]);
}
