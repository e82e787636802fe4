/**
 * An XML element as ISO 20022 uses XML: names in a namespace, a few attributes, and either elements
 * or text inside. Comments, processing instructions and prefixes carry no meaning there and are gone.
 */
export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  /** Namespace URI, empty where there is none. */
  readonly namespace: string;
  /** By name as written; declarations of namespaces are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, references resolved, in order. */
  readonly text: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader would turn a bare carriage return into a line feed.
  '\r': '&#13;',
};

const escape = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);

/**
 * One document with its declaration, two blanks a level, a namespace declared where it changes: so
 * that header and document of a message can each be cut out and checked alone.
 */
export function serialiseXml(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  writeElement(root, '', '', lines);
  return `${lines.join('\n')}\n`;
}

function writeElement(element: XmlElement, indent: string, around: string, lines: string[]): void {
  const { name, namespace, children } = element;
  const declared = namespace === around ? '' : ` xmlns="${escape(namespace)}"`;
  const attributes = Object.entries(element.attributes)
    .map(([key, value]) => ` ${key}="${escape(value)}"`)
    .join('');
  const open = `${indent}<${name}${declared}${attributes}`;
  if (children.length === 0) {
    lines.push(element.text === '' ? `${open}/>` : `${open}>${escape(element.text)}</${name}>`);
    return;
  }
  lines.push(`${open}>`);
  for (const child of children) writeElement(child, `${indent}  `, namespace, lines);
  lines.push(`${indent}</${name}>`);
}
