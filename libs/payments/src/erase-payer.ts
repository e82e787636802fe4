import type { PaymentId } from '#domain/ids';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import type { IdSource } from '#platform/id-source';
import type { AuditLog, OperatorCaller } from '#platform/operators/index';
import type { DataSource, EntityManager } from 'typeorm';
import type { PayerTraces } from './payer-traces.js';

export interface PayerToErase {
  readonly walletId: string;
  readonly customerId: string;
  /** Why, for the audit log; it must not name the payer. */
  readonly reason: string;
}

export interface Erasure {
  /** Stands for the payer wherever its id stood; it leads back to nobody. */
  readonly pseudonym: `erased_${string}`;
  readonly walletId: string;
  readonly payments: number;
  readonly codes: number;
}

/** What erasing needs beside the database. */
export interface ErasureParts {
  readonly ids: IdSource;
  readonly audit: AuditLog;
  readonly caller: OperatorCaller;
  readonly nowMs: number;
  /** What other features keep about payers; all of it goes in the same transaction. */
  readonly traces: readonly PayerTraces[];
}

/**
 * Forgets a payer: its id goes from payments, codes and limits, and words about its refunds and
 * disputes with it, in one transaction that is written into the audit log under the pseudonym. The books, their
 * chain and the request keys are untouched, for they never named it (docs/ledger-proof.md).
 *
 * Refused while a payment, refund or dispute of the payer is under way: the wallet still has to be
 * told whom to debit or to pay back, and the acquirer what it is to answer.
 */
export async function erasePayer(
  dataSource: DataSource,
  payer: PayerToErase,
  parts: ErasureParts,
): Promise<Outcome<Erasure>> {
  return dataSource.transaction(async (tx) => {
    const paid = await lockPayer(tx, payer);
    let waiting = await countOpen(tx, payer);
    for (const traces of parts.traces) waiting += await traces.countOpen(tx, paid);
    if (waiting > 0) {
      return rejected(
        'PRECONDITION_FAILED',
        `${String(waiting)} payments, refunds or disputes of this payer are under way; try again when they are done.`,
      );
    }
    const pseudonym = parts.ids.next('erased_', parts.nowMs);
    const counts = await replaceId(tx, payer, pseudonym);
    if (counts.payments === 0 && counts.codes === 0) {
      return rejected('NOT_FOUND', `${payer.walletId} has no such payer here, or it is erased.`);
    }
    for (const traces of parts.traces) await traces.forget(tx, paid);
    // Recorded decisions know payers by a digest: without its secret it leads back to nobody.
    await tx.query(
      `UPDATE decision_log_state SET secret = gen_random_uuid()::text || gen_random_uuid()::text`,
    );
    await tx.query(
      `INSERT INTO payer_erasures (pseudonym, wallet_id, payments, codes) VALUES ($1, $2, $3, $4)`,
      [pseudonym, payer.walletId, counts.payments, counts.codes],
    );
    await parts.audit.record(tx, {
      caller: parts.caller,
      scope: 'payments:write',
      action: 'payer.erase',
      subject: pseudonym,
      after: { wallet: payer.walletId, ...counts },
      reason: payer.reason,
    });
    return accepted({ pseudonym, walletId: payer.walletId, ...counts });
  });
}

/** In the order in which payments take them: codes, payments, the wallet's exposure. */
async function lockPayer(
  tx: EntityManager,
  { walletId, customerId }: PayerToErase,
): Promise<readonly PaymentId[]> {
  await tx.query(
    `SELECT FROM user_codes WHERE wallet_id = $1 AND customer_id = $2 ORDER BY code FOR UPDATE`,
    [walletId, customerId],
  );
  const paid = await tx.query<{ id: PaymentId }[]>(
    `SELECT id FROM payments WHERE wallet_id = $1 AND customer_id = $2 ORDER BY id FOR UPDATE`,
    [walletId, customerId],
  );
  await tx.query(`SELECT FROM exposures WHERE participant_id = $1 ORDER BY currency FOR UPDATE`, [
    walletId,
  ]);
  return paid.map(({ id }) => id);
}

async function countOpen(
  tx: EntityManager,
  { walletId, customerId }: PayerToErase,
): Promise<number> {
  const [row] = await tx.query<{ waiting: number }[]>(
    `SELECT count(*)::integer AS waiting FROM payments p
     WHERE wallet_id = $1 AND customer_id = $2
       AND (duty_kind IS NOT NULL
            OR EXISTS (SELECT FROM refunds r WHERE r.payment_id = p.id AND r.state = 'processing'))`,
    [walletId, customerId],
  );
  return row?.waiting ?? 0;
}

async function replaceId(
  tx: EntityManager,
  { walletId, customerId }: PayerToErase,
  pseudonym: string,
): Promise<{ readonly payments: number; readonly codes: number }> {
  const [row] = await tx.query<{ payments: number; codes: number }[]>(
    `WITH paid AS (UPDATE payments SET customer_id = $3
                   WHERE wallet_id = $1 AND customer_id = $2 RETURNING id),
          -- A reason is free text, and may be about the person.
          refunded AS (UPDATE refunds r SET reason = NULL FROM payments p
                       WHERE p.id = r.payment_id AND p.wallet_id = $1 AND p.customer_id = $2
                         AND r.reason IS NOT NULL),
          shown AS (UPDATE user_codes SET customer_id = $3
                    WHERE wallet_id = $1 AND customer_id = $2 RETURNING code),
          used AS (UPDATE payer_usage SET customer_id = $3
                   WHERE wallet_id = $1 AND customer_id = $2)
     SELECT (SELECT count(*) FROM paid)::integer AS payments,
            (SELECT count(*) FROM shown)::integer AS codes`,
    [walletId, customerId, pseudonym],
  );
  return { payments: row?.payments ?? 0, codes: row?.codes ?? 0 };
}
