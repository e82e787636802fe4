import { findCurrencyByNumeric, type CurrencyCode } from '../currency.js';
import { crcText, HAS_ASTRAL } from './crc16.js';
import type { QrIssue, QrVerdict } from './issues.js';
import { matchSchemes, type QrAccount } from './match-schemes.js';
import type { SchemeMatch } from './scheme.js';
import { findChild, idText, readTemplate, readTree, type TlvNode, type TlvRecord } from './tlv.js';

/** What one pass over a payload found; positions are packed as `start * 8192 + end`, 0 = absent. */
export interface MpmScan {
  readonly payload: string;
  /** Checksum of all but the last four characters, and the flags of `scanText`. */
  readonly text: number;
  readonly crcOk: boolean;
  readonly pointOfInitiation: number;
  readonly mcc: number;
  readonly currency: number;
  readonly amount: number;
  readonly country: number;
  readonly merchantName: number;
  readonly merchantCity: number;
  readonly postalCode: number;
  readonly tip: boolean;
  /** All top-level objects in order, packed. */
  readonly objects: readonly number[];
  /** Their ids, in the same order. */
  readonly ids: readonly number[];
}

export type QrTemplate = Readonly<Record<string, string | TlvRecord>>;

/** A fee on top of the amount, as objects 55 to 57 ask for it. */
export interface QrFee {
  readonly kind: 'prompt' | 'fixed' | 'percentage';
  /** Decimal text as written: major units, or per cent. */
  readonly value: string | null;
}

/**
 * A decoded EMVCo merchant-presented code (or a look-alike, `format` `unknown`). The verdict is
 * computed once; fields are read from the payload when asked for, because most callers want
 * three of them and decoding is done for every scan. `toJSON` gives all of them.
 */
export class MpmDecoding {
  private accountsRead: readonly QrAccount[] | undefined = undefined;
  private schemesRead: readonly SchemeMatch[] | undefined = undefined;
  private treeRead: readonly TlvNode[] | undefined = undefined;

  constructor(
    private readonly scan: MpmScan,
    readonly format: 'emvco-mpm' | 'unknown',
    readonly verdict: QrVerdict,
    readonly issues: readonly QrIssue[],
  ) {}

  get payload(): string {
    return this.scan.payload;
  }

  get crcOk(): boolean {
    return this.scan.crcOk;
  }

  /** Over everything but the last four characters, four hexadecimal digits. */
  get crcComputed(): string {
    return crcText(this.scan.text & 0xffff);
  }

  /** `static`: shown to many payers. `dynamic`: made for one payment. Null: not said. */
  get pointOfInitiation(): 'static' | 'dynamic' | null {
    const value = this.#cut(this.scan.pointOfInitiation);
    return value === '11' ? 'static' : value === '12' ? 'dynamic' : null;
  }

  get mcc(): string | null {
    return this.#cut(this.scan.mcc);
  }

  /** ISO 4217 number as written, e.g. `392`. */
  get currency(): string | null {
    return this.#cut(this.scan.currency);
  }

  get currencyAlpha(): CurrencyCode | null {
    return findCurrencyByNumeric(this.currency ?? '')?.code ?? null;
  }

  /** As written, in major units, e.g. `98.`; null when the payer enters it. */
  get amount(): string | null {
    return this.#cut(this.scan.amount);
  }

  /**
   * Minor units; null without an amount, and always null for a rejected code, so that nobody
   * charges one. Zero where the scheme lets the payer enter it.
   */
  get amountMinor(): bigint | null {
    const amount = this.amount;
    if (amount === null || this.verdict === 'reject') return null;
    const exponent = findCurrencyByNumeric(this.currency ?? '')?.exponent;
    if (exponent === undefined) return null;
    const dot = amount.indexOf('.');
    const whole = dot < 0 ? amount : amount.slice(0, dot);
    const fraction = dot < 0 ? '' : amount.slice(dot + 1);
    return BigInt(whole + fraction.padEnd(exponent, '0'));
  }

  /** Objects 55 to 57 as written. */
  get tip(): Readonly<Record<string, string>> | null {
    if (!this.scan.tip) return null;
    const tip: Record<string, string> = {};
    for (let i = 0; i < this.scan.ids.length; i++) {
      const id = this.scan.ids[i] ?? 0;
      if (id >= 55 && id <= 57) tip[idText(id)] ??= this.#slice(this.scan.objects[i] ?? 0);
    }
    return tip;
  }

  get fee(): QrFee | null {
    const tip = this.tip;
    if (tip === null) return null;
    if (tip['55'] === '01') return { kind: 'prompt', value: null };
    if (tip['55'] === '02') return { kind: 'fixed', value: tip['56'] ?? null };
    return tip['55'] === '03' ? { kind: 'percentage', value: tip['57'] ?? null } : null;
  }

  get country(): string | null {
    return this.#cut(this.scan.country);
  }

  get merchantName(): string | null {
    return this.#cut(this.scan.merchantName);
  }

  get merchantCity(): string | null {
    return this.#cut(this.scan.merchantCity);
  }

  get postalCode(): string | null {
    return this.#cut(this.scan.postalCode);
  }

  /** Objects 02 to 51 in the order of the code. */
  get accounts(): readonly QrAccount[] {
    return (this.accountsRead ??= this.#readAccounts(2, 51));
  }

  /** Object 62: children by id; a string when it holds no objects. */
  get additional(): QrTemplate | string | null {
    return this.#template(62);
  }

  /** Object 64: language, name and city in the merchant's own script. */
  get language(): QrTemplate | string | null {
    return this.#template(64);
  }

  /** Objects 80 to 99 by id. */
  get unreserved(): Readonly<Record<string, QrTemplate | string>> | null {
    let found: Record<string, QrTemplate | string> | null = null;
    for (let i = 0; i < this.scan.ids.length; i++) {
      const id = this.scan.ids[i] ?? 0;
      if (id < 80) continue;
      found ??= {};
      found[idText(id)] ??= this.#read(id, this.scan.objects[i] ?? 0);
    }
    return found;
  }

  get topLevelOrder(): readonly string[] {
    return this.scan.ids.map(idText);
  }

  /** Schemes the code can be paid by, national ones first. */
  get schemes(): readonly SchemeMatch[] {
    if (this.schemesRead !== undefined) return this.schemesRead;
    const templates = this.#readAccounts(80, 99).filter(({ guid }) => guid !== null);
    return (this.schemesRead = matchSchemes([...this.accounts, ...templates], this.country));
  }

  /** Everything that could be read, in order, duplicates included. */
  get tree(): readonly TlvNode[] {
    return (this.treeRead ??= readTree(this.payload, -1, 0, this.payload.length, this.#astral));
  }

  /** Plain data; `amountMinor` becomes a number while it is exact, a digit string beyond. */
  toJSON(): Record<string, unknown> {
    const minor = this.amountMinor;
    return {
      format: this.format,
      verdict: this.verdict,
      issues: this.issues,
      payload: this.payload,
      crcOk: this.crcOk,
      crcComputed: this.crcComputed,
      pointOfInitiation: this.pointOfInitiation,
      mcc: this.mcc,
      currency: this.currency,
      currencyAlpha: this.currencyAlpha,
      amount: this.amount,
      amountMinor: minor === null ? null : jsonInteger(minor),
      tip: this.tip,
      fee: this.fee,
      country: this.country,
      merchantName: this.merchantName,
      merchantCity: this.merchantCity,
      postalCode: this.postalCode,
      accounts: this.accounts,
      additional: this.additional,
      language: this.language,
      unreserved: this.unreserved,
      topLevelOrder: this.topLevelOrder,
      schemes: this.schemes,
      tree: this.tree,
    };
  }

  get #astral(): boolean {
    return (this.scan.text & HAS_ASTRAL) !== 0;
  }

  #slice(packed: number): string {
    return this.scan.payload.slice(packed >> 13, packed & 8191);
  }

  /** A field's text, or null when the object is absent (a position is never zero). */
  #cut(packed: number): string | null {
    return packed === 0 ? null : this.#slice(packed);
  }

  #read(id: number, packed: number): QrTemplate | string {
    return readTemplate(this.scan.payload, id, packed >> 13, packed & 8191, this.#astral);
  }

  #template(id: number): QrTemplate | string | null {
    const at = this.scan.ids.indexOf(id);
    return at < 0 ? null : this.#read(id, this.scan.objects[at] ?? 0);
  }

  #readAccounts(first: number, last: number): QrAccount[] {
    const accounts: QrAccount[] = [];
    const { ids, objects } = this.scan;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      if (id >= first && id <= last) accounts.push(this.#account(id, objects[i] ?? 0));
    }
    return accounts;
  }

  #account(id: number, packed: number): QrAccount {
    if (id <= 25) return { id: idText(id), guid: null, value: this.#slice(packed) };
    const text = this.scan.payload;
    const astral = this.#astral;
    const value = readTemplate(text, id, packed >> 13, packed & 8191, astral, 0);
    if (typeof value === 'string') return { id: idText(id), guid: null, value };
    const guid = findChild(text, 0, packed >> 13, packed & 8191, astral);
    return { id: idText(id), guid, value: value as Readonly<Record<string, string>> };
  }
}

/** JSON has no integers beyond 2⁵³ that every reader keeps; those go out as digits. */
export function jsonInteger(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
