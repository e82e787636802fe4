import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../clock.js';
import { createKeyPair, signMessage, verifyMessage, type KeyPair } from '../signing/index.js';
import { PartnerHttp, type PartnerReply } from './index.js';

/**
 * Goal: whatever a partner does, a call ends as a signed answer or as unknown, in its time, and
 * never throws. Method: a bare Node server that answers, forges, stalls, floods and hangs up.
 */
let hub: KeyPair;
let partner: KeyPair;
let server: Server;
let port: number;
let http: PartnerHttp;
let behave: (request: IncomingMessage, body: Buffer, response: ServerResponse) => unknown;

beforeAll(async () => {
  [hub, partner] = await Promise.all([createKeyPair(), createKeyPair()]);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => behave(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  http = new PartnerHttp({
    signer: { clientId: 'WAYFARE', keyVersion: 1, privateKey: hub.privateKey },
    clock: systemClock,
  });
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const PATH = '/aps/api/v1/payments/pay';
const GOOD =
  '{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"},"paymentId":"p"}';

interface Answering {
  body?: string;
  key?: KeyPair;
  clientId?: string;
  status?: number;
  drop?: string[];
  signedBody?: string;
  path?: string;
}

/** A signed answer with one thing changed. */
const answering =
  (change: Answering = {}) =>
  async (_: IncomingMessage, __: Buffer, response: ServerResponse): Promise<void> => {
    const { body = GOOD, key = partner, clientId = 'WAYFARE', status = 200, drop = [] } = change;
    const time = new Date().toISOString();
    const signature = await signMessage(
      {
        method: 'POST',
        path: change.path ?? PATH,
        clientId,
        time,
        body: Buffer.from(change.signedBody ?? body),
      },
      key.privateKey,
      1,
    );
    const headers = { signature, 'response-time': time, 'client-id': clientId };
    const kept = Object.entries(headers).filter(([name]) => !drop.includes(name));
    response.writeHead(status, Object.fromEntries(kept)).end(body);
  };

function call(body: object = { a: 1 }, timeoutMs = 2_000, baseUrl?: string): Promise<PartnerReply> {
  return http.call({
    endpoint: {
      clientId: 'MPP_TEST',
      baseUrl: baseUrl ?? `http://127.0.0.1:${String(port)}/`,
      publicKey: partner.publicKey,
      keyVersion: 1,
    },
    operation: 'payments/pay',
    body,
    timeoutMs,
    traceId: '0af7651916cd43dd8448eb211c80319c',
  });
}

describe('a call to a partner', () => {
  it('sends one signed body and returns the signed answer', async () => {
    let verified = '';
    behave = async (request, body, response) => {
      verified = verifyMessage(
        {
          method: request.method ?? '',
          path: request.url ?? '',
          clientId: String(request.headers['client-id']),
          time: String(request.headers['request-time']),
          body,
        },
        String(request.headers['signature']),
        hub.publicKey,
      );
      await answering()(request, body, response);
    };
    const reply = await call({ note: 'きつね' });
    expect(verified).toBe('valid');
    expect(reply).toMatchObject({
      kind: 'answer',
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      body: { paymentId: 'p' },
    });
  });

  it("accepts an answer that names the partner's own client id", async () => {
    behave = answering({ clientId: 'MPP_TEST' });
    expect((await call()).kind).toBe('answer');
  });

  it('returns F and U answers as answers', async () => {
    for (const status of ['F', 'U']) {
      behave = answering({ body: `{"result":{"resultStatus":"${status}","resultCode":"X"}}` });
      expect(await call()).toMatchObject({ kind: 'answer', result: { resultStatus: status } });
    }
  });

  it.each<[string, Answering, string]>([
    ['no signature', { drop: ['signature'] }, 'signature'],
    ['no response time', { drop: ['response-time'] }, 'signature'],
    ["a stranger's key", {}, 'signature'],
    ['another body than signed', { signedBody: '{}' }, 'signature'],
    ['the path of another call', { path: '/aps/api/v1/payments/refund' }, 'signature'],
    ['the client id of a third party', { clientId: 'SOMEBODY' }, 'signature'],
    ['status 500', { status: 500 }, 'status'],
    ['status 400 with a good body', { status: 400 }, 'status'],
    ['malformed JSON', { body: '{"result":' }, 'malformed'],
    ['no result', { body: '{"paymentId":"p"}' }, 'malformed'],
    ['null', { body: 'null' }, 'malformed'],
    [
      'a status of its own',
      { body: '{"result":{"resultStatus":"OK","resultCode":"X"}}' },
      'malformed',
    ],
    [
      'equal keys',
      { body: '{"result":{"resultStatus":"F","resultStatus":"S","resultCode":"X"}}' },
      'malformed',
    ],
    ['an endless body', { body: `{"a":"${'x'.repeat(1_200_000)}"}` }, 'connection'],
  ])('is unknown with %s', async (what, change, reason) => {
    behave = answering(what === "a stranger's key" ? { key: hub } : change);
    const reply = await call();
    expect(reply).toMatchObject({ kind: 'unknown', reason });
  });

  it('is unknown when the partner hangs up, and the next call works', async () => {
    behave = (request) => request.socket.destroy();
    expect(await call()).toMatchObject({ kind: 'unknown', reason: 'connection' });
    behave = answering();
    expect((await call()).kind).toBe('answer');
  });

  it('is unknown when nobody listens', async () => {
    expect(await call({}, 2_000, 'http://127.0.0.1:1')).toMatchObject({
      kind: 'unknown',
      reason: 'connection',
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['never answers', () => undefined],
    ['stalls in mid-answer', (response) => response.writeHead(200).write('{"result"')],
  ])('is unknown in its time when the partner %s', async (_, stall) => {
    behave = (_request, _body, response) => stall(response);
    const reply = await call({}, 120);
    expect(reply).toMatchObject({ kind: 'unknown', reason: 'timeout' });
    expect(reply.elapsedMs).toBeGreaterThanOrEqual(100);
    expect(reply.elapsedMs).toBeLessThan(1_500);
  });
});
