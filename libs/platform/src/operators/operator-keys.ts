import { randomBytes, timingSafeEqual } from 'node:crypto';
import type {
  IssuedOperatorKey,
  OperatorKeyRequest,
  OperatorKeyView,
  OperatorScope,
} from '#contracts/operator/operators';
import { keyOfCursor, pageOf, type Page, type PageQuery } from '#contracts/operator/paging';
import type { Signatory } from '#domain/approvals/decide-approval';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../clock.js';
import { ID_SOURCE, type IdSource } from '../id-source.js';
import { AuditLog } from './audit-log.js';
import { digestOf } from './bootstrap-key.js';
import type { Caller, OperatorCaller } from './caller.js';

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly participant_id: string | null;
  readonly key_digest: Buffer;
  readonly scopes: OperatorScope[];
  readonly issued_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

const COLUMNS =
  'id, name, person, participant_id, key_digest, scopes, issued_by, created_at, expires_at, ' +
  'revoked_at, last_used_at';

/** `wok_` and `wpk_` tell people and secret scanners what they look at; then the id, then chance. */
const KEY_FORM = /^w[op]k_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/;
const SECRET_BYTES = 32;
/** The last use is noted to the minute: a row is not written for every read. */
const USE_NOTED_EVERY_MS = 60_000;
/** Compared with when no key has the id, so that an unknown one takes no other way. */
const NO_DIGEST = Buffer.alloc(32);

/**
 * Keys of persons and participants. Only the SHA-256 of a key is stored, and every call asks the
 * database, so that a revoked key is dead at once in every process.
 */
@Injectable()
export class OperatorKeys {
  constructor(
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
  ) {}

  /** Whose key this is, or undefined for one that is unknown, revoked or expired. */
  async identify(tx: EntityManager, key: string): Promise<Caller | undefined> {
    const id = KEY_FORM.exec(key)?.[1];
    if (id === undefined) return undefined;
    const [row] = await tx.query<KeyRow[]>(`SELECT ${COLUMNS} FROM operator_keys WHERE id = $1`, [
      `opk_${id}`,
    ]);
    const right = timingSafeEqual(digestOf(key), row?.key_digest ?? NO_DIGEST);
    const nowMs = this.clock.nowMs();
    if (row === undefined || !right || stateOf(row, nowMs) !== 'active') return undefined;
    if (nowMs - (row.last_used_at?.getTime() ?? 0) >= USE_NOTED_EVERY_MS) {
      await tx.query('UPDATE operator_keys SET last_used_at = $2 WHERE id = $1', [
        row.id,
        new Date(nowMs),
      ]);
    }
    return callerOf(row);
  }

  /**
   * Issues a key; the answer holds its secret, which is not stored. Nobody can give what he does
   * not have.
   */
  async issue(
    tx: EntityManager,
    issuer: OperatorCaller,
    terms: OperatorKeyRequest,
  ): Promise<Outcome<IssuedOperatorKey>> {
    const missing = terms.scopes.filter((scope) => !issuer.scopes.has(scope));
    if (missing.length > 0) {
      const detail = `${issuer.name} has no ${missing.join(', ')} to pass on.`;
      return rejected('ACCESS_DENIED', detail, 'scopes');
    }
    const nowMs = this.clock.nowMs();
    const expiresAt = terms.expiresAt === undefined ? null : new Date(terms.expiresAt);
    if (expiresAt !== null && expiresAt.getTime() <= nowMs) {
      return rejected('PARAM_ILLEGAL', 'expiresAt has passed; give a later instant.', 'expiresAt');
    }
    const id = this.ids.next('opk_', nowMs);
    const kind = terms.participant === undefined ? 'wok' : 'wpk';
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const key = `${kind}_${id.slice('opk_'.length)}_${secret}`;
    const [row] = await tx.query<KeyRow[]>(
      `INSERT INTO operator_keys (id, name, person, participant_id, key_digest, scopes, issued_by,
         issued_by_key, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
      [
        id,
        terms.name,
        terms.person ?? terms.name,
        terms.participant ?? null,
        digestOf(key),
        [...new Set(terms.scopes)],
        issuer.person,
        issuer.keyId,
        new Date(nowMs),
        expiresAt,
      ],
    );
    if (row === undefined) {
      const detail = `A key named ${terms.name} is in force; revoke it first or choose another name.`;
      return rejected('REPEAT_REQ_INCONSISTENT', detail, 'name');
    }
    const view = viewOf(row, nowMs);
    await this.audit.record(tx, {
      caller: issuer,
      scope: 'operators:write',
      action: 'operators.issue',
      subject: row.id,
      after: { ...view },
    });
    return accepted({ ...view, key });
  }

  /** Newest first, revoked ones too: the audit log names them. */
  async listPage(tx: EntityManager, query: PageQuery): Promise<Page<OperatorKeyView>> {
    const rows = await tx.query<KeyRow[]>(
      `SELECT ${COLUMNS} FROM operator_keys WHERE ($1::text IS NULL OR id < $1)
       ORDER BY id DESC LIMIT $2`,
      [keyOfCursor(query.cursor) ?? null, query.limit + 1],
    );
    const nowMs = this.clock.nowMs();
    return pageOf(
      rows.map((row) => viewOf(row, nowMs)),
      query.limit,
      (key) => key.id,
    );
  }

  /** Ends a key for good, from this transaction's commit on. @param idOrName of a key in force */
  async revoke(
    tx: EntityManager,
    caller: OperatorCaller,
    idOrName: string,
    reason?: string,
  ): Promise<Outcome<OperatorKeyView>> {
    const [row] = await tx.query<KeyRow[]>(
      `SELECT ${COLUMNS} FROM operator_keys
       WHERE (id = $1 OR name = $1) AND revoked_at IS NULL FOR UPDATE`,
      [idOrName],
    );
    if (row === undefined) {
      const shown = idOrName.slice(0, 80);
      return rejected('NOT_FOUND', `No key in force has the id or name ${shown}.`);
    }
    const nowMs = this.clock.nowMs();
    await tx.query('UPDATE operator_keys SET revoked_at = $2, revoked_by = $3 WHERE id = $1', [
      row.id,
      new Date(nowMs),
      caller.person,
    ]);
    const after = viewOf({ ...row, revoked_at: new Date(nowMs) }, nowMs);
    await this.audit.record(tx, {
      caller,
      scope: 'operators:write',
      action: 'operators.revoke',
      subject: row.id,
      before: { ...viewOf(row, nowMs) },
      after: { ...after },
      ...(reason === undefined ? {} : { reason }),
    });
    return accepted(after);
  }

  /** A key with everybody above it, for the rule of four eyes. The root key has nobody. */
  async signatory(tx: EntityManager, person: string, keyId: string | null): Promise<Signatory> {
    if (keyId === null) return { person, issuers: [] };
    const rows = await tx.query<{ person: string }[]>(
      `WITH RECURSIVE above AS (
         SELECT k.issued_by_key FROM operator_keys k WHERE k.id = $1
         UNION SELECT k.issued_by_key FROM operator_keys k JOIN above a ON k.id = a.issued_by_key
       ) SELECT DISTINCT k.person FROM above a JOIN operator_keys k ON k.id = a.issued_by_key`,
      [keyId],
    );
    return { person, issuers: rows.map((row) => row.person) };
  }

  async isRevoked(tx: EntityManager, keyId: string | null): Promise<boolean> {
    if (keyId === null) return false;
    const rows = await tx.query<unknown[]>(
      'SELECT 1 FROM operator_keys WHERE id = $1 AND revoked_at IS NOT NULL',
      [keyId],
    );
    return rows.length > 0;
  }
}

function stateOf(row: KeyRow, nowMs: number): OperatorKeyView['state'] {
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at !== null && row.expires_at.getTime() <= nowMs ? 'expired' : 'active';
}

function callerOf(row: KeyRow): Caller {
  const { id: keyId, name, person, participant_id: participantId } = row;
  return participantId === null
    ? { kind: 'operator', keyId, name, person, scopes: new Set(row.scopes) }
    : { kind: 'participant', keyId, name, person, participantId };
}

function viewOf(row: KeyRow, nowMs: number): OperatorKeyView {
  return {
    id: row.id,
    name: row.name,
    person: row.person,
    scopes: row.scopes,
    participant: row.participant_id,
    state: stateOf(row, nowMs),
    issuedBy: row.issued_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
