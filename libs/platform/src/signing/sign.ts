import { sign, verify, type KeyObject } from 'node:crypto';
import { formatSignatureHeader, parseSignatureHeader } from './signature-header.js';
import { signedText, type SignedMessage } from './signed-text.js';

/**
 * Signs in libuv's thread pool: an RSA-2048 signature takes 0.3 to 1 ms, and a payment needs two
 * of the hub's, so on the event loop they alone would cap it at some hundred payments a second.
 *
 * @returns the value of the `signature` header
 */
export function signMessage(
  message: SignedMessage,
  key: KeyObject,
  keyVersion: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('sha256', signedText(message), key, (error, signature) => {
      if (error === null) resolve(formatSignatureHeader(keyVersion, signature));
      else reject(error);
    });
  });
}

export type Verification = 'valid' | 'unreadable' | 'algorithm' | 'mismatch';

/**
 * Verifies on the calling thread: with a public exponent of 65537 it costs about 22 microseconds,
 * while a trip to the pool and back costs 34 (measured with RSA-2048 and bodies of 1 kB).
 */
export function verifyMessage(
  message: SignedMessage,
  header: string,
  key: KeyObject,
): Verification {
  const parsed = parseSignatureHeader(header);
  if (parsed === undefined) return 'unreadable';
  if (!['RSA256', 'RSA-SHA256', 'SHA256WITHRSA'].includes(parsed.algorithm.toUpperCase())) {
    return 'algorithm';
  }
  return verify('sha256', signedText(message), key, parsed.signature) ? 'valid' : 'mismatch';
}
