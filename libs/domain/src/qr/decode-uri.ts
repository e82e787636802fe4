import { findCurrencyByNumeric } from '../currency.js';
import { MAX_WIRE_MINOR, parseDecimal } from '../money.js';
import { plain, type PlainDecoding } from './decode-alipayplus.js';
import { IssueLog } from './issues.js';

type Parameters = Readonly<Record<string, string>>;

/** A UPI payment link; the parameters NPCI names are fields of their own. */
export interface UpiDecoding extends PlainDecoding<'upi-uri'> {
  readonly params: Parameters;
  readonly pa: string | null;
  readonly pn: string | null;
  readonly mc: string | null;
  readonly tr: string | null;
  readonly tn: string | null;
  readonly am: string | null;
  readonly cu: string | null;
  readonly merchantName: string | null;
  readonly mcc: string | null;
  readonly country: 'IN';
  readonly currency: '356';
  readonly currencyAlpha: 'INR';
  readonly amount: string | null;
  readonly amountMinor: bigint | null;
}

/** A TWQR address: `TWQRP://<merchant>/158/<type>/V1?D1=<cents>…`. */
export interface TwqrDecoding extends PlainDecoding<'twqr-uri'> {
  readonly merchant: string | null;
  readonly country: string | null;
  readonly type: string | null;
  readonly version: string | null;
  readonly params: Parameters;
  readonly currency: string | null;
  readonly currencyAlpha: string | null;
  readonly amountMinor: bigint | null;
}

export interface WechatDecoding extends PlainDecoding<'wechat-uri'> {
  /** The order's token, `pr` of the address. */
  readonly token: string | null;
}

export interface WalletUrlDecoding extends PlainDecoding<'paypay-url' | 'alipay-url'> {
  readonly host: string;
  readonly path: string;
}

export type UriDecoding = UpiDecoding | TwqrDecoding | WechatDecoding | WalletUrlDecoding;

/** Decodes an address that is no EMVCo code, or undefined when no scheme is known by it. */
export function decodeUri(payload: string): UriDecoding | undefined {
  const opening = payload.slice(0, 32).toLowerCase();
  if (opening.startsWith('upi://pay?')) return decodeUpi(payload);
  if (opening.startsWith('twqrp://') || opening.startsWith('twqrp%3a%2f%2f')) {
    return decodeTwqr(payload);
  }
  if (opening.startsWith('weixin://wxpay/bizpayurl')) return decodeWechat(payload);
  return decodeWalletUrl(payload);
}

function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Parameters of a query; a name that occurs twice would mean two different payments. */
function readParameters(query: string, log: IssueLog, plusIsBlank = false): Parameters {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const raw = equals < 0 ? '' : part.slice(equals + 1);
    const value = percentDecode(plusIsBlank ? raw.replaceAll('+', ' ') : raw);
    if (value === undefined) log.add('percent-encoding', name);
    else if (parameters.has(name)) log.add('duplicate', name);
    else parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

function decodeUpi(payload: string): UpiDecoding {
  const log = new IssueLog();
  const query = payload.slice(payload.indexOf('?') + 1).split('#')[0] ?? '';
  // Generators built on form encoding write blanks as plus signs.
  const params = readParameters(query, log, true);
  const pa = params['pa'] ?? null;
  if (pa === null) log.add('parameter-missing', 'pa');
  else if (!/^[^@\s]+@[^@\s]+$/.test(pa)) log.add('parameter-malformed', 'pa', pa);
  const cu = params['cu'] ?? null;
  if (cu !== null && cu !== 'INR') log.add('currency-unknown', 'cu', cu);
  const am = params['am'] ?? null;
  const mc = params['mc'] ?? null;
  if (mc !== null && !/^\d{4}$/.test(mc)) log.add('bad-format', 'mc');
  const amount = am === '' ? null : am;
  if (am === '') log.add('zero-length', 'am');
  const minor = amount === null ? null : readRupees(amount, log);
  return {
    ...plain('upi-uri', payload, log, 'upi', pa === null ? {} : { payeeVpa: pa }),
    params,
    pa,
    pn: params['pn'] ?? null,
    mc,
    tr: params['tr'] ?? null,
    tn: params['tn'] ?? null,
    am,
    cu,
    merchantName: params['pn'] ?? null,
    mcc: mc,
    country: 'IN',
    currency: '356',
    currencyAlpha: 'INR',
    amount,
    amountMinor: log.verdict === 'reject' ? null : minor,
  };
}

function readRupees(amount: string, log: IssueLog): bigint | null {
  const money = parseDecimal(amount, 'INR');
  switch (money) {
    case 'notADecimal':
      log.add('amount-format', 'am', amount.slice(0, 20));
      return null;
    case 'tooManyDecimals':
      log.add('amount-decimals', 'am');
      return null;
    case 'tooLarge':
      log.add('amount-too-large', 'am');
      return null;
    default:
      if (money.minor === 0n) log.add('amount-zero', 'am');
      return money.minor;
  }
}

const TWQR = /^TWQRP:\/\/([^/?#]*)\/(\d{3})\/(\w{2})\/(V\d+)(?:\?(.*))?$/i;

/** The published form is percent-encoded as a whole; a plain one only inside its parts. */
function decodeTwqr(payload: string): TwqrDecoding {
  const log = new IssueLog();
  const encoded = /^twqrp%3a/i.test(payload);
  const text = encoded ? percentDecode(payload) : payload;
  if (text === undefined) log.add('percent-encoding', '');
  const match = TWQR.exec(text ?? '');
  if (match === null && text !== undefined) log.add('parameter-malformed', '');
  const [, rawMerchant, country = null, type = null, version = null, query = ''] = match ?? [];
  const merchant = rawMerchant === undefined || encoded ? rawMerchant : percentDecode(rawMerchant);
  if (rawMerchant !== undefined && merchant === undefined) log.add('percent-encoding', 'merchant');
  const params = readParameters(query, log);
  const currency = match === null ? null : (params['D10'] ?? '901');
  if (currency !== null && currency !== '901') log.add('currency-unknown', 'D10', currency);
  const minor = params['D1'] === undefined ? null : readCents(params['D1'], log);
  return {
    ...plain('twqr-uri', payload, log, 'twqr', merchantData(params)),
    merchant: merchant ?? null,
    country,
    type,
    version,
    params,
    currency,
    currencyAlpha: findCurrencyByNumeric(currency ?? '')?.code ?? null,
    amountMinor: log.verdict === 'reject' ? null : minor,
  };
}

function merchantData(params: Parameters): Record<string, string> {
  return params['D11'] === undefined ? {} : { merchantData: params['D11'] };
}

function readCents(text: string, log: IssueLog): bigint | null {
  if (!/^\d{1,18}$/.test(text)) {
    log.add('amount-format', 'D1', text.slice(0, 20));
    return null;
  }
  const minor = BigInt(text);
  if (minor === 0n) log.add('amount-zero', 'D1');
  if (minor > MAX_WIRE_MINOR) log.add('amount-too-large', 'D1');
  return minor;
}

function decodeWechat(payload: string): WechatDecoding {
  const log = new IssueLog();
  const question = payload.indexOf('?');
  const params = question < 0 ? {} : readParameters(payload.slice(question + 1), log);
  const token = params['pr'] ?? null;
  if (token === null || token === '') log.add('parameter-missing', 'pr');
  const identifiers = token === null ? {} : { token };
  return { ...plain('wechat-uri', payload, log, 'wechatpay', identifiers), token };
}

/** Wallets known by the host of their own codes. */
const WALLET_HOSTS: Readonly<Record<string, readonly ['paypay-url' | 'alipay-url', string]>> = {
  'qr.paypay.ne.jp': ['paypay-url', 'paypay'],
  'qr.alipay.com': ['alipay-url', 'alipay'],
};

function decodeWalletUrl(payload: string): WalletUrlDecoding | undefined {
  const match = /^https:\/\/([a-z0-9.-]+)\/([^?#\s]+)/i.exec(payload);
  const host = match?.[1] ?? '';
  const known = WALLET_HOSTS[host.toLowerCase()];
  const path = match?.[2];
  if (known === undefined || path === undefined) return undefined;
  const [format, scheme] = known;
  return { ...plain(format, payload, new IssueLog(), scheme, { path }), host, path };
}
