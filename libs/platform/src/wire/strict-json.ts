import { isUtf8 } from 'node:buffer';
import { accepted, rejected, type Outcome } from '#domain/rejection';

/** Bounds of a message; every real one is far below both. */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
}

export const JSON_LIMITS: JsonLimits = { maxBytes: 1024 * 1024, maxDepth: 32 };

/**
 * Reads a signed body without changing what it says. A common parser repairs silently: it
 * replaces broken UTF-8, lets the last of two equal keys win, rounds integers beyond 2^53 and
 * turns `1200.00` into 1200, so that signer and reader would act on different messages. Here each
 * of these is refused with its path; only a number under the key `value`, an amount, is kept as
 * its literal text when it is not a plain safe integer, so that the amount's own rule can judge it.
 */
export function parseStrictJson(
  body: Uint8Array,
  limits: JsonLimits = JSON_LIMITS,
): Outcome<unknown> {
  if (body.byteLength > limits.maxBytes) return tooLarge(limits.maxBytes);
  if (!isUtf8(body)) return refusal('is not valid UTF-8');
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const scan = new Scan(text, limits.maxDepth);
  const fault = scan.run();
  if (fault !== undefined) return refusal(fault.says, fault.path);
  let value: unknown;
  try {
    value = JSON.parse(scan.patched());
  } catch (error) {
    return refusal(`is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  // Either can only come from an escape: the bytes themselves are valid UTF-8, and JSON wants
  // control characters escaped.
  if (text.includes('\\u')) {
    const path = unstorable(value, '');
    if (path !== undefined) {
      return refusal('holds a null character or half of a surrogate pair', path);
    }
  }
  return accepted(value);
}

export function tooLarge(maxBytes: number): Outcome<never> {
  return rejected('PARAM_ILLEGAL', `The body is larger than the limit of ${maxBytes} bytes.`);
}

function refusal(says: string, path = ''): Outcome<never> {
  return path === ''
    ? rejected('PARAM_ILLEGAL', `The body ${says}.`)
    : rejected('PARAM_ILLEGAL', `${path} ${says}.`, path);
}

interface Fault {
  readonly says: string;
  readonly path: string;
}

/** One open container. Small objects compare keys in a list; a set pays off only beyond that. */
interface Frame {
  readonly isObject: boolean;
  keys: string[] | Set<string>;
  key: string;
  index: number;
}

const KEYS_IN_LIST = 12;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * One pass over the text for what JSON.parse would let by: depth, equal keys, numbers. It trusts
 * the text to be JSON; where it is not, the parse that follows says so.
 */
class Scan {
  private readonly frames: Frame[] = [];
  private readonly patches: { start: number; end: number }[] = [];

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  run(): Fault | undefined {
    const { text } = this;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        const end = this.endOfString(at + 1);
        if (end < 0) return undefined;
        const duplicate = this.noteKey(at + 1, end);
        if (duplicate !== undefined) return duplicate;
        at = end + 1;
      } else if (code === 0x7b || code === 0x5b) {
        if (this.frames.length >= this.maxDepth) {
          return { says: `is nested deeper than ${this.maxDepth} levels`, path: '' };
        }
        this.frames.push({ isObject: code === 0x7b, keys: [], key: '', index: 0 });
        at++;
      } else if (code === 0x7d || code === 0x5d) {
        this.frames.pop();
        at++;
      } else if (code === 0x2c) {
        const frame = this.frames.at(-1);
        if (frame !== undefined) frame.index++;
        at++;
      } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
        const end = endOfNumber(text, at);
        const unsafe = this.noteNumber(at, end);
        if (unsafe !== undefined) return unsafe;
        at = end;
      } else {
        at++;
      }
    }
    return undefined;
  }

  /** The text with literal amounts quoted. */
  patched(): string {
    let out = '';
    let from = 0;
    for (const { start, end } of this.patches) {
      out += `${this.text.slice(from, start)}"${this.text.slice(start, end)}"`;
      from = end;
    }
    return from === 0 ? this.text : out + this.text.slice(from);
  }

  private endOfString(start: number): number {
    const { text } = this;
    for (let end = text.indexOf('"', start); end >= 0; end = text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (end - 1 - slashes >= start && text.charCodeAt(end - 1 - slashes) === BACKSLASH) {
        slashes++;
      }
      if (slashes % 2 === 0) return end;
    }
    return -1;
  }

  private noteKey(start: number, end: number): Fault | undefined {
    const frame = this.frames.at(-1);
    if (frame?.isObject !== true) return undefined;
    let next = end + 1;
    while (isSpace(this.text.charCodeAt(next))) next++;
    if (this.text.charCodeAt(next) !== 0x3a) return undefined;
    const raw = this.text.slice(start, end);
    const key = raw.includes('\\') ? unescaped(raw) : raw;
    frame.key = key;
    if (Array.isArray(frame.keys)) {
      if (frame.keys.includes(key)) return this.duplicate();
      frame.keys.push(key);
      if (frame.keys.length > KEYS_IN_LIST) frame.keys = new Set(frame.keys);
      return undefined;
    }
    if (frame.keys.has(key)) return this.duplicate();
    frame.keys.add(key);
    return undefined;
  }

  private noteNumber(start: number, end: number): Fault | undefined {
    const length = end - start;
    const token = this.text.slice(start, end);
    const isInteger = !/[.eE]/.test(token);
    if (isInteger && (length < 16 || Number.isSafeInteger(Number(token)))) return undefined;
    const frame = this.frames.at(-1);
    if (frame?.isObject === true && frame.key === 'value') {
      this.patches.push({ start, end });
      return undefined;
    }
    if (isInteger) {
      return {
        says: 'is an integer beyond 2^53, which no double holds; send it as a string',
        path: this.path(),
      };
    }
    if (Number.isFinite(Number(token))) return undefined;
    // A malformed token is for the parser to name.
    return Number.isNaN(Number(token))
      ? undefined
      : { says: 'is a number too large to hold', path: this.path() };
  }

  private duplicate(): Fault {
    return { says: 'is given twice', path: this.path() };
  }

  private path(): string {
    let path = '';
    for (const frame of this.frames) {
      if (!frame.isObject) path += `[${frame.index}]`;
      else path += path === '' ? frame.key : `.${frame.key}`;
    }
    return path.length > 200 ? `${path.slice(0, 200)}…` : path;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 0x30 && code <= 0x39;
    // . e E + -
    if (!digit && code !== 0x2e && (code | 0x20) !== 0x65 && code !== 0x2b && code !== 0x2d) break;
  }
  return at;
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

// What no text column takes. With the u flag a surrogate matches only where it has no partner.
const UNSTORABLE = /[\p{Surrogate}\0]/u;

function unstorable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const here = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (!Array.isArray(value) && UNSTORABLE.test(key)) return path === '' ? 'A key' : path;
    const found = unstorable(item, here);
    if (found !== undefined) return found;
  }
  return undefined;
}
