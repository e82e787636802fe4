import { findCurrency } from '../currency.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { crc16, crcText } from './crc16.js';
import { decodeMpm } from './decode-mpm.js';
import type { QrIssueCode } from './issues.js';
import type { QrTemplate } from './mpm-decoding.js';
import type { TlvRecord } from './tlv.js';

/** An account to write: `guid` and children for 26 to 51, a plain value for 02 to 25. */
export interface MpmAccount {
  readonly id: string;
  readonly guid?: string | null;
  readonly value: string | QrTemplate;
}

/**
 * What a merchant-presented code says, under the names the decoder uses, so that a decoded code
 * can be written again. Absent and null mean the object is left out.
 */
export interface MpmFields {
  readonly payloadFormat?: string;
  readonly pointOfInitiation?: 'static' | 'dynamic' | null;
  readonly accounts: readonly MpmAccount[];
  readonly mcc?: string | null;
  /** ISO 4217, number or letters. */
  readonly currency?: string | null;
  /** Decimal text in major units. */
  readonly amount?: string | null;
  /** Objects 55 to 57. */
  readonly tip?: Readonly<Record<string, string>> | null;
  readonly country?: string | null;
  readonly merchantName?: string | null;
  readonly merchantCity?: string | null;
  readonly postalCode?: string | null;
  readonly additional?: QrTemplate | string | null;
  readonly language?: QrTemplate | string | null;
  readonly unreserved?: Readonly<Record<string, QrTemplate | string>> | null;
}

/** Findings a written code may have: what schemes prescribe, not what would be our mistake. */
const TOLERATED: ReadonlySet<QrIssueCode> = new Set([
  'missing',
  'payload-format-deviation',
  'payload-long',
  'amount-open',
]);

/**
 * Writes an EMVCo merchant-presented code: lengths in code points, checksum over UTF-8. What is
 * written is decoded before it is handed out, so that no code leaves here which the hub itself
 * would refuse; the rejection names the object.
 */
export function encodeMpm(fields: MpmFields): Outcome<string> {
  const writer = new TlvWriter();
  writer.put('00', fields.payloadFormat ?? '01');
  writer.put('01', pointOfInitiation(fields.pointOfInitiation));
  for (const account of fields.accounts) writer.put(account.id, accountValue(account));
  writer.put('52', fields.mcc);
  writer.put('53', currencyNumber(fields.currency));
  writer.put('54', fields.amount);
  for (const id of ['55', '56', '57']) writer.put(id, fields.tip?.[id]);
  writer.put('58', fields.country);
  writer.put('59', fields.merchantName);
  writer.put('60', fields.merchantCity);
  writer.put('61', fields.postalCode);
  writer.put('62', templateValue(fields.additional));
  writer.put('64', templateValue(fields.language));
  for (const [id, value] of sorted(fields.unreserved ?? {})) writer.put(id, templateValue(value));
  if (writer.fault !== undefined)
    return rejected('PARAM_ILLEGAL', writer.fault.text, writer.fault.id);
  return checked(withCrc(writer.text));
}

/** Appends object 63 with the checksum of everything before its value. */
export function withCrc(text: string): string {
  const opened = `${text}6304`;
  return opened + crcText(crc16(opened));
}

function checked(payload: string): Outcome<string> {
  const decoding = decodeMpm(payload);
  const issue = decoding.issues.find(({ code }) => !TOLERATED.has(code));
  if (issue === undefined && decoding.format === 'emvco-mpm') return accepted(payload);
  const path = issue?.path ?? '';
  const where = path === '' ? 'The code' : `Object ${path}`;
  return rejected(
    'PARAM_ILLEGAL',
    `${where} cannot be written: ${issue?.message ?? 'nothing in it names a merchant'}.`,
    path,
  );
}

function pointOfInitiation(value: MpmFields['pointOfInitiation']): string | null {
  return value === 'static' ? '11' : value === 'dynamic' ? '12' : null;
}

function currencyNumber(currency: string | null | undefined): string | null {
  if (currency === undefined || currency === null) return null;
  return findCurrency(currency)?.numeric ?? currency;
}

function accountValue(account: MpmAccount): string {
  if (typeof account.value === 'string') return account.value;
  const guid = account.guid ?? undefined;
  return templateText(guid === undefined ? account.value : { '00': guid, ...account.value });
}

function templateValue(value: QrTemplate | string | null | undefined): string | null {
  return value === null || value === undefined
    ? null
    : typeof value === 'string'
      ? value
      : templateText(value);
}

/** The inside of a template; a child that does not fit leaves a header the decoder refuses. */
export function templateText(children: Readonly<Record<string, string | TlvRecord>>): string {
  return sorted(children)
    .map(([id, value]) => tlvText(id, typeof value === 'string' ? value : templateText(value)))
    .join('');
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One object, its length in code points. */
export function tlvText(id: string, value: string): string {
  return id + String(codePoints(value)).padStart(2, '0') + value;
}

function codePoints(value: string): number {
  let count = 0;
  for (let i = 0; i < value.length; i++) {
    if ((value.charCodeAt(i) & 0xfc00) === 0xd800) i++;
    count++;
  }
  return count;
}

class TlvWriter {
  text = '';
  fault: { readonly id: string; readonly text: string } | undefined;

  put(id: string, value: string | null | undefined): void {
    if (value === null || value === undefined || this.fault !== undefined) return;
    const size = codePoints(value);
    if (!/^\d\d$/.test(id) || id === '63') {
      this.fault = { id, text: `"${id}" is not an object that can be written here.` };
    } else if (size < 1 || size > 99) {
      this.fault = { id, text: `Object ${id} has ${String(size)} characters; 1 to 99 fit.` };
    } else this.text += tlvText(id, value);
  }
}
