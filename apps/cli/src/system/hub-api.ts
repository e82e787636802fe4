import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentExplanation } from '#contracts/operator/payments';
import type { StoreCodeView } from '#contracts/operator/network';
import type { InvariantsReport } from '#contracts/operator/verification';
import { ExplainedError } from '#platform/explained-error';

const TIMEOUT_MS = 10_000;
const POLL_MS = 25;

/** The hub's operator API, as the verbs need it. */
export class HubApi {
  constructor(private readonly url: string) {}

  explain(paymentId: string): Promise<PaymentExplanation> {
    return this.get(`/api/payments/${encodeURIComponent(paymentId)}/explanation`);
  }

  storeCode(storeId: string, amount?: string): Promise<StoreCodeView> {
    const query = amount === undefined ? '' : `?amount=${encodeURIComponent(amount)}`;
    return this.get(`/api/stores/${encodeURIComponent(storeId)}/code${query}`);
  }

  /** The explanation once the payment has ended and its entries, if any, are posted. */
  async explainWhenCleared(paymentId: string, withinMs: number): Promise<PaymentExplanation> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const explanation = await this.explain(paymentId);
      const settled =
        explanation.nextDuty === null &&
        explanation.entries.every((entry) => entry.state === 'posted') &&
        (explanation.payment.state !== 'succeeded' || explanation.entries.length > 0);
      if (settled || performance.now() > deadlineMs) return explanation;
      await sleep(POLL_MS);
    }
  }

  /** @param dataDir the folder of the hub, whose reader is the operator */
  async verifyInvariants(dataDir: string): Promise<InvariantsReport> {
    const key = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
    return this.get('/api/invariants', { authorization: `Bearer ${key}` });
  }

  private async get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    const { detail } = JSON.parse(text) as { detail?: string };
    throw new ExplainedError(detail ?? `the hub answered ${String(response.status)} to ${path}`);
  }
}
