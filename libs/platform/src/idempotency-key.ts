import { accepted, rejected, type Outcome } from '#domain/rejection';

/** As HTTP spells it, for documents and answers. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

const MOST_CHARACTERS = 255;
/** A string of RFC 9651, section 3.3.3: printable ASCII between quotes, two characters escaped. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** Without its quotes, as many clients send a UUID; nothing that could be more than one value. */
const BARE = /^[\w.~:/+=-]+$/;

/**
 * The key by which a caller marks a request that it may have to send again
 * (draft-ietf-httpapi-idempotency-key-header): sent twice it must have one effect.
 *
 * @param header the value as it came; `"k"` and `k` are one key
 */
export function readIdempotencyKey(header: string): Outcome<string> {
  const value = header.trim();
  const key = QUOTED.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1') ?? BARE.exec(value)?.[0];
  if (key !== undefined && key.length > 0 && key.length <= MOST_CHARACTERS) return accepted(key);
  return rejected(
    'PARAM_ILLEGAL',
    `Give one ${IDEMPOTENCY_KEY} of 1 to ${String(MOST_CHARACTERS)} printable ASCII characters ` +
      'between double quotes, such as "8e03978e-40d5-43dd-bc93-6894a57f9324".',
    IDEMPOTENCY_KEY,
  );
}
