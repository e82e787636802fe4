import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnce } from '../signing/index.js';

/** Under this token Nest hands out the text of the root key. */
export const OPERATOR_KEY = Symbol('OperatorKey');

/** Where the root key lies; whoever can read the data folder may do everything. */
export function operatorKeyPath(dataDir: string): string {
  return join(dataDir, 'operator.key');
}

/**
 * The key with every scope, from which all others come. Made on first use, mode 0600, never
 * logged; loopback alone would let any web page or other user of the machine enrol a key of its
 * own and then sign payments.
 */
export async function loadOrCreateOperatorKey(dataDir: string): Promise<string> {
  const path = operatorKeyPath(dataDir);
  await writeOnce(path, `wop_${randomBytes(32).toString('base64url')}\n`);
  const key = (await readFile(path, 'utf8')).trim();
  if (key.length < 20) throw new Error(`${path} is too short; remove it to have a new one made`);
  return key;
}

/** The key of an Authorization header, if it is of the Bearer scheme (RFC 6750, section 2.1). */
export function bearerKeyOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Whether two keys are one; the time taken does not depend on how near they are. */
export function sameKey(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}
