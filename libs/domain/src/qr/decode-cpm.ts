import { readBase64 } from './base64.js';
import { readBer, toHex, type BerNode } from './ber-tlv.js';
import { IssueLog, type QrIssue, type QrVerdict } from './issues.js';
import { SCHEME_PROFILES } from './scheme-profiles.js';
import type { SchemeMatch } from './scheme.js';

/** How every consumer-presented code begins: tag 85, length 5, `CPV` in base64. */
export const CPM_OPENING = 'hQVDUFY';

/** A decoded object: its value, its children, or data nobody but the issuer may read. */
export type CpmNode =
  | { readonly tag: string; readonly hex: string }
  | { readonly tag: string; readonly children: readonly CpmNode[] }
  | { readonly tag: string; readonly opaque: string };

/** One application the payer offers, as a terminal would list it. */
export interface CpmApplication {
  readonly aid: string | null;
  readonly label: string | null;
  /** Last four digits of the account, from 9F25, 5A or 57; never the whole number. */
  readonly lastFour: string | null;
}

export interface CpmDecoding {
  readonly format: 'emvco-cpm';
  readonly verdict: QrVerdict;
  readonly issues: readonly QrIssue[];
  readonly payload: string;
  readonly crcOk: null;
  readonly payloadFormatIndicator: string | null;
  readonly aids: readonly string[];
  readonly applications: readonly CpmApplication[];
  readonly tlv: readonly CpmNode[];
  /** Size before base64. */
  readonly bytes: number;
  readonly schemes: readonly SchemeMatch[];
  readonly tree: readonly CpmNode[];
}

const READERS_MUST_SUPPORT_BYTES = 512;

/** Longest value in bytes by tag (CPM 1.1 table 4.2). */
const MAX_BYTES: Readonly<Record<string, number>> = {
  '50': 16,
  '57': 19,
  '5A': 10,
  '5F20': 26,
  '5F2D': 8,
  '9F08': 2,
  '9F19': 6,
  '9F24': 29,
  '9F25': 2,
};

/** Decodes an EMVCo consumer-presented code (base64 of BER-TLV, no checksum). */
export function decodeCpm(payload: string): CpmDecoding {
  const log = new IssueLog();
  const base64 = readBase64(payload);
  if (base64 === undefined) log.add('base64-malformed', '');
  else if (!base64.canonical) log.add('base64-not-canonical', '');
  const bytes = base64?.bytes ?? new Uint8Array();
  const top = readBer(bytes);
  if (base64 !== undefined && top === undefined) log.add('ber-malformed', '');
  if (bytes.length > READERS_MUST_SUPPORT_BYTES) log.add('too-long', '');
  const nodes = top ?? [];
  const tlv = nodes.map((node) => describe(node, log));
  const version = nodes[0]?.tag === '85' ? asText(nodes[0].bytes) : null;
  if (base64 !== undefined && top !== undefined) checkObjects(nodes, version, log);
  const applications = nodes
    .filter(({ tag }) => tag === '61')
    .map((node) => describeApplication(node, nodes));
  const aids = applications.flatMap(({ aid }) => (aid === null ? [] : [aid]));
  return {
    format: 'emvco-cpm',
    verdict: log.verdict,
    issues: log.issues,
    payload,
    crcOk: null,
    payloadFormatIndicator: version,
    aids,
    applications,
    tlv,
    bytes: bytes.length,
    schemes: matchAids(aids),
    tree: tlv,
  };
}

/** 63 (and 64 in the common template) is issuer data: reading it as TLV would be guessing. */
function describe(node: BerNode, log: IssueLog): CpmNode {
  const { tag, bytes } = node;
  if (tag === '63' || tag === '64') return { tag, opaque: toHex(bytes) };
  if (tag !== '61' && tag !== '62') return { tag, hex: toHex(bytes) };
  const children = readBer(bytes);
  if (children === undefined) {
    log.add('ber-malformed', tag);
    return { tag, hex: toHex(bytes) };
  }
  return { tag, children: children.map((child) => describePrimitive(child, tag, log)) };
}

function describePrimitive(node: BerNode, parent: string, log: IssueLog): CpmNode {
  const { tag, bytes } = node;
  if (tag === '63' || tag === '64') return { tag, opaque: toHex(bytes) };
  const path = `${parent}.${tag}`;
  if (bytes.length > (MAX_BYTES[tag] ?? Infinity)) log.add('too-long', path);
  if (tag === '4F' && (bytes.length < 5 || bytes.length > 16)) log.add('bad-format', path);
  return { tag, hex: toHex(bytes) };
}

function checkObjects(nodes: readonly BerNode[], version: string | null, log: IssueLog): void {
  if (version === null) log.add('payload-format-not-first', '85');
  else if (version !== 'CPV01') log.add('version-unsupported', '85', version);
  const applications = nodes.filter(({ tag }) => tag === '61');
  if (applications.length < 1 || applications.length > 2) log.add('application-count', '61');
  const common = nodes.filter(({ tag }) => tag === '62');
  reportRepeats(
    nodes.map(({ tag }) => tag).filter((tag) => tag !== '61'),
    '',
    log,
  );
  const shared = common.flatMap((node) => readBer(node.bytes) ?? []).map(({ tag }) => tag);
  reportRepeats(shared, '62', log);
  for (const application of applications) {
    const own = (readBer(application.bytes) ?? []).map(({ tag }) => tag);
    if (!own.includes('4F')) log.add('aid-missing', '61');
    reportRepeats(own, '61', log);
    for (const tag of new Set(own)) {
      if (shared.includes(tag)) log.add('duplicate', `61.${tag}`, 'also in the common template');
    }
  }
}

function reportRepeats(tags: readonly string[], parent: string, log: IssueLog): void {
  const seen = new Set<string>();
  for (const tag of tags) {
    if (seen.has(tag)) log.add('duplicate', parent === '' ? tag : `${parent}.${tag}`);
    seen.add(tag);
  }
}

function describeApplication(node: BerNode, top: readonly BerNode[]): CpmApplication {
  const own = readBer(node.bytes) ?? [];
  const common = top.filter(({ tag }) => tag === '62').flatMap(({ bytes }) => readBer(bytes) ?? []);
  const find = (tag: string) => [...own, ...common].find((child) => child.tag === tag)?.bytes;
  const aid = own.find(({ tag }) => tag === '4F')?.bytes;
  const label = find('50');
  return {
    aid: aid === undefined ? null : toHex(aid),
    label: label === undefined ? null : asText(label),
    lastFour: lastFourOf(find('9F25'), find('5A'), find('57')),
  };
}

function lastFourOf(
  tail: Uint8Array | undefined,
  pan: Uint8Array | undefined,
  track2: Uint8Array | undefined,
): string | null {
  if (tail !== undefined) return toHex(tail);
  const number =
    pan !== undefined
      ? toHex(pan).replace(/F+$/, '')
      : track2 !== undefined
        ? (toHex(track2).split('D')[0] ?? '')
        : '';
  return number.length >= 4 ? number.slice(-4) : null;
}

function matchAids(aids: readonly string[]): SchemeMatch[] {
  return aids.flatMap((aid) =>
    SCHEME_PROFILES.filter(({ aids: own = [] }) =>
      own.some((prefix) => aid.startsWith(prefix)),
    ).map(({ id, name }) => ({
      scheme: id,
      name,
      path: '61.4F',
      use: 'userPresented',
      guid: aid,
      identifiers: { aid },
    })),
  );
}

function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
