/**
 * What a signature covers (docs/sources.md A2): `<METHOD> <path>`, one LF, then client id, time and
 * body joined by dots, no newline at the end. The body is the bytes that travel, never a parsed
 * and re-written copy; the time is the literal header text; the path is the pathname alone.
 */
export interface SignedMessage {
  readonly method: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Uint8Array;
}

export function signedText(message: SignedMessage): Buffer {
  const head = `${message.method} ${message.path}\n${message.clientId}.${message.time}.`;
  return Buffer.concat([Buffer.from(head, 'utf8'), message.body]);
}

/**
 * The path of a request target. Python's client sends the absolute form (`https://host/path`),
 * which routers accept but hand on whole; what is signed is the pathname, without a query.
 */
export function pathOfTarget(target: string): string {
  let start = 0;
  if (!target.startsWith('/')) {
    const scheme = target.indexOf('://');
    if (scheme >= 0) {
      const slash = target.indexOf('/', scheme + 3);
      if (slash < 0) return '/';
      start = slash;
    }
  }
  const end = target.slice(start).search(/[?#]/);
  return end < 0 ? target.slice(start) : target.slice(start, start + end);
}
