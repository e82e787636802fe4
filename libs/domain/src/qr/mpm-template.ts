import type { IssueLog } from './issues.js';
import { idText, isNestedTemplateId, twoDigits, valueEnd } from './tlv.js';

/** Child 00 is there and not empty. */
export const GUID_FOUND = 1;

const MAX_GUID_LENGTH = 32;

/**
 * Checks a template's inside: headers, repeated ids, lengths, and that it names its scheme. A
 * value that holds no objects is kept as it is, with a warning: live codes put plain text into
 * 80 to 82 (docs/qr.md).
 */
export function checkTemplate(
  text: string,
  id: number,
  from: number,
  to: number,
  astral: boolean,
  log: IssueLog,
): number {
  const quick = isPlain(text, id, from, to, astral);
  if (quick) return GUID_FOUND;
  if (!isWhole(text, from, to, astral)) {
    log.add('template-not-tlv', idText(id));
    return 0;
  }
  let seenLow = 0;
  let seenMiddle = 0;
  let seenHigh = 0;
  let seenTop = 0;
  let found = 0;
  let at = from;
  while (at < to) {
    const child = twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    const start = at + 4;
    const end = astral ? valueEnd(text, start, length, to, true) : start + length;
    const bit = 1 << (child & 31);
    let before: number;
    if (child < 32) {
      before = seenLow;
      seenLow |= bit;
    } else if (child < 64) {
      before = seenMiddle;
      seenMiddle |= bit;
    } else if (child < 96) {
      before = seenHigh;
      seenHigh |= bit;
    } else {
      before = seenTop;
      seenTop |= bit;
    }
    if ((before & bit) !== 0) log.add('duplicate', pathOf(id, child));
    if (length === 0) log.add('zero-length', pathOf(id, child));
    else if (length > maxLengthOf(id, child)) log.add('too-long', pathOf(id, child));
    if (child === 0 && length > 0) found = GUID_FOUND;
    if (isNestedTemplateId(id, child)) checkNested(text, id, child, start, end, astral, log);
    at = end;
  }
  checkPresence(id, from === to, found, seenLow, log);
  return found;
}

/**
 * The one look most templates need: objects in rising order, so that none repeats, none empty,
 * long or nested, and the first names the scheme. Anything else is looked at again, closely.
 */
function isPlain(text: string, id: number, from: number, to: number, astral: boolean): boolean {
  if (astral) return false;
  const limit = id === 62 ? 25 : id === 64 ? 15 : 99;
  let last = id === 62 ? 0 : -1;
  let at = from;
  while (at < to) {
    const child = twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    if (child <= last || length < 1 || length > limit) return false;
    if (last === -1 && (child !== 0 || length > MAX_GUID_LENGTH)) return false;
    if (id === 62 && (child > 8 || child === 0)) return false;
    if (id === 64 && child === 0 && length !== 2) return false;
    last = child;
    at += 4 + length;
  }
  return at === to && from < to && (id !== 64 || last > 0);
}

function checkPresence(id: number, empty: boolean, found: number, seen: number, log: IssueLog) {
  if (id === 62) return;
  if (id === 64) {
    if (empty) return;
    if ((seen & 1) === 0) log.add('missing', '64.00');
    if ((seen & 2) === 0) log.add('missing', '64.01');
    return;
  }
  if (found === 0) log.add('guid-missing', idText(id));
}

function isWhole(text: string, from: number, to: number, astral: boolean): boolean {
  let at = from;
  while (at < to) {
    if (at + 4 > to) return false;
    const length = twoDigits(text, at + 2);
    if (length < 0 || twoDigits(text, at) < 0) return false;
    at = astral ? valueEnd(text, at + 4, length, to, true) : at + 4 + length;
  }
  return at === to;
}

/** Payment systems' own templates inside 62: only their shape and repeated ids are ours. */
function checkNested(
  text: string,
  id: number,
  child: number,
  from: number,
  to: number,
  astral: boolean,
  log: IssueLog,
): void {
  const path = pathOf(id, child);
  if (!isWhole(text, from, to, astral)) {
    log.add('template-not-tlv', path);
    return;
  }
  const seen = new Set<number>();
  for (let at = from; at < to;) {
    const inner = twoDigits(text, at);
    if (seen.has(inner)) log.add('duplicate', `${path}.${idText(inner)}`);
    seen.add(inner);
    at = valueEnd(text, at + 4, twoDigits(text, at + 2), to, astral);
  }
}

function maxLengthOf(id: number, child: number): number {
  if (id === 62) {
    if (child >= 1 && child <= 8) return 25;
    if (child === 9 || child === 11) return 3;
    return 99;
  }
  if (id === 64) return child === 0 ? 2 : child === 1 ? 25 : child === 2 ? 15 : 99;
  return child === 0 ? MAX_GUID_LENGTH : 99;
}

function pathOf(id: number, child: number): string {
  return `${idText(id)}.${idText(child)}`;
}
