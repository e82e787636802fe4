import { createSign, createVerify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkRequestTime,
  createKeyPair,
  formatSignatureHeader,
  loadOrCreateKeyPair,
  parseSignatureHeader,
  pathOfTarget,
  readPublicKey,
  signMessage,
  verifyMessage,
  type KeyPair,
  type SignedMessage,
} from './index.js';

/**
 * Goal: signatures made by the public clients verify here and ours verify there, while any
 * changed byte fails. Method: the signed string is assembled by hand from the published formula
 * and signed with Node's streaming API, apart from the code under test.
 */
let pair: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [pair, other] = await Promise.all([createKeyPair(), createKeyPair()]);
});

const body = '{\n   "paymentRequestId": "r-1",\n   "note": "\\u304d\\u3064"\n}';
const python: SignedMessage = {
  method: 'POST',
  path: '/ams/api/v1/payments/pay',
  clientId: 'ACQP_TEST_0001',
  time: '2026-11-21T21:27:46+00:00',
  body: Buffer.from(body),
};

/** As the published formula says, in one literal. */
function foreignSignature(text: string, key: KeyPair = pair): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(key.privateKey, 'base64');
}
const pythonText = () =>
  `POST /ams/api/v1/payments/pay\nACQP_TEST_0001.2026-11-21T21:27:46+00:00.${body}`;

describe('signature header', () => {
  it('accepts the shapes clients send and finds the same signature in each', () => {
    const base64 = foreignSignature(pythonText());
    const encoded = encodeURIComponent(base64);
    const shapes = [
      `algorithm=RSA256,keyVersion=1,signature=${encoded}`,
      `algorithm=RSA256, keyVersion=1, signature=${encoded}`,
      `Algorithm=rsa256 , KeyVersion=0 , Signature=${encoded}`,
      `algorithm=RSA256,keyVersion=1,signature=${base64}`,
      `algorithm=RSA256,clientId=ACQP_TEST_0001,keyVersion=1,signature=${encoded}`,
      `signature=${encoded}`,
    ];
    for (const shape of shapes) expect(verifyMessage(python, shape, pair.publicKey)).toBe('valid');
  });

  it('writes exactly three parts, the third URL-encoded', async () => {
    const header = await signMessage(python, pair.privateKey, 1);
    expect(header).toMatch(/^algorithm=RSA256,keyVersion=1,signature=[A-Za-z0-9%]+$/);
    const third = header.split(',')[2]?.slice('signature='.length) ?? '';
    const verified = createVerify('RSA-SHA256')
      .update(pythonText())
      .verify(pair.publicKey, decodeURIComponent(third), 'base64');
    expect(verified).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['words', 'not a signature'],
    ['no value', 'algorithm=RSA256,keyVersion=1,signature='],
    ['broken percent code', 'algorithm=RSA256,keyVersion=1,signature=%zz'],
    ['foreign letters', 'algorithm=RSA256,keyVersion=1,signature=äöü'],
    ['key version of words', 'algorithm=RSA256,keyVersion=one,signature=AAAA'],
  ])('does not read %s', (_, header) => {
    expect(parseSignatureHeader(header)).toBeUndefined();
    expect(verifyMessage(python, header, pair.publicKey)).toBe('unreadable');
  });

  it('survives plus, slash and padding of Base64', () => {
    const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x3e]);
    const header = formatSignatureHeader(3, bytes);
    expect(header).toContain('%2F');
    expect(header).toContain('%3D');
    expect(parseSignatureHeader(header)).toEqual({
      algorithm: 'RSA256',
      keyVersion: 3,
      signature: bytes,
    });
  });

  it('refuses another algorithm by name', () => {
    const header = `algorithm=HS256,keyVersion=1,signature=${encodeURIComponent(foreignSignature(pythonText()))}`;
    expect(verifyMessage(python, header, pair.publicKey)).toBe('algorithm');
  });
});

describe('verification', () => {
  it.each<[string, Partial<SignedMessage>]>([
    ['method', { method: 'PUT' }],
    ['path', { path: '/aps/api/v1/payments/pay' }],
    ['client id', { clientId: 'ACQP_TEST_0002' }],
    ['time in another spelling', { time: '2026-11-21T21:27:46+0000' }],
    ['re-serialised body', { body: Buffer.from(JSON.stringify(JSON.parse(body))) }],
    ['one more newline', { body: Buffer.from(`${body}\n`) }],
  ])('fails when the %s differs', async (_, change) => {
    const header = await signMessage(python, pair.privateKey, 1);
    expect(verifyMessage(python, header, pair.publicKey)).toBe('valid');
    expect(verifyMessage({ ...python, ...change }, header, pair.publicKey)).toBe('mismatch');
  });

  it('fails with a key of somebody else', async () => {
    const header = await signMessage(python, other.privateKey, 1);
    expect(verifyMessage(python, header, pair.publicKey)).toBe('mismatch');
  });

  it('covers bytes, not characters', async () => {
    const raw = { ...python, body: Buffer.from([0x7b, 0xff, 0x7d]) };
    const header = await signMessage(raw, pair.privateKey, 1);
    expect(verifyMessage(raw, header, pair.publicKey)).toBe('valid');
    const replaced = { ...raw, body: Buffer.from(raw.body.toString('utf8')) };
    expect(verifyMessage(replaced, header, pair.publicKey)).toBe('mismatch');
  });
});

describe('request target', () => {
  it.each([
    ['/aps/api/v1/payments/pay', '/aps/api/v1/payments/pay'],
    ['/aps/api/v1/payments/pay?x=/y', '/aps/api/v1/payments/pay'],
    ['https://127.0.0.1:18443/ams/api/v1/payments/pay', '/ams/api/v1/payments/pay'],
    ['http://host/a?b#c', '/a'],
    ['http://host', '/'],
    ['/a%20b/c', '/a%20b/c'],
  ])('%s is signed as %s', (target, path) => {
    expect(pathOfTarget(target)).toBe(path);
  });
});

describe('request time', () => {
  const nowMs = Date.UTC(2026, 10, 21, 21, 27, 46);
  it('accepts within the skew on both sides and tells which side it left', () => {
    const at = (offsetMs: number) => checkRequestTime(String(nowMs + offsetMs), nowMs, 300_000);
    expect(at(-300_000).ok && at(300_000).ok).toBe(true);
    const stale = at(-301_000);
    const early = at(400_000);
    expect(stale).toMatchObject({ rejection: { code: 'REQUEST_TIME_OUT_OF_RANGE' } });
    expect(!stale.ok && stale.rejection.detail).toContain('301 s in the past');
    expect(!early.ok && early.rejection.detail).toContain('400 s in the future');
    expect(checkRequestTime('soon', nowMs, 300_000).ok).toBe(false);
  });
});

describe('keys', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wayfare-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes one key, for its owner only, however many start at once', async () => {
    const path = join(folder, 'deep', 'hub.pem');
    const pairs = await Promise.all([1, 2, 3].map(() => loadOrCreateKeyPair(path)));
    const again = await loadOrCreateKeyPair(path);
    for (const made of pairs) expect(made.publicKeyPem).toBe(again.publicKeyPem);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('BEGIN PRIVATE KEY');
    expect(again.publicKeyPem).toContain('BEGIN PUBLIC KEY');
  });

  it('does not replace a file it cannot read', async () => {
    const path = join(folder, 'hub.pem');
    await writeFile(path, 'precious');
    await expect(loadOrCreateKeyPair(path)).rejects.toThrow(/does not hold a private key/);
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it('reads public keys in every form integrators paste', () => {
    const pkcs1 = pair.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');
    for (const text of [pair.publicKeyPem, pkcs1, bare(pair.publicKeyPem), bare(pkcs1)]) {
      const key = readPublicKey(text);
      expect(key.ok && key.value.equals(pair.publicKey)).toBe(true);
    }
  });

  it('refuses a private key, a small key, another kind and noise', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const curve = generateKeyPairSync('ed25519').publicKey;
    const refused = [
      pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      small.export({ type: 'spki', format: 'pem' }).toString(),
      curve.export({ type: 'spki', format: 'pem' }).toString(),
      'noise',
      '',
    ];
    for (const text of refused) expect(readPublicKey(text).ok).toBe(false);
  });
});
