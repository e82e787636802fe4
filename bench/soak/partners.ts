import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface TillAnswer {
  readonly result: { readonly resultStatus: 'S' | 'F' | 'U'; readonly resultCode: string };
  readonly sale: { readonly requestId: string; readonly paymentId: string };
  readonly codeValue?: string;
}

interface ShownCode {
  readonly paymentCodes: readonly { readonly codeValue: string }[];
}

export interface ScanAnswer {
  readonly outcome: string;
}

const WITHIN_MS = 60_000;
/** A till that gives up after some tries, like a queue of guests makes it. */
const INQUIRY_GAPS_MS = [500, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000, 5_000];
const REPEAT_GAPS_MS = [500, 1_000, 2_000, 3_000];

/**
 * The human side of the simulated partners. Its address is looked up for every call: a sandbox that
 * was killed comes back elsewhere.
 */
export class Partners {
  constructor(private readonly folder: string) {}

  async showCode(walletId: string, customerId: string): Promise<string | undefined> {
    const shown = await this.post<ShownCode>(`/wallets/${walletId}/show-code`, { customerId });
    return shown.paymentCodes[0]?.codeValue;
  }

  charge(
    acquirerId: string,
    sale: { readonly storeId: string; readonly amount: string; readonly paymentCode: string },
  ): Promise<TillAnswer> {
    const body = { ...sale, inquiryGapsMs: INQUIRY_GAPS_MS };
    return this.post(`/acquirers/${acquirerId}/charge`, body);
  }

  order(
    acquirerId: string,
    sale: { readonly storeId: string; readonly amount: string },
  ): Promise<TillAnswer> {
    return this.post(`/acquirers/${acquirerId}/orders`, sale);
  }

  scan(
    walletId: string,
    scan: { readonly customerId: string; readonly codeValue: string },
  ): Promise<ScanAnswer> {
    return this.post(`/wallets/${walletId}/scan`, scan);
  }

  cancel(acquirerId: string, requestId: string): Promise<TillAnswer> {
    return this.post(`/acquirers/${acquirerId}/cancellations`, { requestId });
  }

  refund(acquirerId: string, requestId: string, amount: string): Promise<TillAnswer> {
    const body = { requestId, amount, repeatGapsMs: REPEAT_GAPS_MS };
    return this.post(`/acquirers/${acquirerId}/refunds`, body);
  }

  loseAnswers(percent: number): Promise<unknown> {
    return this.post('/line', { lostAnswersPercent: percent });
  }

  /** What a wallet's customers are out of, together, in minor units. */
  async paidOut(walletId: string): Promise<bigint> {
    const { openingBalance, balances } = await this.call<{
      openingBalance: string;
      balances: { balance: string }[];
    }>('GET', `/wallets/${walletId}/balances`);
    return balances.reduce(
      (sum, { balance }) => sum + BigInt(openingBalance) - BigInt(balance),
      0n,
    );
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, body);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const listing = await readFile(join(this.folder, 'sandbox.json'), 'utf8');
    const { controlUrl } = JSON.parse(listing) as { controlUrl: string };
    const token = (await readFile(join(this.folder, 'sandbox.key'), 'utf8')).trim();
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }
}
