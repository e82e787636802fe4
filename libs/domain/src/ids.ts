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
  // Letters come in fours of 20 bits, which no shift overflows. The time takes ten of them, so two
  // of its first four are cut off.
  const time =
    lettersOf(Math.floor(atMs / 2 ** 40)).slice(2) +
    lettersOf(Math.floor(atMs / 2 ** 20) % 2 ** 20) +
    lettersOf(atMs % 2 ** 20);
  return `${prefix}${time}${lettersOfFive(random, 0)}${lettersOfFive(random, 5)}`;
}

/** Eight letters for five bytes. */
function lettersOfFive(bytes: Uint8Array, from: number): string {
  const at = (index: number): number => bytes[from + index] ?? 0;
  return (
    lettersOf((at(0) << 12) | (at(1) << 4) | (at(2) >> 4)) +
    lettersOf(((at(2) & 15) << 16) | (at(3) << 8) | at(4))
  );
}

/** Four letters for 20 bits. */
function lettersOf(bits: number): string {
  return (
    ALPHABET.charAt(bits >> 15) +
    ALPHABET.charAt((bits >> 10) & 31) +
    ALPHABET.charAt((bits >> 5) & 31) +
    ALPHABET.charAt(bits & 31)
  );
}
