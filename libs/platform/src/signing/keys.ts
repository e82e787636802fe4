import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { accepted, rejected, type Outcome } from '#domain/rejection';

/** A signing key and what its owner hands to others. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** X.509 SubjectPublicKeyInfo, PEM. */
  readonly publicKeyPem: string;
}

const generate = promisify(generateKeyPair);

/** Makes an RSA-2048 key pair off the event loop; takes 50 to 500 ms of one core. */
export async function createKeyPair(): Promise<KeyPair> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048, publicExponent: 0x10001 });
  return keyPairOf(privateKey);
}

/**
 * The key pair of a file, made on first use. Generated keys, not shipped ones: a private key in a
 * public repository signs for everybody. The file is PKCS#8 PEM, mode 0600, written aside and
 * linked into place, so that of two processes starting at once one wins and both use its key.
 *
 * @throws when the file exists and holds no RSA key, or the folder cannot be written
 */
export async function loadOrCreateKeyPair(path: string): Promise<KeyPair> {
  const existing = await readIfThere(path);
  if (existing !== undefined) return readKeyPair(existing, path);
  const pair = await createKeyPair();
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  return (await writeOnce(path, pem)) ? pair : readKeyPair(await readFile(path, 'utf8'), path);
}

/**
 * Writes a secret file that must never be overwritten: a second writer finds it there.
 *
 * @returns false when the file existed already
 */
export async function writeOnce(path: string, content: string | Buffer): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Reads a partner's public key as integrators paste it: X.509 PEM, PKCS#1 PEM, or the bare
 * Base64 body of either. Anything but RSA of at least 2048 bits is refused.
 */
export function readPublicKey(text: string): Outcome<KeyObject> {
  for (const candidate of publicKeyForms(text)) {
    try {
      const key = createPublicKey(candidate);
      if (key.asymmetricKeyType !== 'rsa') break;
      const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
      if (bits >= 2048) return accepted(key);
      return rejected(
        'PARAM_ILLEGAL',
        `publicKeyPem is an RSA key of ${bits} bits; at least 2048 are needed.`,
        'publicKeyPem',
      );
    } catch {
      // The next form may fit.
    }
  }
  return rejected(
    'PARAM_ILLEGAL',
    'publicKeyPem is not an RSA public key; send the X.509 PEM that begins BEGIN PUBLIC KEY.',
    'publicKeyPem',
  );
}

function publicKeyForms(text: string): Parameters<typeof createPublicKey>[0][] {
  // createPublicKey would derive the public half of a private key; nobody should send us one.
  if (text.includes('PRIVATE KEY')) return [];
  if (text.includes('-----BEGIN')) return [text];
  const der = Buffer.from(text.replace(/\s+/g, ''), 'base64');
  return [
    { key: der, format: 'der', type: 'spki' },
    { key: der, format: 'der', type: 'pkcs1' },
  ];
}

function keyPairOf(privateKey: KeyObject): KeyPair {
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKey, publicKeyPem };
}

function readKeyPair(pem: string, path: string): KeyPair {
  try {
    return keyPairOf(createPrivateKey(pem));
  } catch (cause) {
    throw new Error(`${path} does not hold a private key; remove it to have a new one made`, {
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
