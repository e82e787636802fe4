import { XMLParser } from 'fast-xml-parser';
import type { IsoReading } from '#contracts/iso20022/codec';
import type { XmlElement } from '#contracts/iso20022/xml-element';

/** A day's statement of a large participant has some hundred thousand entries of 500 bytes. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** ISO messages nest about a dozen levels; whoever nests deeper wants to exhaust the reader. */
const MOST_LEVELS = 40;

const CDATA = '#cdata';
const TEXT = '#text';
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // The library would leave references by number unresolved; they are resolved here instead.
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
  maxNestedTags: MOST_LEVELS,
});

/** What the parser hands out with `preserveOrder`: one key for the name, one for the attributes. */
type Node = Readonly<Record<string, unknown>>;
type Prefixes = Readonly<Record<string, string>>;

/** About the file, and therefore told; anything else that is thrown is a fault of ours. */
class Unreadable extends Error {}

/**
 * Reads XML as files about money must be read: UTF-8, well-formed, namespaces resolved. Document
 * types and entities are refused before parsing, so that no file can fetch or grow anything.
 *
 * @param file bytes as received, or text
 * @param mostBytes larger files are refused unread (characters, if text was given)
 */
export function parseXml(
  file: Uint8Array | string,
  mostBytes = MOST_BYTES,
): IsoReading<XmlElement> {
  try {
    if (file.length > mostBytes) throw new Unreadable(`is larger than ${String(mostBytes)} bytes`);
    return { ok: true, value: rootOf(typeof file === 'string' ? file : decode(file)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, faults: [{ path: '/', problem: error.message }] };
  }
}

/** What may stand behind `<!`, other than comments and character data, all declares types or entities. */
export const declaresDocumentType = (text: string): boolean => /<!(?!--|\[CDATA\[)/.test(text);

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('is not UTF-8');
  }
}

function rootOf(text: string): XmlElement {
  const encoding = /^\uFEFF?<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(text)?.[1];
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
    throw new Unreadable(`says that it is in ${encoding}; only UTF-8 is read`);
  }
  if (declaresDocumentType(text)) {
    throw new Unreadable('declares a document type; files with one are never read');
  }
  const roots = parseNodes(text).filter((node) => nameOf(node) !== TEXT);
  const [root, second] = roots;
  // The parser drops text behind the last element.
  if (root === undefined || second !== undefined || !/>\s*$/.test(text)) {
    throw new Unreadable('is not well-formed: one element must hold everything');
  }
  return toElement(root, { xml: 'http://www.w3.org/XML/1998/namespace' });
}

function parseNodes(text: string): readonly Node[] {
  try {
    // `true` has the text checked first: left alone, the parser repairs what it can. The check
    // is to move to a package of its own some day; until then this is its one place.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return parser.parse(text, true) as readonly Node[];
  } catch (error) {
    // Both halves of the library throw plain errors, about nothing but the text.
    const why = error instanceof Error ? error.message : String(error);
    throw new Unreadable(`is not well-formed: ${why}`);
  }
}

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';

function toElement(node: Node, around: Prefixes): XmlElement {
  const qualified = nameOf(node);
  const prefixes = { ...around };
  const attributes: Record<string, string> = {};
  for (const [key, raw] of Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>)) {
    const value = resolve(raw);
    if (key === 'xmlns') prefixes[''] = value;
    else if (key.startsWith('xmlns:')) prefixes[key.slice(6)] = value;
    else attributes[key] = value;
  }
  const [local, prefix] = qualified.split(':', 2).reverse();
  const namespace = prefixes[prefix ?? ''] ?? (prefix === undefined ? '' : undefined);
  if (namespace === undefined || local === undefined || local === '') {
    throw new Unreadable(`is not well-formed: ${qualified} has a prefix that nothing declares`);
  }
  let text = '';
  const children: XmlElement[] = [];
  for (const inner of node[qualified] as readonly Node[]) {
    const kind = nameOf(inner);
    if (kind === TEXT) text += resolve(String(inner[TEXT]));
    else if (kind === CDATA) text += (inner[CDATA] as readonly Node[]).map(rawText).join('');
    else children.push(toElement(inner, prefixes));
  }
  return { name: local, namespace, attributes, children, text };
}

const rawText = (node: Node): string => String(node[TEXT]);

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** Resolves the five names of XML and characters by number; there can be no other entities. */
function resolve(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    if (named !== undefined && whole.endsWith(';')) return named;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
    const point = hex === undefined ? Number(decimal ?? NaN) : Number.parseInt(hex, 16);
    if (!isXmlCharacter(point) || !whole.endsWith(';')) {
      throw new Unreadable(`refers to ${whole.slice(0, 20)}, which is no character of XML`);
    }
    return String.fromCodePoint(point);
  });
}

const isXmlCharacter = (point: number): boolean =>
  point === 9 ||
  point === 10 ||
  point === 13 ||
  (point >= 0x20 && point <= 0xd7ff) ||
  (point >= 0xe000 && point <= 0xfffd) ||
  (point >= 0x10000 && point <= 0x10ffff);
