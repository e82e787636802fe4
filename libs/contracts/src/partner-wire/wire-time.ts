/**
 * Four spellings of a time are in use on this wire (docs/sources.md A2): ISO 8601 with a colon in
 * the offset, without one, with a fraction and `Z`, and plain epoch milliseconds. A signature
 * covers the literal text, so reading must be liberal and never normalise what was sent.
 */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/i;
const EPOCH_MS = /^\d{12,14}$/;

/** UTC milliseconds of a wire time, or undefined when it is none of the four spellings. */
export function parseWireTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (EPOCH_MS.test(trimmed)) return Number(trimmed);
  const match = ISO.exec(trimmed);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  // Date.UTC rolls 31 February over into March; such a time was never meant.
  const back = new Date(utc);
  if (back.getUTCMonth() !== Number(month) - 1 || back.getUTCDate() !== Number(day)) {
    return undefined;
  }
  if (Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = offsetMinutes(zone);
  return offset === undefined ? undefined : utc - offset * 60_000;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.replace(':', '');
  const hours = Number(digits.slice(1, 3));
  const minutes = Number(digits.slice(3, 5));
  if (hours > 18 || minutes > 59) return undefined;
  return (digits.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** How we write a time: ISO 8601 with milliseconds and `+00:00`, which every known client reads. */
export function wireTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}+00:00`;
}
