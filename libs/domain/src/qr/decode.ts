import { readUtf8 } from './base64.js';
import {
  decodeAlipayPlusUrl,
  decodeUserCode,
  looksLikeUserCode,
  type MpmUrlDecoding,
  type OrderUrlDecoding,
  type UserCodeDecoding,
} from './decode-alipayplus.js';
import { CPM_OPENING, decodeCpm, type CpmDecoding } from './decode-cpm.js';
import { decodeMpm, MAX_PAYLOAD_LENGTH } from './decode-mpm.js';
import { decodeUri, type UriDecoding } from './decode-uri.js';
import { IssueLog, type QrIssue, type QrIssueCode } from './issues.js';
import { jsonInteger, type MpmDecoding } from './mpm-decoding.js';

/** Something no format claims; the payload is kept when it was text. */
export interface UnreadableDecoding {
  readonly format: 'unreadable';
  readonly verdict: 'reject';
  readonly issues: readonly QrIssue[];
  readonly payload: string;
  readonly crcOk: null;
  readonly schemes: readonly [];
  readonly tree: readonly [];
}

/**
 * The answer to any payload. Narrow by `format`: `emvco-mpm` and `unknown` (a look-alike) have
 * the EMVCo fields, the other formats those of their own decoders.
 */
export type QrDecoding =
  | MpmDecoding
  | CpmDecoding
  | UserCodeDecoding
  | MpmUrlDecoding
  | OrderUrlDecoding
  | UriDecoding
  | UnreadableDecoding;

export type QrFormat = QrDecoding['format'];

/**
 * Decodes whatever a camera or a partner hands in, and never throws: a code that cannot be paid
 * is an answer with issues. Bytes are read as UTF-8. The payload is taken as it is; surrounding
 * blanks are content, since a checksum covers them.
 */
export function decodeQr(payload: string | Uint8Array): QrDecoding {
  if (typeof payload === 'string') return decodeText(payload);
  const given: unknown = payload;
  if (!(given instanceof Uint8Array)) return unreadable('not-text', '');
  if (given.length > MAX_PAYLOAD_LENGTH * 4) return unreadable('oversize', '');
  const text = readUtf8(given);
  return text === undefined ? unreadable('not-utf8', '') : decodeText(text);
}

function decodeText(payload: string): QrDecoding {
  if (payload.length === 0) return unreadable('empty', payload);
  if (payload.length > MAX_PAYLOAD_LENGTH) return unreadable('oversize', payload.slice(0, 64));
  const first = payload.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    return looksLikeUserCode(payload) ? decodeUserCode(payload) : decodeMpm(payload);
  }
  if (payload.startsWith(CPM_OPENING)) return decodeCpm(payload);
  return (
    decodeAlipayPlusUrl(payload) ?? decodeUri(payload) ?? unreadable('unknown-format', payload)
  );
}

function unreadable(code: QrIssueCode, payload: string): UnreadableDecoding {
  const log = new IssueLog();
  log.add(code, '');
  return {
    format: 'unreadable',
    verdict: 'reject',
    issues: log.issues,
    payload,
    crcOk: null,
    schemes: [],
    tree: [],
  };
}

/** A decoding as plain JSON data, big amounts as digit strings. */
export function qrToJson(decoding: QrDecoding): Record<string, unknown> {
  if ('toJSON' in decoding) return decoding.toJSON();
  return Object.fromEntries(
    Object.entries(decoding).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'bigint' ? jsonInteger(value) : value,
    ]),
  );
}
