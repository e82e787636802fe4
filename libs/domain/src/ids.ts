/**
 * Ids are typed by prefix, so that mixing two kinds does not compile and a log line explains
 * itself. The part after the prefix is 26 characters of Crockford base32: 48 bits of UTC
 * milliseconds, then 80 random bits, so that ids sort by time and are never reused.
 */
export type PaymentId = `pay_${string}`;
export type RefundId = `ref_${string}`;
export type DisputeId = `dsp_${string}`;
export type QuoteId = `quo_${string}`;
export type EntryId = `ent_${string}`;
export type CycleId = `cyc_${string}`;
export type WalletId = string;
export type AcquirerId = string;
export type MerchantId = string;
export type StoreId = string;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * @param prefix e.g. `pay_`
 * @param atMs UTC milliseconds
 * @param random 10 random bytes
 */
export function makeId<P extends string>(
  prefix: P,
  atMs: number,
  random: Uint8Array,
): `${P}${string}` {
  let time = '';
  let rest = atMs;
  for (let i = 0; i < 10; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let tail = '';
  for (let i = 0; i < 10; i += 5) {
    let bits = 0n;
    for (let j = 0; j < 5; j++) bits = (bits << 8n) | BigInt(random[i + j] ?? 0);
    for (let k = 7n; k >= 0n; k--) tail += ALPHABET.charAt(Number((bits >> (k * 5n)) & 31n));
  }
  return `${prefix}${time}${tail}`;
}
