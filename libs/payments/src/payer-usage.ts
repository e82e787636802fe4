import { clearingDayNumber } from '#domain/clearing-day';
import type { ReservationChange } from '#domain/payments/payment';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

export interface UsageKey {
  readonly walletId: string;
  readonly customerId: string;
  /** Clearing day, ISO date at UTC+8. */
  readonly day: string;
}

const DAY_MS = 86_400_000;

/** The clearing day of an instant: daily limits turn over with the cycle, at midnight UTC+8. */
export function clearingDayOf(atMs: number): string {
  return new Date(clearingDayNumber(atMs) * DAY_MS).toISOString().slice(0, 10);
}

export function usageKeyOf(key: UsageKey): string {
  return `${key.walletId}/${key.customerId}/${key.day}`;
}

const READ = prepared(`SELECT u.wallet_id, u.customer_id, u.day::text AS day, u.used_minor
   FROM payer_usage u JOIN unnest($1::text[], $2::text[], $3::date[]) AS k(w, c, d)
     ON u.wallet_id = k.w AND u.customer_id = k.c AND u.day = k.d`);

const ADD = prepared(`MERGE INTO payer_usage u
   USING (SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::bigint[])
            AS n(w, c, d, used) ORDER BY 1, 2, 3) n
   ON u.wallet_id = n.w AND u.customer_id = n.c AND u.day = n.d
   WHEN MATCHED THEN UPDATE SET used_minor = u.used_minor + n.used
   WHEN NOT MATCHED THEN INSERT (wallet_id, customer_id, day, used_minor)
     VALUES (n.w, n.c, n.d, n.used)`);

/**
 * What payers have used of their day. No row is locked: every change to it is made under the
 * lock of the wallet's exposure, which the caller must hold by now.
 */
export async function readUsage(
  tx: EntityManager,
  keys: readonly UsageKey[],
): Promise<Map<string, bigint>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.query<
    { wallet_id: string; customer_id: string; day: string; used_minor: string }[]
  >(READ, [keys.map((k) => k.walletId), keys.map((k) => k.customerId), keys.map((k) => k.day)]);
  return new Map(
    rows.map((row) => [
      usageKeyOf({ walletId: row.wallet_id, customerId: row.customer_id, day: row.day }),
      BigInt(row.used_minor),
    ]),
  );
}

/** Adds the changes, in one statement; the database refuses a negative use. */
export async function commitUsage(
  tx: EntityManager,
  changes: readonly ReservationChange[],
): Promise<void> {
  const sums = new Map<string, { key: UsageKey; used: bigint }>();
  for (const change of changes) {
    const key = { walletId: change.walletId, customerId: change.customerId, day: change.usageDay };
    const sum = sums.get(usageKeyOf(key));
    sums.set(usageKeyOf(key), { key, used: change.used + (sum?.used ?? 0n) });
  }
  const changed = [...sums.values()].filter(({ used }) => used !== 0n);
  if (changed.length === 0) return;
  // The exposure lock of the wallet is held, so no other transaction inserts the same row.
  await tx.query(ADD, [
    changed.map(({ key }) => key.walletId),
    changed.map(({ key }) => key.customerId),
    changed.map(({ key }) => key.day),
    changed.map(({ used }) => used.toString()),
  ]);
}
