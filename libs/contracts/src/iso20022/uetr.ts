const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Times of ids beyond this many bits begin in the year 2109. */
const TIME_BITS = 42n;
const RANDOM_BITS = 80n;

/**
 * The end-to-end reference that banks track a payment by. It is the payment's own id in another
 * spelling: the 80 random bits and the low 42 bits of its time fill the 122 free bits of a version 4
 * UUID. So two payments never share one, nobody has to store it, and every message about a
 * payment names the same.
 *
 * @param id prefix, then 26 characters as `makeId` forms them
 * @returns undefined for an id of another form, which has no UETR
 */
export function uetrOf(id: string): string | undefined {
  const body = /^[a-z]+_([0-9a-hjkmnp-tv-z]{26})$/.exec(id)?.[1];
  if (body === undefined) return undefined;
  let bits = 0n;
  for (const character of body) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  if (bits >> (RANDOM_BITS + TIME_BITS) !== 0n) return undefined;
  const hex = (value: bigint, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = hex(bits >> 74n, 12);
  const middle = hex((bits >> 62n) & 0xfffn, 3);
  const tail = hex((0b10n << 62n) | (bits & ((1n << 62n) - 1n)), 16);
  return `${head.slice(0, 8)}-${head.slice(8)}-4${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
