import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hubKey } from '#contracts/operator/connections';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import type { PartnerEndpoint } from '#platform/partner-http/index';
import { readPublicKey } from '#platform/signing/index';

/** What a partner hands to the hub's operator. */
export interface Enrolment {
  readonly participantId: string;
  readonly role: PartnerRole;
  readonly clientId: string;
  readonly baseUrl: string;
  readonly publicKeyPem: string;
  readonly keyVersion: number;
}

export interface HubLinkOptions {
  readonly hubUrl: string;
  /** Where the hub keeps the operator key; absent: give `operatorKey`. */
  readonly dataDir: string;
  readonly operatorKey?: string;
  readonly warn: (message: string) => void;
}

/** A hub that starts beside its partners is there within seconds; later ones are waited for calmly. */
const SOON_MS = 50;
const PATIENT_TRIES = 200;
const RETRY_MS = 500;

/**
 * What happens once, outside the signed wire: partners learn the hub's key and the operator
 * enrols theirs. The hub may still be starting, so both are asked until they succeed.
 */
export class HubLink {
  private known: PartnerEndpoint | undefined;
  private closed = false;

  constructor(private readonly options: HubLinkOptions) {}

  /** The hub as partners call it; its key is pinned from the first answer on. */
  get endpoint(): PartnerEndpoint {
    if (this.known === undefined) throw new Error('the hub has not been met yet');
    return this.known;
  }

  async meet(): Promise<void> {
    this.known ??= await this.untilDone('meet the hub', async () => {
      const response = await fetch(`${this.options.hubUrl}/api/hub-key`, {
        signal: AbortSignal.timeout(5_000),
      });
      if (!response.ok) throw new Error(`GET /api/hub-key answered ${response.status}`);
      const { clientId, keyVersion, publicKeyPem } = hubKey.parse(await response.json());
      const key = readPublicKey(publicKeyPem);
      if (!key.ok) throw new Error(key.rejection.detail);
      return { clientId, keyVersion, publicKey: key.value, baseUrl: this.options.hubUrl };
    });
  }

  async enrol({ participantId, ...terms }: Enrolment): Promise<void> {
    await this.untilDone(`enrol ${participantId}`, async () => {
      const url = `${this.options.hubUrl}/api/participants/${participantId}/connection`;
      const response = await fetch(url, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await this.operatorKey()}`,
        },
        body: JSON.stringify(terms),
        signal: AbortSignal.timeout(5_000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
    });
  }

  /** Ends all asking. */
  close(): void {
    this.closed = true;
  }

  private async operatorKey(): Promise<string> {
    const { operatorKey, dataDir } = this.options;
    return operatorKey ?? (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
  }

  private async untilDone<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (this.closed) throw new Error(`stopped before it could ${what}`, { cause: error });
        // The first seconds are a hub that starts; after them somebody should know.
        if (tries % PATIENT_TRIES === 0)
          this.options.warn(`cannot ${what} yet: ${reasonOf(error)}`);
        await sleep(tries < PATIENT_TRIES ? SOON_MS : RETRY_MS);
      }
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
