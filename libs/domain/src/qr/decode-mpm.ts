import { listCurrencies } from '../currency.js';
import { MAX_WIRE_MINOR } from '../money.js';
import {
  crcText,
  HAS_ASTRAL,
  HAS_CONTROL,
  HAS_LONE_SURROGATE,
  HAS_NON_ASCII,
  scanText,
} from './crc16.js';
import { IssueLog } from './issues.js';
import { findScheme } from './match-schemes.js';
import { checkTemplate, GUID_FOUND } from './mpm-template.js';
import { MpmDecoding, type MpmScan } from './mpm-decoding.js';
import { hexNumber, IS_ZERO, parsesByBytes, readDecimal } from './mpm-text.js';
import { idText, twoDigits, valueEnd } from './tlv.js';

/** A QR symbol of version 40 holds 7,089 digits; nothing longer was ever scanned. */
export const MAX_PAYLOAD_LENGTH = 7089;

const READERS_MUST_SUPPORT = 512;

/** Longest value by id, in characters (MPM 1.1 table 3.2); longer live values only warn. */
const MAX_LENGTH = new Int8Array(100).fill(99);
for (const [id, length] of [
  [59, 25],
  [60, 15],
  [61, 10],
] as const)
  MAX_LENGTH[id] = length;

/** Decimals by ISO 4217 number; -1 for numbers that are no currency. */
const EXPONENTS = new Int8Array(1000).fill(-1);
for (const { numeric, exponent } of listCurrencies()) EXPONENTS[Number(numeric)] = exponent;

/**
 * Decodes an EMVCo merchant-presented code in one pass: structure, checksum, then the meaning of
 * each object (EMVCo MPM 1.1; deviations of live codes as docs/qr.md rules). A payload of
 * the same TLV shape that is another scheme's format gets `unknown`, not a checksum error.
 */
export function decodeMpm(payload: string): MpmDecoding {
  return new MpmReader(payload).read();
}

class MpmReader implements MpmScan {
  readonly log = new IssueLog();
  readonly text: number;
  readonly astral: boolean;
  crcOk = false;
  pointOfInitiation = 0;
  mcc = 0;
  currency = 0;
  amount = 0;
  country = 0;
  merchantName = 0;
  merchantCity = 0;
  postalCode = 0;
  tip = false;
  readonly objects: number[] = [];
  readonly ids: number[] = [];
  private format00 = 0;
  private tipIndicator = 0;
  private tipFixed = 0;
  private tipPercentage = 0;
  private accountReadable = false;
  private hasTemplate = false;
  private crcAt = -1;
  /** Ids seen, one bit each. */
  private seen0 = 0;
  private seen32 = 0;
  private seen64 = 0;
  private seen96 = 0;

  constructor(readonly payload: string) {
    this.text = scanText(payload, 4);
    this.astral = (this.text & HAS_ASTRAL) !== 0;
  }

  read(): MpmDecoding {
    const { payload, log, text } = this;
    if ((text & HAS_LONE_SURROGATE) !== 0) {
      log.add('lone-surrogate', '');
      return this.result('unknown', log);
    }
    const whole = this.readObjects();
    if (this.isOtherFormat(whole)) {
      const other = new IssueLog();
      other.add('unknown-format', '', 'objects as in EMVCo codes, but none of its mandatory ones');
      return this.result('unknown', other);
    }
    if (payload.length > READERS_MUST_SUPPORT) log.add('payload-long', '');
    if ((text & HAS_CONTROL) !== 0) log.add('control-character', '');
    this.checkCrc(whole);
    if (whole) this.checkMeaning();
    return this.result('emvco-mpm', log);
  }

  private result(format: 'emvco-mpm' | 'unknown', log: IssueLog): MpmDecoding {
    return new MpmDecoding(this, format, log.verdict, log.issues);
  }

  private readObjects(): boolean {
    const { payload, astral } = this;
    const size = payload.length;
    let at = 0;
    while (at < size) {
      const id = twoDigits(payload, at);
      const length = twoDigits(payload, at + 2);
      if (id < 0 || length < 0) return this.fault('tlv-header', at);
      const start = at + 4;
      const end = astral ? valueEnd(payload, start, length, size, true) : start + length;
      if (end > size) return this.fault('tlv-overrun', at);
      if (at === 0 && id !== 0) this.log.add('payload-format-not-first', '00');
      if (length === 0) this.log.add('zero-length', idText(id));
      else if (length > (MAX_LENGTH[id] as number)) this.log.add('too-long', idText(id));
      this.objects.push((start << 13) | end);
      this.ids.push(id);
      if (this.isRepeated(id)) this.log.add('duplicate', idText(id));
      else this.take(id, start, end, length);
      at = end;
    }
    return true;
  }

  private isRepeated(id: number): boolean {
    const bit = 1 << (id & 31);
    let before: number;
    if (id < 32) {
      before = this.seen0;
      this.seen0 |= bit;
    } else if (id < 64) {
      before = this.seen32;
      this.seen32 |= bit;
    } else if (id < 96) {
      before = this.seen64;
      this.seen64 |= bit;
    } else {
      before = this.seen96;
      this.seen96 |= bit;
    }
    return (before & bit) !== 0;
  }

  private take(id: number, start: number, end: number, length: number): void {
    const packed = (start << 13) | end;
    if (id >= 26 && id <= 51) {
      this.hasTemplate = true;
      const found = checkTemplate(this.payload, id, start, end, this.astral, this.log);
      if ((found & GUID_FOUND) !== 0) this.accountReadable = true;
      return;
    }
    if (id >= 2 && id <= 25) {
      if (length > 0) this.accountReadable = true;
      return;
    }
    switch (id) {
      case 0:
        this.format00 = packed;
        return;
      case 1:
        this.pointOfInitiation = packed;
        return;
      case 52:
        this.mcc = packed;
        return;
      case 53:
        this.currency = packed;
        return;
      case 54:
        this.amount = packed;
        return;
      case 55:
        this.tipIndicator = packed;
        this.tip = true;
        return;
      case 56:
        this.tipFixed = packed;
        this.tip = true;
        return;
      case 57:
        this.tipPercentage = packed;
        this.tip = true;
        return;
      case 58:
        this.country = packed;
        return;
      case 59:
        this.merchantName = packed;
        return;
      case 60:
        this.merchantCity = packed;
        return;
      case 61:
        this.postalCode = packed;
        return;
      case 63:
        this.crcAt = start;
        return;
      default:
        if (id === 62 || id === 64 || id >= 80) {
          checkTemplate(this.payload, id, start, end, this.astral, this.log);
        }
    }
  }

  private fault(code: 'tlv-header' | 'tlv-overrun', at: number): false {
    const { payload, log } = this;
    log.add(code, '', `at character ${String(at)}, "${payload.slice(at, at + 8)}"`);
    if ((this.text & HAS_NON_ASCII) !== 0 && parsesByBytes(payload)) log.add('length-in-bytes', '');
    return false;
  }

  /**
   * Other schemes use the same TLV shape (Raast keeps its checksum in object 10, Thai payment slips
   * in 91): a payload that has no checksum object and nothing of a merchant is not a damaged
   * EMVCo code.
   */
  private isOtherFormat(whole: boolean): boolean {
    if (this.format00 === 0 && this.pointOfInitiation === 0) return true;
    if (!whole || this.crcAt >= 0) return false;
    const merchant =
      this.mcc + this.currency + this.country + this.merchantName + this.merchantCity;
    return merchant === 0 && !(this.hasTemplate && this.isDigits(this.format00, 2));
  }

  private checkCrc(whole: boolean): void {
    const { payload, log } = this;
    // In broken structure the checksum can still tell a producer's fault from a damaged print.
    const crcAt = whole ? this.crcAt : payload.length - 4;
    if (!whole && !payload.startsWith('6304', crcAt - 4)) return;
    if (crcAt < 0) {
      log.add('crc-missing', '63');
      return;
    }
    const length = twoDigits(payload, crcAt - 2);
    if (crcAt + length !== payload.length) {
      log.add('crc-not-last', '63');
      return;
    }
    const stated = length === 4 ? hexNumber(payload, crcAt) : -1;
    if (stated < 0) {
      log.add('crc-malformed', '63');
      return;
    }
    const computed = this.text & 0xffff;
    this.crcOk = (stated & 0xffff) === computed;
    if (!this.crcOk) {
      const found = payload.slice(crcAt);
      log.add('crc-mismatch', '63', `${crcText(computed)} computed, ${found} stated`);
    } else if (stated > 0xffff) log.add('crc-lower-case', '63');
  }

  private checkMeaning(): void {
    this.checkFormat();
    if (!this.accountReadable) this.log.add('account-missing', '');
    if (this.mcc === 0) this.log.add('missing', '52');
    else if (!this.isDigits(this.mcc, 4)) this.log.add('bad-format', '52');
    if (this.country === 0) this.log.add('missing', '58');
    else if (!this.isCountry()) this.log.add('bad-format', '58');
    if (this.merchantName === 0) this.log.add('missing', '59');
    if (this.merchantCity === 0) this.log.add('missing', '60');
    const exponent = this.checkCurrency();
    if (this.amount !== 0) this.checkAmount(exponent);
    if (this.tip) this.checkTip(exponent);
  }

  private checkFormat(): void {
    const { payload, log, format00, pointOfInitiation } = this;
    if (format00 !== 0) {
      const version = this.isDigits(format00, 2) ? twoDigits(payload, format00 >> 13) : -1;
      if (version !== 1) {
        const value = payload.slice(format00 >> 13, format00 & 8191);
        const deviates = this.someScheme((id) =>
          (findScheme(id)?.allows?.payloadFormats ?? []).includes(value),
        );
        log.add(deviates ? 'payload-format-deviation' : 'payload-format-unsupported', '00', value);
      }
    }
    if (pointOfInitiation !== 0) {
      const method = this.isDigits(pointOfInitiation, 2)
        ? twoDigits(payload, pointOfInitiation >> 13)
        : -1;
      if (method !== 11 && method !== 12) log.add('bad-format', '01', 'neither 11 nor 12');
    }
  }

  /** Decimals of the code's currency, or -1 when they are not known (already reported). */
  private checkCurrency(): number {
    const { payload, currency, log } = this;
    if (currency === 0) {
      log.add('missing', '53');
      if (this.amount !== 0) log.add('currency-missing', '53');
      return -1;
    }
    const exponent = this.isDigits(currency, 3)
      ? (EXPONENTS[
          twoDigits(payload, currency >> 13) * 10 + payload.charCodeAt((currency >> 13) + 2) - 48
        ] as number)
      : -1;
    if (exponent < 0) {
      log.add('currency-unknown', '53', payload.slice(currency >> 13, currency & 8191));
    }
    return exponent;
  }

  private checkAmount(exponent: number): void {
    const { payload, amount, log } = this;
    const decimals = readDecimal(payload, amount >> 13, amount & 8191, 13);
    if (decimals < 0) {
      log.add('amount-format', '54', payload.slice(amount >> 13, amount & 8191));
      return;
    }
    if ((decimals & IS_ZERO) !== 0) {
      const open = this.someScheme((id) => findScheme(id)?.allows?.zeroAmount === true);
      log.add(open ? 'amount-open' : 'amount-zero', '54');
    }
    if (exponent < 0) return;
    if ((decimals & 15) > exponent) log.add('amount-decimals', '54');
    else if (exponent > 2 && !this.isCarried(exponent)) log.add('amount-too-large', '54');
  }

  /** Thirteen characters stay below the hub's bound unless the currency has over two decimals. */
  private isCarried(exponent: number): boolean {
    const [whole = '', fraction = ''] = this.payload
      .slice(this.amount >> 13, this.amount & 8191)
      .split('.');
    return BigInt(whole + fraction.padEnd(exponent, '0')) <= MAX_WIRE_MINOR;
  }

  private checkTip(exponent: number): void {
    const { payload, log, tipIndicator, tipFixed, tipPercentage } = this;
    const indicator = this.isDigits(tipIndicator, 2) ? twoDigits(payload, tipIndicator >> 13) : -1;
    if (tipIndicator !== 0 && (indicator < 1 || indicator > 3)) {
      log.add('tip-indicator', '55');
      return;
    }
    if ((tipFixed !== 0) !== (indicator === 2)) log.add('tip-inconsistent', '56');
    else if (indicator === 2) {
      const decimals = readDecimal(payload, tipFixed >> 13, tipFixed & 8191, 13);
      const wrong = decimals < 0 || (decimals & IS_ZERO) !== 0;
      if (wrong || (exponent >= 0 && (decimals & 15) > exponent)) log.add('tip-fixed', '56');
    }
    if ((tipPercentage !== 0) !== (indicator === 3)) log.add('tip-inconsistent', '57');
    else if (indicator === 3) {
      const start = tipPercentage >> 13;
      const end = tipPercentage & 8191;
      const decimals = readDecimal(payload, start, end, 5);
      const whole = end - start - ((decimals & 15) > 0 ? (decimals & 15) + 1 : 0);
      const wrong = decimals < 0 || (decimals & IS_ZERO) !== 0 || (decimals & 15) > 2;
      if (wrong || whole > 3 || Number(payload.slice(start, end)) >= 100) {
        log.add('tip-percentage', '57');
      }
    }
  }

  private isDigits(packed: number, length: number): boolean {
    const start = packed >> 13;
    const end = packed & 8191;
    if (end - start !== length) return false;
    for (let i = start; i < end; i++) {
      const digit = this.payload.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return false;
    }
    return true;
  }

  private isCountry(): boolean {
    const start = this.country >> 13;
    const first = this.payload.charCodeAt(start) - 65;
    const second = this.payload.charCodeAt(start + 1) - 65;
    const two = (this.country & 8191) - start === 2;
    return two && first >= 0 && first < 26 && second >= 0 && second < 26;
  }

  private someScheme(allows: (scheme: string) => boolean): boolean {
    const decoding = new MpmDecoding(this, 'emvco-mpm', 'accept', []);
    return decoding.schemes.some(({ scheme }) => allows(scheme));
  }
}
