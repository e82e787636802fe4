/**
 * EMVCo's textual TLV: two digits of id, two of length, a value whose length counts characters,
 * which in JavaScript means code points. Everything here works on positions in the payload, so
 * that nothing is copied before somebody asks for it.
 */
export interface TlvNode {
  /** Two digits. */
  readonly id: string;
  /** As stated: code points, 0 to 99. */
  readonly length: number;
  readonly value: string;
  /** Only where the format prescribes a template and the value really holds objects. */
  readonly children?: readonly TlvNode[];
}

/** A template's primitive children by id; a nested template is a record of its own. */
export type TlvRecord = Readonly<Record<string, string>>;

const ID_TEXT: readonly string[] = Array.from({ length: 100 }, (_, n) =>
  String(n).padStart(2, '0'),
);

/** `7` becomes `07`. */
export function idText(id: number): string {
  return ID_TEXT[id] ?? '';
}

/** The number of two digits at `at`, or a negative number when they are not both digits. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/**
 * Where a value of `length` code points ends, or a position beyond `end` when it does not fit.
 * Only text with astral characters pays for walking.
 */
export function valueEnd(
  text: string,
  start: number,
  length: number,
  end: number,
  astral: boolean,
): number {
  if (!astral) return start + length;
  let at = start;
  for (let left = length; left > 0; left--) {
    if (at >= end) return end + 1;
    at += (text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1;
  }
  return at;
}

/** One object as positions; `end` is exclusive. */
export interface TlvSpan {
  readonly id: number;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/** All objects of a range, or as many as could be read before the first fault. */
export function readSpans(
  text: string,
  from: number,
  to: number,
  astral: boolean,
): { readonly spans: TlvSpan[]; readonly whole: boolean } {
  const spans: TlvSpan[] = [];
  let at = from;
  while (at < to) {
    if (at + 4 > to) return { spans, whole: false };
    const id = twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    if (id < 0 || length < 0) return { spans, whole: false };
    const end = valueEnd(text, at + 4, length, to, astral);
    if (end > to) return { spans, whole: false };
    spans.push({ id, length, start: at + 4, end });
    at = end;
  }
  return { spans, whole: true };
}

/** True for ids that hold templates at the top of an MPM code; 02 to 25 are primitives. */
export function isTemplateId(id: number): boolean {
  return (id >= 26 && id <= 51) || id === 62 || id === 64 || (id >= 80 && id <= 99);
}

/** Templates of payment systems inside object 62. */
export function isNestedTemplateId(parent: number, id: number): boolean {
  return parent === 62 && id >= 50 && id <= 99;
}

/**
 * The objects of a template, first occurrence first, or the raw text when it is not a template
 * after all. Nesting follows the id alone, never what a value looks like.
 *
 * @param id the template's own id
 * @param skip a child to leave out, read elsewhere
 */
export function readTemplate(
  text: string,
  id: number,
  from: number,
  to: number,
  astral: boolean,
  skip = -1,
): Record<string, string | TlvRecord> | string {
  const record: Record<string, string | TlvRecord> = {};
  for (let at = from; at < to;) {
    const child = at + 4 > to ? -1 : twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    if (child < 0 || length < 0) return text.slice(from, to);
    const start = at + 4;
    const end = astral ? valueEnd(text, start, length, to, true) : start + length;
    if (end > to) return text.slice(from, to);
    if (id === 62 && child >= 50) {
      record[idText(child)] ??= readTemplate(text, child, start, end, astral) as string | TlvRecord;
    } else if (child !== skip) record[idText(child)] ??= text.slice(start, end);
    at = end;
  }
  return record;
}

/** The first child of an id in a template, or null; a template that is none has no children. */
export function findChild(
  text: string,
  id: number,
  from: number,
  to: number,
  astral: boolean,
): string | null {
  for (let at = from; at + 4 <= to;) {
    const length = twoDigits(text, at + 2);
    if (length < 0) return null;
    const end = valueEnd(text, at + 4, length, to, astral);
    if (twoDigits(text, at) === id) return text.slice(at + 4, end);
    at = end;
  }
  return null;
}

/**
 * The raw tree of a range: everything that could be read, in order, duplicates included.
 *
 * @param parent id of the template the range is the inside of; -1 for a whole payload
 */
export function readTree(
  text: string,
  parent: number,
  from: number,
  to: number,
  astral: boolean,
): readonly TlvNode[] {
  return readNodes(text, parent, from, to, astral).nodes;
}

function readNodes(text: string, parent: number, from: number, to: number, astral: boolean) {
  const nodes: TlvNode[] = [];
  for (let at = from; at < to;) {
    const id = at + 4 > to ? -1 : twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    if (id < 0 || length < 0) return { nodes, whole: false };
    const start = at + 4;
    const end = astral ? valueEnd(text, start, length, to, true) : start + length;
    if (end > to) return { nodes, whole: false };
    nodes.push(readNode(text, parent, id, length, start, end, astral));
    at = end;
  }
  return { nodes, whole: true };
}

function readNode(
  text: string,
  parent: number,
  id: number,
  length: number,
  start: number,
  end: number,
  astral: boolean,
): TlvNode {
  const value = text.slice(start, end);
  if (parent < 0 ? isTemplateId(id) : isNestedTemplateId(parent, id)) {
    const inside = readNodes(text, id, start, end, astral);
    if (inside.whole) return { id: idText(id), length, value, children: inside.nodes };
  }
  return { id: idText(id), length, value };
}
