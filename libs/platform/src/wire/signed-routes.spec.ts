import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { accepted, rejected } from '#domain/rejection';
import { systemClock } from '../clock.js';
import {
  createKeyPair,
  signMessage,
  verifyMessage,
  type KeyPair,
  type SignedMessage,
} from '../signing/index.js';
import { registerSignedRoutes, type WireCall, type WireExchange } from './index.js';

/**
 * Goal: whatever arrives at the wire is answered with HTTP 200, a `result` and a signature the
 * public clients verify. Method: a server on a real socket, requests signed here step by step.
 */
let hub: KeyPair;
let partner: KeyPair;
let app: FastifyInstance;
let origin: string;
const exchanges: WireExchange[] = [];
let seen: WireCall | undefined;

const CLIENT = 'ACQP_TEST_0001';
const PAY = '/aps/api/v1/payments/pay';

beforeAll(async () => {
  [hub, partner] = await Promise.all([createKeyPair(), createKeyPair()]);
  app = fastify({ logger: false, forceCloseConnections: true });
  const success = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'ok' } as const;
  await registerSignedRoutes(app, {
    operations: new Map([
      [
        'payments/pay',
        {
          roles: ['acqp' as const],
          handle: (call: WireCall) => {
            seen = call;
            return Promise.resolve({ result: success, paymentId: 'pay_1' });
          },
        },
      ],
      ['payments/cancelPayment', { handle: () => Promise.resolve(accepted({ result: success })) }],
      [
        'payments/inquiryPayment',
        { handle: () => Promise.resolve(rejected('ORDER_NOT_EXIST', 'No such order.')) },
      ],
      [
        'payments/notifyPayment',
        { roles: ['mpp' as const], handle: () => Promise.resolve({ result: success }) },
      ],
      ['payments/refund', { handle: () => Promise.reject(new Error('the database is away')) }],
      ['payments/slow', { handle: () => new Promise(() => undefined) }],
    ]),
    findKey: (clientId, keyVersion) => {
      if (clientId !== CLIENT) return rejected('INVALID_CLIENT', 'Not enrolled.');
      if ((keyVersion ?? 1) > 1) return rejected('KEY_NOT_FOUND', 'No such key.');
      return accepted({ participantId: 'acq_test', role: 'acqp', publicKey: partner.publicKey });
    },
    signer: { clientId: 'WAYFARE', keyVersion: 1, privateKey: hub.privateKey },
    clock: systemClock,
    skewMs: 300_000,
    timeoutMs: 150,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  origin = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());
beforeEach(() => {
  exchanges.length = 0;
  seen = undefined;
});

interface Sending {
  path?: string;
  method?: string;
  body?: string | Buffer;
  clientId?: string;
  time?: string;
  key?: KeyPair;
  headers?: Record<string, string>;
  signedPath?: string;
  signedBody?: string;
}

interface Reply {
  result: { resultStatus: string; resultCode: string; resultMessage: string };
  [field: string]: unknown;
}

async function headersOf(sending: Sending): Promise<Record<string, string>> {
  const { path = PAY, method = 'POST', body = '{}', clientId = CLIENT } = sending;
  const time = sending.time ?? new Date().toISOString().replace('Z', '+00:00');
  const message: SignedMessage = {
    method,
    path: sending.signedPath ?? path,
    clientId,
    time,
    body: Buffer.from(sending.signedBody ?? body),
  };
  return {
    'content-type': 'application/json',
    'Client-Id': clientId,
    'Request-Time': time,
    Signature: await signMessage(message, (sending.key ?? partner).privateKey, 1),
    ...sending.headers,
  };
}

/** Sends, and checks what must hold of every reply: 200, lower-case headers, a true signature. */
async function send(sending: Sending = {}): Promise<Reply> {
  const { path = PAY, method = 'POST', body = '{}' } = sending;
  const response = await fetch(origin + path, {
    method,
    headers: await headersOf(sending),
    ...(method === 'GET' ? {} : { body }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.status).toBe(200);
  expectSigned(method, path, response.headers.get('client-id'), {
    time: response.headers.get('response-time'),
    signature: response.headers.get('signature'),
    bytes,
  });
  return JSON.parse(bytes.toString()) as Reply;
}

function expectSigned(
  method: string,
  path: string,
  clientId: string | null,
  reply: { time: string | null; signature: string | null; bytes: Buffer },
): void {
  const message = {
    method,
    path,
    clientId: clientId ?? '',
    time: reply.time ?? '',
    body: reply.bytes,
  };
  expect(verifyMessage(message, reply.signature ?? '', hub.publicKey)).toBe('valid');
}

describe('a good call', () => {
  it('reaches its handler with what was sent and comes back signed', async () => {
    const body = '{\n   "note": "\\u304d"\n}';
    const reply = await send({ body });
    expect(reply).toMatchObject({ result: { resultStatus: 'S' }, paymentId: 'pay_1' });
    expect(seen).toMatchObject({
      participantId: 'acq_test',
      role: 'acqp',
      clientId: CLIENT,
      operation: 'payments/pay',
      path: PAY,
      body: { note: 'き' },
    });
    expect(seen?.rawBody.toString()).toBe(body);
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({ participantId: 'acq_test', timedOut: false });
  });

  it.each([
    ['the AMS prefix', '/ams/api/v1/payments/pay', 'payments/pay'],
    ['the AMS sandbox prefix', '/ams/sandbox/api/v1/payments/pay', 'payments/pay'],
  ])('works under %s, signed with the path as called', async (_, path, operation) => {
    expect((await send({ path })).result.resultStatus).toBe('S');
    expect(seen).toMatchObject({ path, operation });
  });

  it('takes cancel for cancelPayment', async () => {
    expect((await send({ path: '/ams/api/v1/payments/cancel' })).result.resultStatus).toBe('S');
  });

  it('takes epoch milliseconds, a zone without colon, and no content type', async () => {
    for (const time of [String(Date.now()), new Date().toISOString().replace('Z', '+0000')]) {
      expect((await send({ time })).result.resultStatus).toBe('S');
    }
    const body = Buffer.from('{}');
    const headers = await headersOf({ body });
    delete headers['content-type'];
    const response = await fetch(origin + PAY, { method: 'POST', headers, body });
    expect(((await response.json()) as Reply).result.resultStatus).toBe('S');
  });

  it('echoes the caller in client-id and spells header names in lower case', async () => {
    const raw = await overSocket(PAY, await headersOf({}), '{}');
    const names = raw.head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(':')[0]);
    expect(names).toEqual(expect.arrayContaining(['signature', 'response-time', 'client-id']));
    expect(raw.head).toContain(`client-id: ${CLIENT}`);
    expect(raw.head).toMatch(
      /signature: algorithm=RSA256,keyVersion=1,signature=[A-Za-z0-9%]+\r\n/,
    );
  });

  it('signs the pathname of an absolute-form target, as the Python client calls', async () => {
    const raw = await overSocket(`https://127.0.0.1:18443${PAY}`, await headersOf({}), '{}');
    expect(raw.head).toContain('HTTP/1.1 200');
    expect(JSON.parse(raw.body)).toMatchObject({ result: { resultStatus: 'S' } });
    const header = (name: string) =>
      new RegExp(`\r\n${name}: (.*)\r\n`).exec(raw.head)?.[1] ?? null;
    expectSigned('POST', PAY, header('client-id'), {
      time: header('response-time'),
      signature: header('signature'),
      bytes: Buffer.from(raw.body),
    });
  });
});

describe('a refused call', () => {
  it.each<[string, Sending, string]>([
    ['another key', {}, 'INVALID_SIGNATURE'],
    ['another path', { signedPath: '/ams/api/v1/payments/pay' }, 'INVALID_SIGNATURE'],
    ['a re-serialised body', { body: '{ "a": 1 }', signedBody: '{"a":1}' }, 'INVALID_SIGNATURE'],
    ['a stranger', { clientId: 'NOBODY' }, 'INVALID_CLIENT'],
    [
      'an unknown key version',
      { headers: { Signature: 'algorithm=RSA256,keyVersion=7,signature=AAAA' } },
      'KEY_NOT_FOUND',
    ],
    ['no signature', { headers: { Signature: '' } }, 'INVALID_SIGNATURE'],
    ['no client', { headers: { 'Client-Id': '' } }, 'INVALID_CLIENT'],
    ['no time', { headers: { 'Request-Time': '' } }, 'PARAM_ILLEGAL'],
    ['a stale time', { time: new Date(Date.now() - 3_600_000).toISOString() }, 'PARAM_ILLEGAL'],
    ['a future time', { time: String(Date.now() + 3_600_000) }, 'PARAM_ILLEGAL'],
    ['an unreadable time', { time: 'noon' }, 'PARAM_ILLEGAL'],
    ['another method', { method: 'PUT' }, 'METHOD_NOT_SUPPORTED'],
    ['GET', { method: 'GET', body: '' }, 'METHOD_NOT_SUPPORTED'],
    ['an unknown operation', { path: '/aps/api/v1/payments/steal' }, 'NO_INTERFACE_DEF'],
    ['an inherited name', { path: '/aps/api/v1/constructor' }, 'NO_INTERFACE_DEF'],
    [
      'an operation of the other role',
      { path: '/aps/api/v1/payments/notifyPayment' },
      'ACCESS_DENIED',
    ],
    ['text', { headers: { 'content-type': 'text/plain' } }, 'MEDIA_TYPE_NOT_ACCEPTABLE'],
    [
      'another charset',
      { headers: { 'content-type': 'application/json; charset=shift_jis' } },
      'MEDIA_TYPE_NOT_ACCEPTABLE',
    ],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 'MEDIA_TYPE_NOT_ACCEPTABLE'],
    ['malformed JSON', { body: '{"a":' }, 'PARAM_ILLEGAL'],
    ['an empty body', { body: '' }, 'PARAM_ILLEGAL'],
    ['broken UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 'PARAM_ILLEGAL'],
    ['deep nesting', { body: '['.repeat(100_000) }, 'PARAM_ILLEGAL'],
    ['equal keys', { body: '{"a":1,"a":2}' }, 'PARAM_ILLEGAL'],
    ['an order nobody knows', { path: '/aps/api/v1/payments/inquiryPayment' }, 'ORDER_NOT_EXIST'],
  ])('with %s', async (what, sending, code) => {
    const reply = await send(what === 'another key' ? { key: hub } : sending);
    expect(reply.result).toMatchObject({ resultStatus: 'F', resultCode: code });
    expect(reply.result.resultMessage.length).toBeGreaterThan(10);
    expect(seen).toBeUndefined();
  });

  it('tells what a signature must cover', async () => {
    const { result } = await send({ signedPath: '/wrong', body: '{"a":1}' });
    expect(result.resultMessage).toContain(`"POST ${PAY}"`);
    expect(result.resultMessage).toContain('7 bytes');
  });

  it('names the limit to a body of 2 MB, with a stated length or in chunks', async () => {
    const body = `{"a":"${'x'.repeat(2_000_000)}"}`;
    const stated = await send({ body });
    expect(stated.result).toMatchObject({ resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' });
    expect(stated.result.resultMessage).toContain('1048576');
    const headers = await headersOf({ body });
    const chunked = await overSocket(
      PAY,
      { ...headers, 'transfer-encoding': 'chunked' },
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(chunked.head).toContain('HTTP/1.1 200');
    expect(chunked.body).toContain('1048576');
  });
});

describe('trouble inside', () => {
  it('answers U to a fault, signed, and tells the log what it was', async () => {
    const reply = await send({ path: '/aps/api/v1/payments/refund' });
    expect(reply.result).toMatchObject({ resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' });
    expect(JSON.stringify(reply)).not.toContain('database');
    expect(exchanges[0]?.fault).toEqual(new Error('the database is away'));
  });

  it('answers U when the handler is late', async () => {
    const startedMs = performance.now();
    const reply = await send({ path: '/aps/api/v1/payments/slow' });
    expect(reply.result).toMatchObject({ resultStatus: 'U' });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(exchanges[0]?.timedOut).toBe(true);
  });

  it('keeps every body apart under load', async () => {
    const bodies = Array.from(
      { length: 100 },
      (_, i) => `{"n":"${createHash('md5').update(String(i)).digest('hex')}"}`,
    );
    const replies = await Promise.all(bodies.map((body) => send({ body })));
    expect(replies.every((reply) => reply.result.resultStatus === 'S')).toBe(true);
    expect(new Set(exchanges.map((exchange) => exchange.traceId)).size).toBe(100);
  });
});

/** A request written byte by byte: no client library in between corrects its target or names. */
async function overSocket(
  target: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ head: string; body: string }> {
  const { port } = new URL(origin);
  const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers });
  if (headers['transfer-encoding'] === undefined) {
    lines.push(['content-length', String(Buffer.byteLength(body))]);
  }
  const text = `POST ${target} HTTP/1.1\r\n${lines.map(([k, v]) => `${k}: ${v}`).join('\r\n')}\r\n\r\n${body}`;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.write(text);
  });
  const split = answer.indexOf('\r\n\r\n');
  return { head: answer.slice(0, split + 2), body: answer.slice(split + 4) };
}
