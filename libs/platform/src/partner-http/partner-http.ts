import type { KeyObject } from 'node:crypto';
import { newSpanId } from '../telemetry/context.js';
import { currentSpan, withSpan } from '../telemetry/spans.js';
import {
  isTracing,
  spanIdOf,
  traceparentOf,
  type Span,
  type SpanPlace,
  type SpanTerms,
} from '../telemetry/tracing.js';
import { Agent } from 'undici';
import { OUTBOUND_PREFIX } from '#contracts/partner-wire/operations';
import { partnerResult } from '#contracts/partner-wire/objects';
import { readWire } from '#contracts/partner-wire/read-wire';
import { wireTime } from '#contracts/partner-wire/wire-time';
import type { PartnerResult } from '#domain/rejection';
import type { Clock } from '../clock.js';
import { signMessage, verifyMessage, type SignedMessage } from '../signing/index.js';
import { JSON_LIMITS, parseStrictJson } from '../wire/strict-json.js';
import type { WireSigner } from '../wire/wire-call.js';
import { post, type RawReply } from './post.js';

/** Where a partner listens and the key it signs its answers with. */
export interface PartnerEndpoint {
  /** The partner's own client id; its answers may name it or echo ours. */
  readonly clientId: string;
  /** Origin and, if it has one, a path before the wire's prefix. */
  readonly baseUrl: string;
  readonly publicKey: KeyObject;
  readonly keyVersion: number;
}

export interface PartnerRequest {
  readonly endpoint: PartnerEndpoint;
  /** e.g. `payments/pay`. */
  readonly operation: string;
  readonly body: object;
  /** For the whole exchange, connecting included. */
  readonly timeoutMs: number;
  /** 32 lower-case hex digits; travels as `traceparent`. */
  readonly traceId: string;
  /** The payment or refund it is about: whose span the call hangs below. */
  readonly subject?: string;
}

/**
 * What came of a call. `unknown` is not a failure: the partner may have acted, so the caller
 * inquires or sends the same request again, and never concludes F from it.
 */
export type PartnerReply =
  | {
      readonly kind: 'answer';
      readonly result: PartnerResult;
      readonly body: Record<string, unknown>;
      readonly elapsedMs: number;
    }
  | {
      readonly kind: 'unknown';
      readonly reason: UnknownReason;
      readonly detail: string;
      readonly elapsedMs: number;
    };

export type UnknownReason =
  'timeout' | 'connection' | 'status' | 'signature' | 'malformed' | 'closing';

export interface PartnerHttpOptions {
  readonly signer: WireSigner;
  readonly clock: Clock;
  /** Connections kept per partner; a call beyond them waits for one. */
  readonly connectionsPerPartner?: number;
  readonly onCall?: (request: PartnerRequest, reply: PartnerReply) => void;
}

/** A partner's address as every call to it needs it. */
interface Address {
  readonly origin: string;
  /** Of the wire's operations, with a slash at the end. */
  readonly path: string;
}

/**
 * The calling end of the partner wire: serialises once, signs those bytes, keeps connections
 * open, believes only a signed answer. It never throws for anything a partner does.
 */
export class PartnerHttp {
  private readonly agent: Agent;
  private readonly addresses = new WeakMap<PartnerEndpoint, Address>();
  private closed = false;

  constructor(private readonly options: PartnerHttpOptions) {
    this.agent = new Agent({
      connections: options.connectionsPerPartner ?? 64,
      pipelining: 1,
      // Shorter than servers' own idle limits, so that a connection is not reused as it closes.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 4_000,
      connect: { timeout: 3_000 },
    });
  }

  async call(request: PartnerRequest): Promise<PartnerReply> {
    const startedMs = performance.now();
    const work = async (place?: SpanPlace, span?: Span): Promise<PartnerReply> => {
      const { traceId } = request;
      const ownPlace = place ?? { traceId, spanId: newSpanId() };
      const answer = await this.exchange(request, traceparentOf(ownPlace), startedMs);
      span?.setAttribute(
        'wayfare.result',
        answer.kind === 'answer' ? answer.result.resultCode : answer.reason,
      );
      return answer;
    };
    // What a span would say is not worked out where none is kept.
    const reply = isTracing() ? await withSpan(spanOf(request), work) : await work();
    this.options.onCall?.(request, reply);
    return reply;
  }

  /** Ends kept connections; calls under way become unknown. */
  async close(): Promise<void> {
    this.closed = true;
    await this.agent.destroy();
  }

  private async exchange(
    request: PartnerRequest,
    traceparent: string,
    startedMs: number,
  ): Promise<PartnerReply> {
    const unknown = (reason: UnknownReason, detail: string): PartnerReply => ({
      kind: 'unknown',
      reason,
      detail,
      elapsedMs: performance.now() - startedMs,
    });
    // Outside the try: a body that does not serialise is our bug, not the partner's silence.
    const bytes = Buffer.from(JSON.stringify(request.body), 'utf8');
    const { origin, path } = this.targetOf(request);
    let raw: RawReply | 'timeout';
    try {
      raw = await this.send(request, { origin, path, traceparent }, bytes, startedMs);
    } catch (error) {
      if (this.closed) return unknown('closing', 'the hub is stopping');
      return unknown('connection', messageOf(error));
    }
    if (raw === 'timeout') return unknown('timeout', `no answer in ${request.timeoutMs} ms`);
    if (raw.statusCode !== 200) return unknown('status', `HTTP ${raw.statusCode}`);
    const forged = this.refusalOfSignature(request, path, raw);
    if (forged !== undefined) return unknown('signature', forged);
    const body = parseStrictJson(raw.bytes);
    if (!body.ok) return unknown('malformed', body.rejection.detail);
    const result = readWire(partnerResult, (body.value as { result?: unknown } | null)?.result);
    if (!result.ok) return unknown('malformed', `result: ${result.rejection.detail}`);
    return {
      kind: 'answer',
      result: result.value,
      body: body.value as Record<string, unknown>,
      elapsedMs: performance.now() - startedMs,
    };
  }

  private async send(
    request: PartnerRequest,
    { origin, path, traceparent }: Address & { readonly traceparent: string },
    body: Buffer,
    startedMs: number,
  ): Promise<RawReply | 'timeout'> {
    const { signer, clock } = this.options;
    const { clientId } = signer;
    const time = wireTime(clock.nowMs());
    const message: SignedMessage = { method: 'POST', path, clientId, time, body };
    const signature = await signMessage(message, signer.privateKey, signer.keyVersion);
    return post(this.agent, {
      origin,
      path,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': clientId,
        'request-time': time,
        signature,
        traceparent,
      },
      body,
      timeoutMs: request.timeoutMs - (performance.now() - startedMs),
      maxReplyBytes: JSON_LIMITS.maxBytes,
    });
  }

  /** Parsed once for each endpoint: a partner's connection is one object until it is enrolled anew. */
  private targetOf({ endpoint, operation }: PartnerRequest): Address {
    let address = this.addresses.get(endpoint);
    if (address === undefined) {
      const url = new URL(`${endpoint.baseUrl.replace(/\/+$/, '')}${OUTBOUND_PREFIX}/`);
      address = { origin: url.origin, path: url.pathname };
      this.addresses.set(endpoint, address);
    }
    return { origin: address.origin, path: address.path + operation };
  }

  /** Why the answer is not believed, or undefined. */
  private refusalOfSignature(
    request: PartnerRequest,
    path: string,
    raw: RawReply,
  ): string | undefined {
    const signature = headerOf(raw, 'signature');
    const time = headerOf(raw, 'response-time');
    if (signature === undefined) return 'the answer has no signature header';
    if (time === undefined) return 'the answer has no response-time header';
    const ours = this.options.signer.clientId;
    const clientId = headerOf(raw, 'client-id') ?? ours;
    if (clientId !== ours && clientId !== request.endpoint.clientId) {
      return `the answer names client ${clientId.slice(0, 64)}, neither its own nor ours`;
    }
    const message: SignedMessage = { method: 'POST', path, clientId, time, body: raw.bytes };
    const verification = verifyMessage(message, signature, request.endpoint.publicKey);
    return verification === 'valid'
      ? undefined
      : `the answer's signature is not valid (${verification})`;
  }
}

/** Below the payment's own span; a call about none yet, below the request it was made in. */
function spanOf({ operation, endpoint, traceId, subject }: PartnerRequest): SpanTerms {
  const here = currentSpan();
  const below = here?.traceId === traceId ? here : undefined;
  return {
    name: `partner ${operation}`,
    kind: 'client',
    traceId,
    parent: subject === undefined ? below : { traceId, spanId: spanIdOf(subject) },
    attributes: { 'wayfare.client': endpoint.clientId },
  };
}

function headerOf(raw: RawReply, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.message : `${code}: ${error.message}`;
}
