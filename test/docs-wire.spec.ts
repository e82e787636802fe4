// Goal: an integrator who follows the signing example byte by byte ends where the hub is.
// Method: read key, request and signed text out of the page and put them before Node's own RSA and
// before the hub's verifier; change each part and see it refused. The page's private key is gone,
// so the signature cannot have been made to fit by us.
import { createPublicKey, verify } from 'node:crypto';
import { SETTINGS } from '#platform/config';
import { signedText, verifyMessage, type SignedMessage } from '#platform/signing/index';
import { INBOUND_OPERATIONS, OPERATION_TIMEOUTS_MS } from '#contracts/partner-wire/operations';
import { fencesOf, readPage } from './docs/read-docs.js';

const page = readPage('docs/wire.md');
const fences = fencesOf('docs/wire.md', page);
const pem = fences.find(({ body }) => body.startsWith('-----BEGIN PUBLIC KEY'))?.body ?? '';
const request = fences.find(({ info, body }) => info === 'http' && body.startsWith('POST '));
const [head = '', body = ''] = request?.body.split('\n\n') ?? [];
const [line = '', ...headerLines] = head.split('\n');
const [method = '', path = ''] = line.split(' ');
const headers = new Map(
  headerLines.map((text) => [
    text.slice(0, text.indexOf(':')).toLowerCase(),
    text.slice(text.indexOf(':') + 1).trim(),
  ]),
);
const signature = headers.get('signature') ?? '';
const message: SignedMessage = {
  method,
  path,
  clientId: headers.get('client-id') ?? '',
  time: headers.get('request-time') ?? '',
  body: Buffer.from(body, 'utf8'),
};

describe('the signing example', () => {
  it('verifies by the rule in the prose, without our code', () => {
    const text = `${method} ${path}\n${message.clientId}.${message.time}.${body}`;
    const base64 = decodeURIComponent(signature.replace(/^.*signature=/, ''));
    const key = createPublicKey(pem);
    expect(verify('sha256', Buffer.from(text), key, Buffer.from(base64, 'base64'))).toBe(true);
    expect(fences.map((fence) => fence.body)).toContain(text);
    expect(signedText(message).toString('utf8')).toBe(text);
  });

  it('verifies at the hub, and nothing near it does', () => {
    const key = createPublicKey(pem);
    expect(verifyMessage(message, signature, key)).toBe('valid');
    const near: Partial<SignedMessage>[] = [
      { method: 'PUT' },
      { path: `${path}/` },
      { clientId: `${message.clientId}2` },
      { time: message.time.replace('+09:00', 'Z') },
      { body: Buffer.from(`${body}\n`) },
    ];
    for (const change of near) {
      expect(verifyMessage({ ...message, ...change }, signature, key)).toBe('mismatch');
    }
  });
});

describe('the operations', () => {
  const rows = [...page.matchAll(/^\| `((?:payments|codes|disputes)\/\w+)`/gm)].map(
    ([, name]) => name,
  );

  it('are all on the page, and no others', () => {
    const known = new Set([
      ...Object.keys(INBOUND_OPERATIONS),
      ...Object.keys(OPERATION_TIMEOUTS_MS),
    ]);
    expect([...new Set(rows)].sort()).toEqual([...known].sort());
  });

  it('are waited for as long as the page says', () => {
    expect(page).toContain(
      'Give the hub 8 s for `pay`, `userInitiatedPay`, `cancelPayment`, `refund`, 5 s for the rest',
    );
    const long = Object.entries(OPERATION_TIMEOUTS_MS)
      .filter(([, ms]) => ms === 8_000)
      .map(([name]) => name.replace('payments/', ''));
    expect(long.sort()).toEqual([
      'cancelPayment',
      'pay',
      'pushPayment',
      'refund',
      'userInitiatedPay',
    ]);
    expect(SETTINGS.HUB_ANSWER_WITHIN_MS.standard).toBe('7000');
  });
});
