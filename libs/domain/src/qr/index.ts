export { decodeQr, qrToJson, type QrDecoding, type QrFormat } from './decode.js';
export { MAX_PAYLOAD_LENGTH } from './decode-mpm.js';
export { QR_ISSUES, type QrIssue, type QrIssueCode, type QrVerdict } from './issues.js';
export { MpmDecoding, type QrFee, type QrTemplate } from './mpm-decoding.js';
export { findScheme, type QrAccount } from './match-schemes.js';
export { SCHEME_PROFILES } from './scheme-profiles.js';
export type { SchemeMatch, SchemeProfile, SchemeTemplate } from './scheme.js';
export type { CpmApplication, CpmDecoding, CpmNode } from './decode-cpm.js';
export type { MpmUrlDecoding, OrderUrlDecoding, UserCodeDecoding } from './decode-alipayplus.js';
export type { TwqrDecoding, UpiDecoding, WalletUrlDecoding, WechatDecoding } from './decode-uri.js';
export type { TlvNode } from './tlv.js';
export { crc16, crcText } from './crc16.js';
export { encodeMpm, withCrc, type MpmAccount, type MpmFields } from './encode-mpm.js';
export { encodeScheme, identifierNames, type SchemeOrder } from './encode-scheme.js';
export {
  encodeCpm,
  encodeMpmUrl,
  encodeOrderUrl,
  encodeUpi,
  encodeUserCode,
  type CpmFields,
  type CpmObject,
  type MpmUrlFields,
} from './encode-other.js';
