import { parseWireTime } from '#contracts/partner-wire/wire-time';
import { accepted, rejected, type Outcome } from '#domain/rejection';

/**
 * Refuses a message whose time is too far from ours, so that a recorded one cannot be sent again
 * later. The public wire names no limit (docs/sources.md A2), hence it is an option.
 *
 * @returns the request time in UTC milliseconds
 */
export function checkRequestTime(text: string, nowMs: number, skewMs: number): Outcome<number> {
  const atMs = parseWireTime(text);
  if (atMs === undefined) {
    return rejected(
      'REQUEST_TIME_OUT_OF_RANGE',
      'Request-Time is not a time we can read; send ISO 8601 with an offset, such as ' +
        '2026-11-21T21:27:46+00:00, or epoch milliseconds.',
      'Request-Time',
    );
  }
  const offsetMs = atMs - nowMs;
  if (Math.abs(offsetMs) <= skewMs) return accepted(atMs);
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return rejected(
    'REQUEST_TIME_OUT_OF_RANGE',
    `Request-Time is ${seconds} s in the ${offsetMs < 0 ? 'past' : 'future'}; at most ` +
      `${Math.round(skewMs / 1000)} s are allowed. Check your clock and sign each sending anew.`,
    'Request-Time',
  );
}
