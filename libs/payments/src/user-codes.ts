import type { Rejection } from '#domain/rejection';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';
import { isoOf, msOf } from './payment-row.js';

/** A code a payer shows at the till: good once, for about a minute (docs/sources.md A1.6). */
export interface UserCode {
  readonly code: string;
  readonly walletId: string;
  readonly customerId: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly usedBy: string | null;
}

interface UserCodeRow {
  code: string;
  wallet_id: string;
  customer_id: string;
  issued_at: Date;
  expires_at: Date;
  used_by: string | null;
}

const LOCK = prepared(`SELECT code, wallet_id, customer_id, issued_at, expires_at, used_by
   FROM user_codes WHERE code = ANY($1) ORDER BY code FOR NO KEY UPDATE`);

const SPEND = prepared(`UPDATE user_codes u SET used_by = n.payment_id
   FROM unnest($1::text[], $2::text[]) AS n(code, payment_id) WHERE u.code = n.code`);

/** Issued by the hub; a code once used is never given out again. */
export async function insertUserCodes(
  tx: EntityManager,
  codes: readonly UserCode[],
): Promise<void> {
  await tx.query(
    `INSERT INTO user_codes (code, wallet_id, customer_id, issued_at, expires_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])`,
    [
      codes.map((c) => c.code),
      codes.map((c) => c.walletId),
      codes.map((c) => c.customerId),
      codes.map((c) => isoOf(c.issuedAtMs)),
      codes.map((c) => isoOf(c.expiresAtMs)),
    ],
  );
}

/** Locks codes, so that one shown at two tills pays once. */
export async function lockUserCodes(
  tx: EntityManager,
  codes: readonly string[],
): Promise<Map<string, UserCode>> {
  if (codes.length === 0) return new Map();
  const rows = await tx.query<UserCodeRow[]>(LOCK, [codes]);
  return new Map(
    rows.map((row) => [
      row.code,
      {
        code: row.code,
        walletId: row.wallet_id,
        customerId: row.customer_id,
        issuedAtMs: msOf(row.issued_at),
        expiresAtMs: msOf(row.expires_at),
        usedBy: row.used_by,
      },
    ]),
  );
}

export async function markCodesUsed(
  tx: EntityManager,
  uses: readonly { readonly code: string; readonly paymentId: string }[],
): Promise<void> {
  if (uses.length === 0) return;
  await tx.query(SPEND, [uses.map((u) => u.code), uses.map((u) => u.paymentId)]);
}

/** Why a shown code cannot be paid with, or null. */
export function refusalOfCode(code: UserCode | undefined, nowMs: number): Rejection | null {
  const field = 'paymentMethod.paymentMethodId';
  if (code === undefined) {
    return {
      code: 'INVALID_CODE',
      detail: 'The payment code was not issued by this hub; ask the payer to show a new one.',
      field,
    };
  }
  if (code.usedBy !== null) {
    return {
      code: 'INVALID_CODE',
      detail: `The payment code was already used by ${code.usedBy}; ask the payer to show a new one.`,
      field,
    };
  }
  if (code.expiresAtMs <= nowMs) {
    return {
      code: 'EXPIRED_CODE',
      detail: 'The payment code has expired; ask the payer to refresh it.',
      field,
    };
  }
  return null;
}
