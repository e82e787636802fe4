import type { IsoReading } from '#contracts/iso20022/codec';
import { readIsoElement, type IsoFile } from '#contracts/iso20022/messages';
import { parseXml } from './parse-xml.js';

/**
 * What a file of one ISO 20022 message says, header and document. Amounts are checked against the
 * decimals of their currencies; the schemas themselves are a matter of `IsoSchemas`.
 */
export function readIsoFile(file: Uint8Array | string, mostBytes?: number): IsoReading<IsoFile> {
  const root = parseXml(file, mostBytes);
  return root.ok ? readIsoElement(root.value) : root;
}
