// The whole of the signed wire in one file, with nothing but Node: sign, call the hub, be called.
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const hubUrl = process.env.HUB_URL ?? 'http://127.0.0.1:4070';
const dataDir = process.env.WAYFARE_DATA_DIR ?? '.wayfare';
const PREFIX = '/aps/api/v1/';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let hubKey;

/** `<METHOD> <path>`, a line feed, then client id, time and the body's bytes joined by dots. */
function signedText(method, path, clientId, time, body) {
  return Buffer.concat([Buffer.from(`${method} ${path}\n${clientId}.${time}.`), body]);
}

function signatureOf(...message) {
  const signature = sign('sha256', signedText(...message), privateKey).toString('base64');
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
}

function check(header, ...message) {
  const base64 = decodeURIComponent(/signature=([^,]+)/.exec(header ?? '')?.[1] ?? '');
  if (!verify('sha256', signedText(...message), hubKey, Buffer.from(base64, 'base64'))) {
    throw new Error('this was not signed by the hub');
  }
}

/** Once: our key and address for the hub, its key for us. Needs the operator key. */
export async function enrol(participantId, role, clientId, baseUrl) {
  const response = await fetch(`${hubUrl}/api/participants/${participantId}/connection`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${readFileSync(`${dataDir}/operator.key`, 'utf8').trim()}`,
    },
    body: JSON.stringify({
      role,
      clientId,
      baseUrl,
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { publicKeyPem } = await (await fetch(`${hubUrl}/api/hub-key`)).json();
  hubKey = createPublicKey(publicKeyPem);
}

/** Signs and sends one call, checks the answer's signature, returns its body. */
export async function call(clientId, operation, message) {
  const path = PREFIX + operation;
  const time = new Date().toISOString();
  const body = Buffer.from(JSON.stringify(message));
  const response = await fetch(hubUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: signatureOf('POST', path, clientId, time, body),
    },
    body,
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const { headers } = response;
  check(headers.get('signature'), 'POST', path, clientId, headers.get('response-time'), answer);
  return JSON.parse(answer);
}

/** Answers the hub's calls: `operations` maps e.g. `payments/pay` to body => answer. */
export async function serve(operations) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const { method, url: path, headers } = request;
      const clientId = headers['client-id'];
      const asked = Buffer.concat(chunks);
      check(headers.signature, method, path, clientId, headers['request-time'], asked);
      const answer = await operations[path.slice(PREFIX.length)](JSON.parse(asked));
      const body = Buffer.from(JSON.stringify(answer));
      const time = new Date().toISOString();
      response.setHeader('content-type', 'application/json; charset=UTF-8');
      response.setHeader('client-id', clientId);
      response.setHeader('response-time', time);
      response.setHeader('signature', signatureOf(method, path, clientId, time, body));
      response.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** What a person does at a counter of the sandbox, for the other side of an example. */
export async function atCounter(path, body) {
  const { controlUrl } = JSON.parse(readFileSync(`${dataDir}/sandbox.json`, 'utf8'));
  const response = await fetch(controlUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${readFileSync(`${dataDir}/sandbox.key`, 'utf8').trim()}`,
    },
    body: JSON.stringify(body),
  });
  return response.json();
}
