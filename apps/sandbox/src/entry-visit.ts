import type { CastWallet } from './cast.js';

/**
 * What a wallet's web view does with a static entry code, which is an ordinary address: opens the
 * shop's page under the wallet's own name, sends the amount the payer typed, and takes the order
 * code out of the address it is sent on to. Other codes are returned as they are.
 *
 * Only addresses of this machine are opened: the simulated shops all live here.
 */
export async function openEntryPage(
  request: { readonly codeValue: string; readonly amount?: string | undefined },
  wallet: CastWallet,
  traceId: string,
): Promise<string> {
  const { codeValue, amount } = request;
  if (!/^http:\/\/127\.0\.0\.1:\d+\/e\/[\w-]+$/.test(codeValue)) return codeValue;
  const response = await fetch(codeValue, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': walletUserAgent(wallet),
      traceparent: `00-${traceId}-0000000000000001-01`,
    },
    body: new URLSearchParams({ amount: amount ?? '' }),
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  return response.headers.get('location') ?? codeValue;
}

/** How a wallet's web view names itself; acquirers recognise the payer's wallet by it. */
export function walletUserAgent(wallet: Pick<CastWallet, 'id'>): string {
  return `Mozilla/5.0 (Linux; Android 15) Mobile WayfareWallet/1.0 (${wallet.id})`;
}

/** The wallet a user agent names, or undefined for an ordinary browser. */
export function walletOfUserAgent(userAgent: string): string | undefined {
  return /WayfareWallet\/[\d.]+ \(([a-z][a-z0-9_]*)\)/.exec(userAgent)?.[1];
}
