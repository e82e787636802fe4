import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as ZxingReader from 'zxing-wasm/reader';
import { pictureSize } from './picture-size.js';

/** Why a picture gave no payload. */
export type PictureFault = 'notAPicture' | 'tooLarge' | 'noSymbol';

/** A photograph of a camera has some 12 million pixels; beyond this a file is an attack. */
const MAX_PIXELS = 50_000_000;
const MAX_BYTES = 25_000_000;

type Reader = Pick<typeof ZxingReader, 'readBarcodes'>;

let reader: Promise<Reader> | undefined;

/** The reader's machine code comes from the installed package, never from the network. */
async function loadReader(): Promise<Reader> {
  const module = await import('zxing-wasm/reader');
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const code = await readFile(path);
  const wasmBinary = code.buffer.slice(code.byteOffset, code.byteOffset + code.byteLength);
  await module.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return module;
}

/**
 * Reads every QR symbol in a PNG or JPEG picture: payloads from top to bottom. Symbols without
 * an ECI are taken as UTF-8 where their bytes are, since that is what payment codes use and a
 * reader's guess sometimes prefers Shift JIS.
 */
export async function readQrPicture(bytes: Uint8Array): Promise<readonly string[] | PictureFault> {
  const size = pictureSize(bytes);
  if (size === undefined) return 'notAPicture';
  if (bytes.length > MAX_BYTES || size.width * size.height > MAX_PIXELS) return 'tooLarge';
  const { readBarcodes } = await (reader ??= loadReader());
  const found = await readBarcodes(bytes, { formats: ['QRCode'], textMode: 'Plain' });
  const payloads = found
    .filter(({ isValid }) => isValid)
    .sort((a, b) => a.position.topLeft.y - b.position.topLeft.y)
    .map(({ bytes: raw, hasECI, text }) => (hasECI ? text : (asUtf8(raw) ?? text)));
  return payloads.length === 0 ? 'noSymbol' : payloads;
}

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
