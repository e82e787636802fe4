/**
 * What the hub does with a code: `accept` it, accept it with a `warn`ing kept on the payment, or
 * `reject` it. The worst issue decides; an `info` never changes the verdict.
 */
export type QrVerdict = 'accept' | 'warn' | 'reject';

export type QrIssueSeverity = 'error' | 'warning' | 'info';

/**
 * Every finding a decoder can report, with the severity it always has. The table is the policy
 * docs/qr.md explains: what makes a payment ambiguous is an error, what live codes do
 * against the paper without ambiguity is a warning.
 */
export const QR_ISSUES = {
  'not-text': ['error', 'the input is neither text nor bytes'],
  'not-utf8': ['error', 'the bytes are not valid UTF-8'],
  'lone-surrogate': ['error', 'the text holds half a surrogate pair, which no QR symbol carries'],
  empty: ['error', 'there is nothing to decode'],
  oversize: ['error', 'longer than any QR symbol can carry'],
  'unknown-format': ['error', 'no known payment code looks like this'],
  'tlv-header': ['error', 'an object does not begin with two digits of id and two of length'],
  'tlv-overrun': ['error', 'an object claims more characters than are left'],
  'length-in-bytes': ['info', 'the code parses when lengths count UTF-8 bytes: a producer fault'],
  duplicate: ['error', 'an id occurs twice at one level, so the code has two meanings'],
  'zero-length': ['warning', 'an object is empty, although lengths run from 01 to 99'],
  'payload-format-not-first': ['error', 'object 00 must come first'],
  'payload-format-unsupported': ['error', 'object 00 is not "01"'],
  'payload-format-deviation': ['warning', 'object 00 is not "01", which this scheme prescribes'],
  'crc-missing': ['error', 'the code ends without a checksum'],
  'crc-not-last': ['error', 'the checksum is not the last object'],
  'crc-malformed': ['error', 'the checksum is not four hexadecimal digits'],
  'crc-mismatch': ['error', 'the checksum does not match the content'],
  'crc-lower-case': ['warning', 'the checksum is written in lower case'],
  missing: ['warning', 'a mandatory object is absent'],
  'currency-missing': ['error', 'an amount without a currency cannot be charged'],
  'currency-unknown': ['error', 'the currency is not an ISO 4217 number in use'],
  'amount-format': ['error', 'the amount is not digits with at most one dot'],
  'amount-zero': ['error', 'the amount is zero'],
  'amount-open': ['warning', 'the amount is zero, which in this scheme lets the payer enter it'],
  'amount-decimals': ['error', 'the amount has more decimals than its currency'],
  'amount-too-large': ['error', 'the amount is beyond what the hub carries'],
  'tip-indicator': ['error', 'the tip indicator is not 01, 02 or 03'],
  'tip-inconsistent': ['error', 'the fee objects do not fit the tip indicator'],
  'tip-fixed': ['error', 'the fixed fee is not a positive amount of the currency'],
  'tip-percentage': ['error', 'the percentage fee is not within 00.01 to 99.99'],
  'account-missing': ['error', 'no merchant account can be read'],
  'guid-missing': ['warning', 'a template does not name its scheme in object 00'],
  'template-not-tlv': ['warning', 'a template does not hold objects; kept as it is'],
  'too-long': ['warning', 'a value is longer than the format allows'],
  'bad-format': ['warning', 'a value does not have the form the format prescribes'],
  'control-character': ['warning', 'control or text-direction characters can disguise a name'],
  'payload-long': ['warning', 'longer than the 512 characters readers must support'],
  'base64-malformed': ['error', 'the text is not base64'],
  'base64-not-canonical': ['warning', 'the base64 lacks its padding or has stray trailing bits'],
  'ber-malformed': ['error', 'the BER-TLV objects cannot be read'],
  'version-unsupported': ['error', 'the version of the format is not supported'],
  'application-count': ['error', 'a consumer code carries one or two application templates'],
  'aid-missing': ['error', 'an application template has no application id'],
  'code-reserved': ['error', 'user codes of this length are reserved'],
  'business-type': ['error', 'the business type is not 02, a user-presented payment'],
  'percent-encoding': ['error', 'the percent-encoding cannot be undone'],
  'parameter-malformed': ['error', 'a parameter does not have the form the scheme prescribes'],
  'parameter-missing': ['error', 'a parameter the scheme needs is absent'],
} as const satisfies Record<string, readonly [QrIssueSeverity, string]>;

export type QrIssueCode = keyof typeof QR_ISSUES;

/** `path` is dotted object ids (`62.50`), a tag, a parameter name, or empty for the whole code. */
export interface QrIssue {
  readonly code: QrIssueCode;
  readonly path: string;
  readonly severity: QrIssueSeverity;
  readonly message: string;
}

/** A hostile payload of empty objects would report thousands; the verdict counts all of them. */
const MAX_ISSUES = 64;

const NO_ISSUES: readonly QrIssue[] = Object.freeze([]);

/** Collects the issues of one code; most codes have none and allocate nothing here. */
export class IssueLog {
  private list: QrIssue[] | undefined = undefined;
  private rank = 0;

  add(code: QrIssueCode, path: string, detail?: string): void {
    const entry = QR_ISSUES[code];
    const severity = entry[0];
    const text = entry[1];
    const message = detail === undefined ? text : `${text}: ${detail}`;
    const list = (this.list ??= []);
    if (list.length < MAX_ISSUES) list.push({ code, path, severity, message });
    const rank = severity === 'error' ? 2 : severity === 'warning' ? 1 : 0;
    if (rank > this.rank) this.rank = rank;
  }

  get issues(): readonly QrIssue[] {
    return this.list ?? NO_ISSUES;
  }

  get verdict(): QrVerdict {
    return this.rank === 2 ? 'reject' : this.rank === 1 ? 'warn' : 'accept';
  }
}
