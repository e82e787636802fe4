import { readBase64, readUtf8 } from './base64.js';
import { IssueLog, type QrIssue, type QrVerdict } from './issues.js';
import { findScheme } from './match-schemes.js';
import type { SchemeMatch } from './scheme.js';
import { readSpans, idText } from './tlv.js';

/** What all codes without a tree share. */
export interface PlainDecoding<Format extends string> {
  readonly format: Format;
  readonly verdict: QrVerdict;
  readonly issues: readonly QrIssue[];
  readonly payload: string;
  readonly crcOk: null;
  readonly schemes: readonly SchemeMatch[];
  readonly tree: readonly [];
}

/** A user-presented payment code; the three parts are null in its legacy lengths. */
export interface UserCodeDecoding extends PlainDecoding<'alipayplus-user-code'> {
  readonly codeIssuerIdentifier: string | null;
  readonly businessTypeIdentifier: string | null;
  readonly userIdentificationNumber: string | null;
  /** 17 to 19 digits, before code issuers had numbers of their own. */
  readonly legacy: boolean;
}

export type MpmUrlObjects = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A merchant-presented code of version 3: an address with a base64 payload. */
export interface MpmUrlDecoding extends PlainDecoding<'alipayplus-mpm-url'> {
  readonly domain: string;
  readonly standard: string;
  readonly version: string;
  readonly generalPayload: string | null;
  readonly objects: MpmUrlObjects | null;
}

/** An order code issued by an acquirer (or by the hub) as an address. */
export interface OrderUrlDecoding extends PlainDecoding<'alipayplus-order-url'> {
  readonly host: string;
  readonly path: string;
  readonly prefix: string;
  readonly acquirerCode: string;
  /** The twelve digits that name the issuing acquirer. */
  readonly orderCodePrefix: string;
}

/** Builds the shared part; `identifiers` are what routing reads. */
export function plain<Format extends string>(
  format: Format,
  payload: string,
  log: IssueLog,
  scheme: string,
  identifiers: Readonly<Record<string, string>>,
): PlainDecoding<Format> {
  const name = findScheme(scheme)?.name ?? scheme;
  return {
    format,
    verdict: log.verdict,
    issues: log.issues,
    payload,
    crcOk: null,
    schemes: [{ scheme, name, path: '', use: null, guid: null, identifiers }],
    tree: [],
  };
}

/** True for text that can only be a user code: digits, 17 to 32 of them, of a known opening. */
export function looksLikeUserCode(payload: string): boolean {
  const { length } = payload;
  if (length < 17 || length > 32 || payload.startsWith('0002')) return false;
  for (let i = 0; i < length; i++) {
    const digit = payload.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return length > 19 || payload.startsWith('28');
}

/**
 * Decodes a user-presented code (docs/sources.md A3): 24 digits are issuer, business type and user
 * number; 17 to 19 digits are legacy codes beginning with 28; other lengths are reserved.
 */
export function decodeUserCode(payload: string): UserCodeDecoding {
  const log = new IssueLog();
  const legacy = payload.length < 20;
  const mainstream = payload.length === 24;
  if (!legacy && !mainstream) log.add('code-reserved', '', `${String(payload.length)} digits`);
  const issuer = mainstream ? payload.slice(0, 6) : null;
  const businessType = mainstream ? payload.slice(6, 8) : null;
  if (businessType !== null && businessType !== '02') {
    log.add('business-type', 'businessTypeIdentifier', businessType);
  }
  return {
    ...plain(
      'alipayplus-user-code',
      payload,
      log,
      'alipayplus',
      issuer === null ? {} : { codeIssuer: issuer },
    ),
    codeIssuerIdentifier: issuer,
    businessTypeIdentifier: businessType,
    userIdentificationNumber: mainstream ? payload.slice(8) : null,
    legacy,
  };
}

const MPM_URL = /^https:\/\/([a-z0-9.-]+(?::\d+)?)\/(MPM)\/(\d+)\/([^?#]*)$/i;
const ORDER_URL = /^https:\/\/([a-z0-9.-]+(?::\d+)?)\/((281)(\d{3})04\d{4}[^?#]*)/i;

/** Decodes an Alipay+-style address, or undefined when the address is something else. */
export function decodeAlipayPlusUrl(
  payload: string,
): MpmUrlDecoding | OrderUrlDecoding | undefined {
  const mpm = MPM_URL.exec(payload);
  if (mpm !== null) return decodeMpmUrl(payload, mpm);
  const order = ORDER_URL.exec(payload);
  if (order === null) return undefined;
  const [, host = '', path = '', prefix = '', acquirerCode = ''] = order;
  const orderCodePrefix = path.slice(0, 12);
  const identifiers = { acquirerCode, orderCodePrefix };
  return {
    ...plain('alipayplus-order-url', payload, new IssueLog(), 'alipayplus', identifiers),
    host,
    path,
    prefix,
    acquirerCode,
    orderCodePrefix,
  };
}

function decodeMpmUrl(payload: string, match: RegExpExecArray): MpmUrlDecoding {
  const [, domain = '', standard = '', version = '', encoded = ''] = match;
  const log = new IssueLog();
  if (version !== '3') log.add('version-unsupported', 'version', version);
  const base64 = readBase64(encoded);
  if (base64 === undefined) log.add('base64-malformed', 'generalPayload');
  else if (!base64.canonical) log.add('base64-not-canonical', 'generalPayload');
  const text = base64 === undefined ? undefined : readUtf8(base64.bytes);
  if (base64 !== undefined && text === undefined) log.add('not-utf8', 'generalPayload');
  const objects = text === undefined ? null : readGeneralPayload(text, log);
  const merchant = objects?.['CDSD'];
  const identifiers =
    typeof merchant === 'object'
      ? { platform: merchant['01'] ?? '', merchantId: merchant['02'] ?? '' }
      : {};
  return {
    ...plain('alipayplus-mpm-url', payload, log, 'alipayplus', identifiers),
    domain,
    standard: standard.toUpperCase(),
    version,
    generalPayload: text ?? null,
    objects,
  };
}

/** Templates of the general payload; their children are objects of two and two digits. */
const NESTED = new Set(['CDSD', 'CIRD']);

function readGeneralPayload(text: string, log: IssueLog): MpmUrlObjects | null {
  const outer = readNamed(text, log, '');
  const body = outer?.get('GPLD');
  if (outer !== undefined && body === undefined) log.add('parameter-missing', 'GPLD');
  const inner = body === undefined ? undefined : readNamed(body, log, 'GPLD');
  if (inner === undefined) return null;
  const objects: Record<string, string | Record<string, string>> = {};
  for (const [id, value] of inner) {
    objects[id] = NESTED.has(id) ? readNested(id, value, log) : value;
  }
  return objects;
}

/** Objects of four letters and three digits of length, counted in characters. */
function readNamed(text: string, log: IssueLog, parent: string): Map<string, string> | undefined {
  const points = Array.from(text);
  const objects = new Map<string, string>();
  for (let at = 0; at < points.length;) {
    const header = points.slice(at, at + 7).join('');
    const match = /^([A-Z]{4})(\d{3})$/.exec(header);
    const id = match?.[1] ?? '';
    const length = Number(match?.[2] ?? Number.NaN);
    if (match === null || at + 7 + length > points.length) {
      log.add(match === null ? 'tlv-header' : 'tlv-overrun', parent, `"${header}"`);
      return undefined;
    }
    const path = parent === '' ? id : `${parent}.${id}`;
    if (objects.has(id)) log.add('duplicate', path);
    else objects.set(id, points.slice(at + 7, at + 7 + length).join(''));
    at += 7 + length;
  }
  return objects;
}

function readNested(id: string, value: string, log: IssueLog): Record<string, string> {
  const { spans, whole } = readSpans(value, 0, value.length, true);
  if (!whole) log.add('tlv-header', id);
  const children: Record<string, string> = {};
  for (const span of spans) {
    const key = idText(span.id);
    if (key in children) log.add('duplicate', `${id}.${key}`);
    else children[key] = value.slice(span.start, span.end);
  }
  return children;
}
