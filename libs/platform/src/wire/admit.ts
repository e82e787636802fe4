import type { IncomingHttpHeaders } from 'node:http';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { checkRequestTime, verifyMessage, type SignedMessage } from '../signing/index.js';
import { parseStrictJson } from './strict-json.js';
import type { PartnerKey, SignedRoutesOptions, WireOperationHandler } from './wire-call.js';

/** What is known of a request before its signature is. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that may reach its handler. */
export interface Admission {
  readonly handler: WireOperationHandler;
  readonly key: PartnerKey;
  readonly clientId: string;
  readonly requestTimeMs: number;
  readonly body: unknown;
}

/** The client id a caller names, when it can be echoed and signed; undefined otherwise. */
export function clientIdOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['client-id'];
  if (typeof value !== 'string') return undefined;
  const clientId = value.trim();
  return /^[\x21-\x7e]{1,128}$/.test(clientId) ? clientId : undefined;
}

/**
 * Everything a call must pass, in the order that spends least on strangers: shape, caller,
 * signature, time, and only then is the body parsed. Each refusal says what to change.
 */
export function admit(arrival: Arrival, options: SignedRoutesOptions): Outcome<Admission> {
  const handler = options.operations.get(arrival.operation);
  if (handler === undefined) {
    const known = [...options.operations.keys()].join(', ');
    return rejected(
      'NO_INTERFACE_DEF',
      `There is no operation at ${arrival.path}. Known here: ${known}.`,
    );
  }
  if (arrival.method !== 'POST') {
    return rejected('METHOD_NOT_SUPPORTED', `${arrival.operation} takes POST only.`);
  }
  const media = checkMedia(arrival.headers);
  if (!media.ok) return media;
  const caller = checkCaller(arrival, options);
  if (!caller.ok) return caller;
  const { key, clientId, requestTimeMs } = caller.value;
  if (handler.roles?.includes(key.role) === false) {
    return rejected(
      'ACCESS_DENIED',
      `${arrival.operation} is for ${handler.roles.join(' or ')}; ${key.participantId} is ${key.role}.`,
    );
  }
  const body = parseStrictJson(arrival.body);
  if (!body.ok) return body;
  return accepted({ handler, key, clientId, requestTimeMs, body: body.value });
}

function checkMedia(headers: IncomingHttpHeaders): Outcome<true> {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return rejected(
      'MEDIA_TYPE_NOT_ACCEPTABLE',
      `Content-Encoding ${encoding.slice(0, 40)} is not taken: send the signed bytes themselves.`,
      'Content-Encoding',
    );
  }
  const type = headers['content-type'];
  // The header is optional on this wire; a stated one must be true.
  if (type === undefined) return accepted(true);
  const [media = '', ...parameters] = type.toLowerCase().split(';');
  const charset = parameters
    .map((part) => part.trim())
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (media.trim() !== 'application/json') {
    return rejected(
      'MEDIA_TYPE_NOT_ACCEPTABLE',
      `Content-Type ${type.slice(0, 80)} is not taken; send application/json.`,
      'Content-Type',
    );
  }
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    return rejected(
      'MEDIA_TYPE_NOT_ACCEPTABLE',
      `Charset ${charset.slice(0, 40)} is not taken; send UTF-8.`,
      'Content-Type',
    );
  }
  return accepted(true);
}

interface Caller {
  readonly key: PartnerKey;
  readonly clientId: string;
  readonly requestTimeMs: number;
}

function checkCaller(arrival: Arrival, options: SignedRoutesOptions): Outcome<Caller> {
  const clientId = clientIdOf(arrival.headers);
  if (clientId === undefined) {
    return rejected('INVALID_CLIENT', 'The Client-Id header is missing or not readable.');
  }
  const time = single(arrival.headers['request-time']);
  if (time === undefined) {
    return rejected('PARAM_ILLEGAL', 'The Request-Time header is missing.', 'Request-Time');
  }
  const signature = single(arrival.headers['signature']);
  if (signature === undefined) {
    return rejected('INVALID_SIGNATURE', 'The Signature header is missing.', 'Signature');
  }
  const key = options.findKey(clientId, keyVersionOf(signature));
  if (!key.ok) return key;
  const message: SignedMessage = {
    method: arrival.method,
    path: arrival.path,
    clientId,
    time,
    body: arrival.body,
  };
  const verification = verifyMessage(message, signature, key.value.publicKey);
  if (verification !== 'valid') return refusedSignature(verification, message);
  const requestTime = checkRequestTime(time, options.clock.nowMs(), options.skewMs);
  if (!requestTime.ok) return requestTime;
  return accepted({ key: key.value, clientId, requestTimeMs: requestTime.value });
}

function keyVersionOf(header: string): number | undefined {
  const match = /keyversion\s*=\s*(\d{1,9})/i.exec(header);
  return match === null ? undefined : Number(match[1]);
}

function refusedSignature(
  why: 'unreadable' | 'algorithm' | 'mismatch',
  message: SignedMessage,
): Outcome<never> {
  switch (why) {
    case 'unreadable':
      return rejected(
        'INVALID_SIGNATURE',
        'The Signature header is not readable; send algorithm=RSA256,keyVersion=1,signature=<URL-encoded Base64>.',
        'Signature',
      );
    case 'algorithm':
      return rejected('INVALID_SIGNATURE', 'The only signature algorithm is RSA256.', 'Signature');
    case 'mismatch':
      return rejected(
        'INVALID_SIGNATURE',
        `The signature does not match. It must cover "${message.method} ${message.path}", one line feed, ` +
          `"${message.clientId}.${message.time}." and the ${message.body.byteLength} bytes of the body as sent, ` +
          'with the private key whose public half is enrolled for this client.',
        'Signature',
      );
  }
}

function single(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  const text = first?.trim();
  return text === '' ? undefined : text;
}
