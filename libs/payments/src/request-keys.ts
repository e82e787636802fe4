import type { PaymentId } from '#domain/ids';
import type { Rejection } from '#domain/rejection';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

/**
 * What makes a request itself: who asked for which operation under which id. Keys are unique
 * without time limit (docs/sources.md A1.5).
 */
export interface RequestKey {
  readonly participantId: string;
  readonly operation: string;
  readonly requestId: string;
  /** The parameters that a repeat must not change, by field path. */
  readonly fingerprint: Readonly<Record<string, string>>;
}

export interface StoredRequest extends RequestKey {
  readonly paymentId: PaymentId;
}

interface RequestRow {
  participant_id: string;
  operation: string;
  request_id: string;
  fingerprint: Record<string, string>;
  payment_id: PaymentId;
}

export function requestKeyOf(key: Omit<RequestKey, 'fingerprint'>): string {
  return `${key.participantId}/${key.operation}/${key.requestId}`;
}

const CLAIM = prepared(`
  INSERT INTO requests (participant_id, operation, request_id, fingerprint, payment_id)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
  ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
  RETURNING true AS added`);

/**
 * Claims keys for payments. Inserted in sorted order, so that two batches never wait for each
 * other in a circle. Returns the winner of each key, old or new, by `requestKeyOf`.
 */
export async function claimRequests(
  tx: EntityManager,
  claims: readonly StoredRequest[],
): Promise<ReadonlyMap<string, StoredRequest>> {
  if (claims.length === 0) return new Map();
  const columns = [
    claims.map((c) => c.participantId),
    claims.map((c) => c.operation),
    claims.map((c) => c.requestId),
  ];
  const inserted = await tx.query<object[]>(CLAIM, [
    ...columns,
    claims.map((c) => JSON.stringify(c.fingerprint)),
    claims.map((c) => c.paymentId),
  ]);
  // All went in, as nearly always; then there is nothing to be read back.
  if (inserted.length === claims.length) {
    return new Map(claims.map((claim) => [requestKeyOf(claim), claim]));
  }
  const stored = await findRequests(tx, claims);
  return new Map(stored.map((request) => [requestKeyOf(request), request]));
}

export async function findRequests(
  tx: EntityManager,
  keys: readonly Omit<RequestKey, 'fingerprint'>[],
): Promise<StoredRequest[]> {
  const rows = await tx.query<RequestRow[]>(
    `SELECT r.participant_id, r.operation, r.request_id, r.fingerprint, r.payment_id
     FROM requests r JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(p, o, i)
       ON r.participant_id = k.p AND r.operation = k.o AND r.request_id = k.i`,
    [keys.map((k) => k.participantId), keys.map((k) => k.operation), keys.map((k) => k.requestId)],
  );
  return rows.map(storedOf);
}

/** The first parameter a repeat has changed, or undefined when it is the same request. */
function changedParameter(
  stored: Readonly<Record<string, string>>,
  repeated: Readonly<Record<string, string>>,
): { readonly field: string; readonly was: string; readonly is: string } | undefined {
  for (const field of new Set([...Object.keys(stored), ...Object.keys(repeated)])) {
    const was = stored[field] ?? 'absent';
    const is = repeated[field] ?? 'absent';
    if (was !== is) return { field, was, is };
  }
  return undefined;
}

/** The refusal of a repeat that is not one: same id, other content. */
export function conflictOf(stored: StoredRequest, repeated: RequestKey): Rejection | undefined {
  const change = changedParameter(stored.fingerprint, repeated.fingerprint);
  if (change === undefined) return undefined;
  return {
    code: 'REPEAT_REQ_INCONSISTENT',
    detail: `${repeated.requestId} was used before with ${change.field} ${change.was}, now ${change.is}; use a new id or the original values.`,
    field: change.field,
  };
}

function storedOf(row: RequestRow): StoredRequest {
  return {
    participantId: row.participant_id,
    operation: row.operation,
    requestId: row.request_id,
    fingerprint: row.fingerprint,
    paymentId: row.payment_id,
  };
}
