import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OPERATION_ALIASES, WIRE_PREFIXES } from '#contracts/partner-wire/operations';
import { wireTime } from '#contracts/partner-wire/wire-time';
import { partnerResultOf, type PartnerResult, type Rejection } from '#domain/rejection';
import { pathOfTarget, signMessage } from '../signing/index.js';
import { currentTrace, newTraceId } from '../telemetry/context.js';
import { admit, clientIdOf, type Arrival } from './admit.js';
import { JSON_LIMITS, tooLarge } from './strict-json.js';
import type {
  SignedRoutesOptions,
  WireAnswer,
  WireCall,
  WireExchange,
  WireReply,
} from './wire-call.js';

const METHODS = ['POST', 'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const UNKNOWN: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'UNKNOWN_EXCEPTION',
  resultMessage: 'The outcome is not known. Send the same request again, or inquire.',
};
const IN_PROCESS: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'Still in process. Inquire for the final result.',
};

/**
 * The answering end of the partner wire, for the hub and for simulated partners alike. It is its
 * own Fastify context, because its rules are not the house's: bodies stay raw until verified, and
 * every reply, refusals and faults too, is HTTP 200 with a signed `result` (docs/sources.md A1.4,
 * A6: the public clients throw on any other status). Response headers are lower-case because
 * Python's client looks them up literally.
 */
export async function registerSignedRoutes(
  fastify: FastifyInstance,
  options: SignedRoutesOptions,
): Promise<void> {
  const prefixes = options.prefixes ?? WIRE_PREFIXES;
  const maxBodyBytes = options.maxBodyBytes ?? JSON_LIMITS.maxBytes;
  await fastify.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: maxBodyBytes },
      (_r, body, next) => {
        next(null, body);
      },
    );
    scope.setErrorHandler(async (error, request, reply) => {
      // Only reading the body can fail here: the route below catches everything of its own.
      const exchange = new Exchange(request, options);
      const code = (error as { code?: unknown }).code;
      if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
        const outcome = tooLarge(maxBodyBytes);
        if (!outcome.ok) return exchange.refuse(reply, outcome.rejection);
      }
      return exchange.fail(reply, error);
    });
    for (const prefix of prefixes) {
      scope.route({
        method: METHODS,
        url: `${prefix}/*`,
        exposeHeadRoute: false,
        handler: (request, reply) => new Exchange(request, options).run(reply),
      });
    }
    done();
  });
}

/** One request and its reply. */
class Exchange {
  private readonly startedMs = performance.now();
  private readonly arrival: Arrival;
  private readonly clientId: string | undefined;
  private readonly traceId: string;
  private participantId: string | undefined;

  constructor(
    private readonly request: FastifyRequest,
    private readonly options: SignedRoutesOptions,
  ) {
    const path = pathOfTarget(request.raw.url ?? '/');
    this.arrival = {
      method: request.method,
      path,
      operation: operationOf(path, options.prefixes ?? WIRE_PREFIXES),
      headers: request.headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    };
    this.clientId = clientIdOf(request.headers);
    this.traceId = currentTrace()?.traceId ?? traceIdOf(request.headers['traceparent']);
  }

  async run(reply: FastifyReply): Promise<FastifyReply> {
    const { options, arrival } = this;
    try {
      const admission = admit(arrival, options);
      if (!admission.ok) return await this.refuse(reply, admission.rejection);
      const { handler, key, clientId, requestTimeMs, body } = admission.value;
      this.participantId = key.participantId;
      const call: WireCall = {
        participantId: key.participantId,
        role: key.role,
        clientId,
        operation: arrival.operation,
        path: arrival.path,
        body,
        rawBody: arrival.body,
        requestTimeMs,
        traceId: this.traceId,
        deadlineMs: options.clock.nowMs() + options.timeoutMs,
      };
      const answering = handler.handle(call);
      const answer = await withDeadline(answering, options.timeoutMs);
      if (answer === 'late') {
        this.watchLate(answering);
        const result = arrival.operation === 'payments/pay' ? IN_PROCESS : UNKNOWN;
        return await this.send(reply, { result }, { timedOut: true });
      }
      if (answer.ok === undefined) return await this.send(reply, answer, { call });
      return answer.ok
        ? await this.send(reply, answer.value, { call })
        : await this.refuse(reply, answer.rejection);
    } catch (fault) {
      return this.fail(reply, fault);
    }
  }

  refuse(reply: FastifyReply, rejection: Rejection): Promise<FastifyReply> {
    return this.send(reply, { result: partnerResultOf(rejection) }, { rejection });
  }

  fail(reply: FastifyReply, fault: unknown): Promise<FastifyReply> {
    this.request.log.error({ err: fault, traceId: this.traceId }, 'a partner call faulted');
    return this.send(reply, { result: UNKNOWN }, { fault });
  }

  /** Past the deadline nobody awaits the handler, and its fault must still be seen. */
  private watchLate(answering: Promise<WireAnswer>): void {
    answering.catch((fault: unknown) => {
      this.request.log.error({ err: fault, traceId: this.traceId }, 'a late partner call faulted');
    });
  }

  private async send(
    reply: FastifyReply,
    body: WireReply,
    more: {
      call?: WireCall;
      rejection?: Rejection;
      fault?: unknown;
      timedOut?: boolean;
    },
  ): Promise<FastifyReply> {
    const { signer, clock } = this.options;
    const text = JSON.stringify(body);
    const bytes = Buffer.from(text, 'utf8');
    const clientId = this.clientId ?? signer.clientId;
    const time = wireTime(clock.nowMs());
    const { method, path } = this.arrival;
    let signature = await signMessage(
      { method, path, clientId, time, body: bytes },
      signer.privateKey,
      signer.keyVersion,
    );
    const misbehaviour = more.call && this.options.misbehave?.(more.call);
    this.tell(body.result, bytes.byteLength, more);
    if (misbehaviour === 'badSignature') signature = spoiled(signature);
    if (misbehaviour === 'dropConnection' || misbehaviour === 'noAnswer') {
      reply.hijack();
      if (misbehaviour === 'dropConnection') this.request.raw.socket.destroy();
      return reply;
    }
    return (
      reply
        .code(200)
        .headers({
          'content-type': 'application/json; charset=UTF-8',
          'client-id': clientId,
          'response-time': time,
          signature,
        })
        // As text it leaves in one piece with its head; the bytes are those that were signed.
        .send(text)
    );
  }

  private tell(
    result: PartnerResult,
    replyBytes: number,
    more: { rejection?: Rejection; fault?: unknown; timedOut?: boolean },
  ): void {
    const exchange: WireExchange = {
      traceId: this.traceId,
      clientId: this.clientId,
      participantId: this.participantId,
      operation: this.arrival.operation,
      path: this.arrival.path,
      result,
      rejection: more.rejection,
      fault: more.fault,
      timedOut: more.timedOut === true,
      elapsedMs: performance.now() - this.startedMs,
      requestBytes: this.arrival.body.byteLength,
      replyBytes,
    };
    this.options.onExchange?.(exchange);
  }
}

function operationOf(path: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((candidate) => path.startsWith(`${candidate}/`)) ?? '';
  const operation = path.slice(prefix.length + 1);
  return OPERATION_ALIASES[operation] ?? operation;
}

/** The trace of the caller (W3C Trace Context), when no hook of the server has read it yet. */
function traceIdOf(header: string | string[] | undefined): string {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(typeof header === 'string' ? header : '');
  return match?.[1] ?? newTraceId();
}

async function withDeadline(
  answer: Promise<WireAnswer>,
  timeoutMs: number,
): Promise<WireAnswer | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'late');
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Another signature of the same shape. */
function spoiled(signature: string): string {
  const at = signature.indexOf('signature=') + 'signature='.length + 20;
  const letter = signature.charAt(at) === 'A' ? 'B' : 'A';
  return signature.slice(0, at) + letter + signature.slice(at + 1);
}
