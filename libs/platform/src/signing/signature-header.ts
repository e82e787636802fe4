/** The parts of a `Signature` header that matter to a verifier. */
export interface SignatureHeader {
  readonly algorithm: string;
  /** Absent when the sender did not say; 0 and 1 both mean its first key. */
  readonly keyVersion: number | undefined;
  readonly signature: Buffer;
}

/**
 * The exact form every known client reads: the Java client takes the third comma part as the
 * signature, Python demands URL-encoding (docs/sources.md A6), so nothing may be added or moved.
 */
export function formatSignatureHeader(keyVersion: number, signature: Uint8Array): string {
  const encoded = encodeURIComponent(Buffer.from(signature).toString('base64'));
  return `algorithm=RSA256,keyVersion=${keyVersion},signature=${encoded}`;
}

/**
 * Reads what others write: spaces after commas, any capitalisation, extra parts, Base64 with or
 * without URL-encoding. Undefined when there is no readable signature in it.
 */
export function parseSignatureHeader(header: string): SignatureHeader | undefined {
  const parts = new Map<string, string>();
  for (const part of header.split(',')) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    if (!parts.has(name)) parts.set(name, part.slice(equals + 1).trim());
  }
  const signature = decodeSignature(parts.get('signature') ?? '');
  if (signature === undefined) return undefined;
  const version = parts.get('keyversion');
  if (version !== undefined && !/^\d{1,9}$/.test(version)) return undefined;
  return {
    algorithm: parts.get('algorithm') ?? 'RSA256',
    keyVersion: version === undefined ? undefined : Number(version),
    signature,
  };
}

function decodeSignature(text: string): Buffer | undefined {
  let base64 = text;
  if (text.includes('%')) {
    try {
      base64 = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  // A form decoder on the way turns the plus signs of plain Base64 into spaces.
  base64 = base64.replaceAll(' ', '+');
  if (base64 === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return undefined;
  return Buffer.from(base64, 'base64');
}
