import type { KeyObject } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import type { PartnerEndpoint } from '../partner-http/index.js';
import { readPublicKey } from '../signing/index.js';
import type { PartnerKey } from '../wire/wire-call.js';

/** An enrolled participant: both ends of the wire take it as it is. */
export interface Connection extends PartnerEndpoint, PartnerKey {
  readonly role: PartnerRole;
  readonly publicKeyPem: string;
  readonly updatedAtMs: number;
}

/** What the operator enrols. */
export interface ConnectionTerms {
  readonly participantId: string;
  readonly role: PartnerRole;
  readonly clientId: string;
  readonly baseUrl: string;
  readonly publicKeyPem: string;
  readonly keyVersion: number;
}

interface ConnectionRow {
  participant_id: string;
  role: PartnerRole;
  client_id: string;
  base_url: string;
  public_key_pem: string;
  key_version: number;
  updated_at: Date;
}

const COLUMNS =
  'participant_id, role, client_id, base_url, public_key_pem, key_version, updated_at';

/**
 * Who is enrolled, in memory: the wire asks once per call and must not wait for a query to refuse
 * a stranger. Another process's change arrives with the next `refresh`.
 */
export class Connections {
  private byParticipant = new Map<string, Connection>();
  private byClient = new Map<string, Connection>();

  find(participantId: string): Connection | undefined {
    return this.byParticipant.get(participantId);
  }

  findByClient(clientId: string): Connection | undefined {
    return this.byClient.get(clientId);
  }

  list(): Connection[] {
    return [...this.byParticipant.values()];
  }

  /**
   * The key a call claims to be signed with. Versions 0 and 1 are one and the same: published
   * samples use both for a partner's first key (docs/sources.md A2).
   */
  findKey(clientId: string, keyVersion: number | undefined): Outcome<PartnerKey> {
    const connection = this.byClient.get(clientId);
    if (connection === undefined) {
      return rejected('INVALID_CLIENT', `Client ${clientId} is not enrolled with this hub.`);
    }
    const first = (version: number): number => Math.max(version, 1);
    if (keyVersion !== undefined && first(keyVersion) !== first(connection.keyVersion)) {
      return rejected(
        'KEY_NOT_FOUND',
        `Client ${clientId} has key version ${connection.keyVersion} enrolled, not ${keyVersion}.`,
      );
    }
    return accepted(connection);
  }

  /** Reads all connections again; keys that did not change are not parsed again. */
  async refresh(tx: EntityManager): Promise<void> {
    const rows = await tx.query<ConnectionRow[]>(
      `SELECT ${COLUMNS} FROM participant_connections ORDER BY participant_id`,
    );
    const known = this.byParticipant;
    const connections = rows.map((row) => {
      const before = known.get(row.participant_id);
      return before !== undefined && before.updatedAtMs === row.updated_at.getTime()
        ? before
        : connectionOf(row);
    });
    this.byParticipant = new Map(connections.map((item) => [item.participantId, item]));
    this.byClient = new Map(connections.map((item) => [item.clientId, item]));
  }

  /**
   * Enrols a participant or changes its enrolment; takes effect here with the next `refresh`,
   * after the transaction has committed. Refuses an unfit key and a client id of somebody else.
   */
  async put(tx: EntityManager, terms: ConnectionTerms): Promise<Outcome<Connection>> {
    const key = readPublicKey(terms.publicKeyPem);
    if (!key.ok) return key;
    const holders = await tx.query<{ participant_id: string }[]>(
      'SELECT participant_id FROM participant_connections WHERE client_id = $1 FOR UPDATE',
      [terms.clientId],
    );
    if (holders.some((holder) => holder.participant_id !== terms.participantId)) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `clientId ${terms.clientId} belongs to another participant; choose one of your own.`,
        'clientId',
      );
    }
    const rows = await tx.query<ConnectionRow[]>(
      `INSERT INTO participant_connections
         (participant_id, role, client_id, base_url, public_key_pem, key_version)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (participant_id) DO UPDATE SET
         role = excluded.role, client_id = excluded.client_id, base_url = excluded.base_url,
         public_key_pem = excluded.public_key_pem, key_version = excluded.key_version,
         updated_at = clock_timestamp()
       RETURNING ${COLUMNS}`,
      [
        terms.participantId,
        terms.role,
        terms.clientId,
        terms.baseUrl,
        pemOf(key.value),
        terms.keyVersion,
      ],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the enrolment returned no row');
    return accepted(connectionOf(row));
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function connectionOf(row: ConnectionRow): Connection {
  const key = readPublicKey(row.public_key_pem);
  if (!key.ok) throw new Error(`the stored key of ${row.participant_id} is not readable`);
  return {
    participantId: row.participant_id,
    role: row.role,
    clientId: row.client_id,
    baseUrl: row.base_url,
    publicKeyPem: row.public_key_pem,
    publicKey: key.value,
    keyVersion: row.key_version,
    updatedAtMs: row.updated_at.getTime(),
  };
}
