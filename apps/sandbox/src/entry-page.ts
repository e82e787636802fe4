import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Cast } from './cast.js';
import type { AcquirerBook, Place } from './acquirer-book.js';
import type { AcquirerTill } from './acquirer-till.js';
import { walletOfUserAgent } from './entry-visit.js';

/** Reads the trace a wallet's web view passes on, so that the whole payment is one story. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/**
 * The page behind a store's static entry code. The acquirer recognises the payer's wallet by the
 * user agent, takes the amount, asks the hub for an order and sends the wallet on to its address.
 */
export function registerEntryPage(
  server: FastifyInstance,
  book: AcquirerBook,
  till: AcquirerTill,
  wallets: Cast['wallets'],
): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
  server.get<{ Params: { storeId: string } }>('/e/:storeId', async (request, reply) => {
    const place = book.place(request.params.storeId);
    if (place === undefined) return page(reply, 404, 'No such shop', notice('No such shop here.'));
    const walletId = walletOfUserAgent(request.headers['user-agent'] ?? '');
    const wallet = wallets.find(({ id }) => id === walletId);
    return page(reply, 200, place.merchant.name, form(place, wallet?.name));
  });
  server.post<{ Params: { storeId: string }; Body: Record<string, string> | undefined }>(
    '/e/:storeId',
    async (request, reply) => {
      const { storeId } = request.params;
      const userAgent = request.headers['user-agent'] ?? '';
      if (walletOfUserAgent(userAgent) === undefined) {
        return page(reply, 403, 'Open in a wallet', notice('Scan the code with your wallet app.'));
      }
      const parent = request.headers['traceparent'];
      const outcome = await till.order(
        { storeId, amount: request.body?.['amount'] ?? '' },
        { userAgent, traceId: TRACE_PARENT.exec(String(parent))?.[1] },
      );
      if (!outcome.ok) return page(reply, 422, 'Not possible', notice(outcome.rejection.detail));
      const { codeValue, result } = outcome.value;
      if (codeValue === undefined) {
        return page(reply, 502, 'Not possible', notice(result.resultMessage));
      }
      return reply.redirect(codeValue, 303);
    },
  );
}

function page(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body{font:1.1rem system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}
input,button{font:inherit;padding:.5rem}small{color:#666}</style>
${body}
<p><small>Simulated shop of the Wayfare sandbox. No real money moves here.</small></p>
</html>
`;
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action *",
      'cache-control': 'no-store',
    })
    .send(html);
}

function form({ merchant, store }: Place, walletName: string | undefined): string {
  const heading = `<h1>${escaped(merchant.name)}</h1><p>${escaped(store.name)}, ${escaped(merchant.city)}</p>`;
  if (walletName === undefined) {
    return `${heading}${notice('Open this page by scanning the code with your wallet app.')}`;
  }
  return `${heading}
<form method="post"><p><label>Amount in ${escaped(merchant.currency)}
<input name="amount" inputmode="decimal" required autofocus></label></p>
<button>Pay with ${escaped(walletName)}</button></form>`;
}

function notice(text: string): string {
  return `<p role="alert">${escaped(text)}</p>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
