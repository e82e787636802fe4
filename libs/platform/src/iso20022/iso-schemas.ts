import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ParseOption,
  XmlDocument,
  XmlElement,
  XmlParseError,
  XmlValidateError,
  XsdValidator,
} from 'libxml2-wasm';
import type { IsoFault } from '#contracts/iso20022/codec';
import { messageOfNamespace } from '#contracts/iso20022/messages';
import { ExplainedError } from '../explained-error.js';
import { declaresDocumentType } from './parse-xml.js';

/**
 * The published schemas as a runtime check, beside our own reader that knows the decimals. They are
 * not shipped: they come from the user's folder, one file a message, named as ISO publishes them
 * (`pacs.008.001.08.xsd`). A schema is compiled when first needed and kept; memory of the WebAssembly
 * library is not collected, so whoever opens this disposes it.
 */
export class IsoSchemas {
  private readonly compiled = new Map<string, XsdValidator>();

  /** @param folder absolute */
  constructor(private readonly folder: string) {}

  /**
   * Checks header and document of a file, each against its own schema.
   *
   * @returns what is wrong, with paths as the reader writes them; empty if everything is valid
   * @throws ExplainedError if a schema that is needed is not there or is none
   */
  check(file: Uint8Array | string): readonly IsoFault[] {
    const text = typeof file === 'string' ? file : new TextDecoder().decode(file);
    if (declaresDocumentType(text)) return [{ path: '/', problem: 'declares a document type' }];
    let document: XmlDocument;
    try {
      document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NO_XXE });
    } catch (error) {
      if (!(error instanceof XmlParseError)) throw error;
      return [{ path: '/', problem: error.message.trim() }];
    }
    try {
      return this.checkParts(document.root);
    } finally {
      document.dispose();
    }
  }

  /** Frees every compiled schema; the instance can be used again and compiles anew. */
  dispose(): void {
    for (const validator of this.compiled.values()) validator.dispose();
    this.compiled.clear();
  }

  private checkParts(root: XmlElement): readonly IsoFault[] {
    const parts = root.name === 'Document' ? [root] : elementsOf(root);
    const known = parts.filter(({ name }) => name === 'AppHdr' || name === 'Document');
    if (!known.some(({ name }) => name === 'Document')) {
      return [{ path: `/${root.name}`, problem: 'holds no element Document' }];
    }
    return known.flatMap((part) => this.checkPart(part));
  }

  private checkPart(part: XmlElement): readonly IsoFault[] {
    const message = messageOfNamespace(part.namespaceUri);
    if (message === undefined) {
      const problem = `is of ${part.namespaceUri || 'no namespace'}, which this hub does not use`;
      return [{ path: `/${part.name}`, problem }];
    }
    const validator = this.compiled.get(message) ?? this.compile(message);
    try {
      validator.validate(part);
      return [];
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return error.details.map(({ message: problem, line, xpath }) => ({
        path: xpath ?? `/${part.name} (line ${String(line)})`,
        problem: problem.trim().replaceAll(/\{[^}]*\}/g, ''),
      }));
    }
  }

  private compile(message: string): XsdValidator {
    const path = join(this.folder, `${message}.xsd`);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      throw new ExplainedError(
        `the schema ${message}.xsd is not in ${this.folder}: download it from iso20022.org ` +
          'and let ISO20022_XSD_DIR name its folder',
      );
    }
    const validator = compileSchema(text, path);
    this.compiled.set(message, validator);
    return validator;
  }
}

function compileSchema(text: string, path: string): XsdValidator {
  try {
    const schema = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NO_XXE });
    try {
      return XsdValidator.fromDoc(schema);
    } finally {
      schema.dispose();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    throw new ExplainedError(`${path} is not a schema: ${why}`);
  }
}

function elementsOf(parent: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
  }
  return found;
}
