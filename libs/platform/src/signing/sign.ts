import { sign, verify, type KeyObject } from 'node:crypto';
import { formatSignatureHeader, parseSignatureHeader } from './signature-header.js';
import { signedText, type SignedMessage } from './signed-text.js';

/**
 * Signs in libuv's thread pool: an RSA-2048 signature takes most of a millisecond, and on the
 * event loop it would cap a hub at about a thousand answers a second whatever else it did.
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
 * Verifies on the calling thread: with a public exponent of 65537 it costs about 30 microseconds,
 * less than a trip to the pool and back (`bench/` measures both).
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
