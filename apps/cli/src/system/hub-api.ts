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
  /** @param dataDir the folder of the hub, whose reader may do everything */
  constructor(
    private readonly url: string,
    private readonly dataDir: string,
  ) {}

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

  verifyInvariants(): Promise<InvariantsReport> {
    return this.get('/api/invariants');
  }

  private async get<T>(path: string): Promise<T> {
    const key = (await readFile(join(this.dataDir, 'operator.key'), 'utf8')).trim();
    const response = await fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    const { detail } = JSON.parse(text) as { detail?: string };
    throw new ExplainedError(detail ?? `the hub answered ${String(response.status)} to ${path}`);
  }
}
