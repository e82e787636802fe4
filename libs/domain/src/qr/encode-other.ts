import { accepted, rejected, type Outcome } from '../rejection.js';
import { writeBase64 } from './base64.js';
import { fromHex, writeBer } from './ber-tlv.js';
import { decodeAlipayPlusUrl, decodeUserCode, looksLikeUserCode } from './decode-alipayplus.js';
import { decodeCpm } from './decode-cpm.js';
import { decodeUri } from './decode-uri.js';
import { templateText } from './encode-mpm.js';
import type { QrIssue } from './issues.js';

/** A BER-TLV object to write, its value in hexadecimal. */
export interface CpmObject {
  readonly tag: string;
  readonly hex: string;
}

export interface CpmFields {
  /** One or two applications; each needs a 4F. */
  readonly applications: readonly (readonly CpmObject[])[];
  readonly common?: readonly CpmObject[];
}

/** Writes a consumer-presented code; what the hub's own decoder refuses is not handed out. */
export function encodeCpm(fields: CpmFields): Outcome<string> {
  const objects = [...fields.applications.flat(), ...(fields.common ?? [])];
  const wrong = objects.find(({ tag, hex }) => !isHex(tag) || !isHex(hex) || hex.length > 1024);
  if (wrong !== undefined) {
    return rejected('PARAM_ILLEGAL', `Object ${wrong.tag} is not hexadecimal.`, wrong.tag);
  }
  const template = (tag: string, inside: readonly CpmObject[]) =>
    writeBer(tag, concat(inside.map((object) => writeBer(object.tag, fromHex(object.hex)))));
  const parts = [
    writeBer('85', fromHex('4350563031')),
    ...fields.applications.map((inside) => template('61', inside)),
    ...(fields.common === undefined ? [] : [template('62', fields.common)]),
  ];
  const payload = writeBase64(concat(parts));
  return unlessRefused(payload, decodeCpm(payload).issues);
}

function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(text);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Writes a user-presented code. The digits are the caller's: an issuer draws them at random,
 * and the domain has no randomness.
 *
 * @param codeIssuer six digits
 * @param userNumber sixteen digits
 */
export function encodeUserCode(codeIssuer: string, userNumber: string): Outcome<string> {
  if (!/^\d{6}$/.test(codeIssuer)) {
    return rejected('PARAM_ILLEGAL', 'A code issuer has six digits.', 'codeIssuer');
  }
  if (!/^\d{16}$/.test(userNumber)) {
    return rejected('PARAM_ILLEGAL', 'A user number has sixteen digits.', 'userNumber');
  }
  const payload = `${codeIssuer}02${userNumber}`;
  return looksLikeUserCode(payload)
    ? unlessRefused(payload, decodeUserCode(payload).issues)
    : rejected('PARAM_ILLEGAL', 'This issuer reads as the start of another format.', 'codeIssuer');
}

/**
 * Writes an acquirer's order code address.
 *
 * @param host e.g. `qr.example.com`
 * @param orderCodePrefix twelve digits `281xxx04xxxx`
 * @param token what the acquirer finds the order by
 */
export function encodeOrderUrl(
  host: string,
  orderCodePrefix: string,
  token: string,
): Outcome<string> {
  const payload = `https://${host}/${orderCodePrefix}${token}`;
  const decoding = decodeAlipayPlusUrl(payload);
  const same =
    decoding?.format === 'alipayplus-order-url' &&
    decoding.orderCodePrefix === orderCodePrefix &&
    decoding.path === orderCodePrefix + token;
  return same && payload.length <= 512
    ? accepted(payload)
    : rejected('PARAM_ILLEGAL', 'The prefix must be 281xxx04xxxx and the address plain.', 'code');
}

/** What a merchant-presented address of version 3 says. */
export interface MpmUrlFields {
  readonly domain: string;
  /** Platform and merchant: children of CDSD by two digits. */
  readonly merchant: Readonly<Record<string, string>>;
  /** Issuer and its program: children of CIRD. */
  readonly issuer: Readonly<Record<string, string>>;
}

/** Writes `HTTPS://<domain>/MPM/3/<base64>`, upper case as its standard samples do. */
export function encodeMpmUrl(fields: MpmUrlFields): Outcome<string> {
  const body =
    named('PLVS', '01') +
    named('CDSD', templateText(fields.merchant)) +
    named('CIRD', templateText(fields.issuer));
  const bytes = new TextEncoder().encode(named('GPLD', body));
  const payload = `HTTPS://${fields.domain}/MPM/3/${writeBase64(bytes)}`;
  const decoding = decodeAlipayPlusUrl(payload);
  return decoding === undefined
    ? rejected('PARAM_ILLEGAL', `"${fields.domain}" is not a domain.`, 'domain')
    : unlessRefused(payload, decoding.issues);
}

function named(id: string, value: string): string {
  return id + String(Array.from(value).length).padStart(3, '0') + value;
}

/** Writes a UPI payment link; names are NPCI's (`pa`, `pn`, `am`, `tr`, …). */
export function encodeUpi(params: Readonly<Record<string, string>>): Outcome<string> {
  const query = Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%40', '@')}`)
    .join('&');
  const payload = `upi://pay?${query}`;
  return unlessRefused(payload, decodeUri(payload)?.issues ?? []);
}

function unlessRefused(payload: string, issues: readonly QrIssue[]): Outcome<string> {
  const issue = issues.find(({ severity }) => severity !== 'info');
  if (issue === undefined) return accepted(payload);
  return rejected('PARAM_ILLEGAL', `The code cannot be written: ${issue.message}.`, issue.path);
}
