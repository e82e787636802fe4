import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '#platform/explained-error';
import type { PartnerResult } from '#domain/rejection';
import { z } from 'zod';

/** One signed call between a partner and the hub. */
export interface Step {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly operation: string;
  readonly resultStatus: string;
  readonly resultCode: string;
  readonly resultMessage: string;
  readonly ms: number;
}

/** What a payer's phone shows in the end. */
export interface ScanOutcome {
  readonly outcome: 'debited' | 'unconfirmed' | 'declined' | 'refused' | 'open' | 'unknown';
  readonly result: PartnerResult;
  readonly traceId: string;
  readonly paymentRequestId?: string;
  readonly merchantName?: string;
  readonly paymentAmount?: string;
  readonly payToAmount?: string;
  readonly quotePrice?: string;
  readonly balanceBefore: string;
  readonly balanceAfter: string;
  readonly steps: readonly Step[];
}

/** What a till shows in the end. */
export interface TillOutcome {
  readonly result: PartnerResult;
  readonly sale: { readonly requestId: string; readonly paymentId?: string | null };
  readonly traceId: string;
  readonly steps: readonly Step[];
  readonly codeValue?: string;
}

export interface ShownCode {
  readonly result: PartnerResult;
  readonly paymentCodes: readonly { readonly codeValue: string; readonly expireTime: string }[];
  readonly traceId: string;
  readonly steps: readonly Step[];
}

export interface StoreListing {
  readonly storeId: string;
  readonly currency: string;
  readonly entryUrl: string;
}

const address = z.looseObject({ controlUrl: z.string() });

const TIMEOUT_MS = 90_000;

/**
 * The human side of the simulated partners: what payers do with their phones and cashiers at
 * their tills. The hub is reached only by what the partners then send over the signed wire.
 */
export class SandboxControl {
  private constructor(
    readonly controlUrl: string,
    private readonly token: string,
  ) {}

  static async read(dataDir: string): Promise<SandboxControl> {
    const text = await readFile(join(dataDir, 'sandbox.json'), 'utf8');
    const { controlUrl } = address.parse(JSON.parse(text));
    const token = (await readFile(join(dataDir, 'sandbox.key'), 'utf8')).trim();
    return new SandboxControl(controlUrl, token);
  }

  async answers(): Promise<boolean> {
    try {
      const response = await fetch(`${this.controlUrl}/health`, {
        signal: AbortSignal.timeout(1_000),
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  scan(
    walletId: string,
    request: { customerId: string; codeValue: string; amount?: string },
  ): Promise<ScanOutcome> {
    return this.post(`/wallets/${encodeURIComponent(walletId)}/scan`, request);
  }

  showCode(walletId: string, customerId: string): Promise<ShownCode> {
    return this.post(`/wallets/${encodeURIComponent(walletId)}/show-code`, { customerId });
  }

  charge(
    acquirerId: string,
    request: { storeId: string; paymentCode: string; amount: string },
  ): Promise<TillOutcome> {
    return this.post(`/acquirers/${encodeURIComponent(acquirerId)}/charge`, request);
  }

  refund(
    acquirerId: string,
    request: { paymentId: string; amount: string; reason?: string },
  ): Promise<TillOutcome> {
    return this.post(`/acquirers/${encodeURIComponent(acquirerId)}/refunds`, request);
  }

  /** @param requestId the till's own id of the sale */
  cancel(acquirerId: string, requestId: string): Promise<TillOutcome> {
    return this.post(`/acquirers/${encodeURIComponent(acquirerId)}/cancellations`, { requestId });
  }

  order(acquirerId: string, request: { storeId: string; amount: string }): Promise<TillOutcome> {
    return this.post(`/acquirers/${encodeURIComponent(acquirerId)}/orders`, request);
  }

  /** Lets a store misbehave at its next push; `ok` takes that back. */
  async behaveNext(acquirerId: string, storeId: string, behaviour: string): Promise<void> {
    const path = `/acquirers/${encodeURIComponent(acquirerId)}/next-push`;
    await this.post(path, { storeId, behaviour });
  }

  /** The simulated wallets and acquirers, by id. */
  async partners(): Promise<{ readonly wallets: string[]; readonly acquirers: string[] }> {
    const { partners } = await this.send<{
      partners: readonly { readonly id: string; readonly role: 'mpp' | 'acqp' }[];
    }>('/partners', { method: 'GET' });
    const idsOf = (wanted: string): string[] =>
      partners.filter(({ role }) => role === wanted).map(({ id }) => id);
    return { wallets: idsOf('mpp'), acquirers: idsOf('acqp') };
  }

  /** Where an acquirer's shops are, and what they price in. */
  async stores(acquirerId: string): Promise<readonly StoreListing[]> {
    const path = `/acquirers/${encodeURIComponent(acquirerId)}/stores`;
    const { stores } = await this.send<{ stores: readonly StoreListing[] }>(path, {
      method: 'GET',
    });
    return stores;
  }

  /** The static code of a store's counter: the address of its acquirer's amount page. */
  async entryCode(acquirerId: string, storeId: string): Promise<string> {
    const stores = await this.stores(acquirerId);
    const store = stores.find((candidate) => candidate.storeId === storeId);
    if (store === undefined) throw new ExplainedError(`${acquirerId} has no store ${storeId}`);
    return store.entryUrl;
  }

  /** Every exchange of a trace so far, oldest first, also those that came after an answer. */
  async steps(traceId: string): Promise<readonly Step[]> {
    const { steps } = await this.send<{ steps: readonly Step[] }>(
      `/traces/${encodeURIComponent(traceId)}`,
      { method: 'GET' },
    );
    return steps;
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  private async send<T>(
    path: string,
    request: { method: string; headers?: Record<string, string>; body?: string },
  ): Promise<T> {
    const response = await fetch(`${this.controlUrl}${path}`, {
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw new ExplainedError(refusalOf(text) ?? `the sandbox answered ${String(response.status)}`);
  }
}

/** A problem document's own sentence. */
function refusalOf(text: string): string | undefined {
  try {
    const { detail, title } = JSON.parse(text) as { detail?: string; title?: string };
    return detail ?? title;
  } catch {
    return undefined;
  }
}
