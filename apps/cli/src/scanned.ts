import { createReadStream } from 'node:fs';
import { ExplainedError } from '#platform/explained-error';
import { givenPath } from './given-path.js';

/** As much as the reader of pictures takes. */
const MAX_BYTES = 25_000_000;

/**
 * What somebody scanned: a payload as it is, or those in a PNG, JPEG or text file, or in what comes
 * on standard input (`-`). Bytes that are no picture stay bytes: a code may be no valid UTF-8.
 *
 * @throws ExplainedError when a file cannot be read, or a picture has no code
 */
export async function scannedPayloads(given: string): Promise<readonly (string | Uint8Array)[]> {
  if (given === '') return [''];
  if (given === '-') return readContent(await readAll(process.stdin, given), 'standard input');
  const bytes = await readIfFile(given);
  return bytes === undefined ? [given] : readContent(bytes, given);
}

/** A picture gives its codes; any other content is a payload, less the newline of its editor. */
async function readContent(
  bytes: Uint8Array,
  name: string,
): Promise<readonly (string | Uint8Array)[]> {
  if (!isPicture(bytes)) return [withoutNewline(bytes)];
  const { readQrPicture } = await import('#platform/qr-pictures/index');
  const found = await readQrPicture(bytes);
  switch (found) {
    case 'noSymbol':
      throw new ExplainedError(`no QR symbol can be read in ${name}`);
    case 'tooLarge':
      throw new ExplainedError(`${name} is larger than a photograph needs to be`);
    case 'notAPicture':
      throw new ExplainedError(`${name} begins like a picture but is none`);
    default:
      return found;
  }
}

function isPicture(bytes: Uint8Array): boolean {
  const png = bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
  return png || (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff);
}

function withoutNewline(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === 10) end--;
  if (bytes[end - 1] === 13) end--;
  return bytes.subarray(0, end);
}

/**
 * The bytes of a file, or undefined when the words are a payload. Only a name that looks like a
 * file's is refused for being absent: a payload may hold anything.
 */
async function readIfFile(given: string): Promise<Uint8Array | undefined> {
  try {
    return await readAll(createReadStream(givenPath(given)), given);
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const isName = /^[^:?]+\.(png|jpe?g|txt|svg|gif|webp|pdf)$/i.test(given);
    const isPath = given.startsWith('./') || given.startsWith('../') || given.startsWith('/');
    if (code === 'EISDIR') throw new ExplainedError(`${given} is a folder, not a file`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new ExplainedError(`cannot read ${given}: permission denied`);
    }
    if (isName || isPath) throw new ExplainedError(`cannot read ${given}: no such file`);
    return undefined;
  }
}

/** The whole of an input that may have no end (`/dev/zero`, a pipe). */
async function readAll(input: AsyncIterable<unknown>, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of input as AsyncIterable<Uint8Array>) {
    parts.push(part);
    length += part.length;
    if (length > MAX_BYTES) {
      const source = name === '-' ? 'standard input' : name;
      throw new ExplainedError(`${source} is larger than a photograph needs to be`);
    }
  }
  return Buffer.concat(parts);
}
