import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFillSync } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IdSource } from '../id-source.js';
import { beginSpan, isTracing, placeOfTraceparent, type Span } from './tracing.js';

/**
 * What ties together everything that one request or job causes: log lines, problems, calls to
 * partners and the jobs that follow. Carried implicitly, because it explains and never decides.
 */
export interface TraceContext {
  /** Given back to the caller in `x-request-id`. */
  readonly requestId: string;
  /** 32 lower-case hex digits (W3C Trace Context, section 3.2.2.3); outlives the request. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the span being worked on, where spans are kept. */
  readonly spanId?: string;
}

const storage = new AsyncLocalStorage<TraceContext>();
const REQUEST_ID = /^[\w.:-]{1,64}$/;
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = '0'.repeat(32);

export function currentTrace(): TraceContext | undefined {
  return storage.getStore();
}

/** Random bytes are fetched in bulk, since asking for a few costs as much as asking for many. */
const pool = Buffer.alloc(4_096);
let used = pool.byteLength;

function randomHex(bytes: number): string {
  if (used + bytes > pool.byteLength) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

export function newTraceId(): string {
  return randomHex(16);
}

export function newSpanId(): string {
  return randomHex(8);
}

/** Runs `work`, and everything it starts, under a trace: a job continues the one it was made in. */
export function withTrace<T>(trace: TraceContext, work: () => T): T {
  return storage.run(trace, work);
}

function first(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

function traceOf(request: FastifyRequest, ids: IdSource, nowMs: number): TraceContext {
  const given = first(request.headers['x-request-id']);
  const trace = TRACE_PARENT.exec(first(request.headers['traceparent']))?.[1] ?? NO_TRACE;
  return {
    requestId: REQUEST_ID.test(given) ? given : ids.next('req_', nowMs),
    traceId: trace === NO_TRACE ? newTraceId() : trace,
  };
}

/** Asked every few seconds by machines that want no trace of it. */
const UNTRACED = new Set(['/health', '/ready', '/metrics', '/board', '/api/queues']);

function beginRequestSpan(request: FastifyRequest, { traceId }: TraceContext): Span | undefined {
  const route = request.routeOptions.url ?? 'unmatched';
  if (!isTracing() || UNTRACED.has(route)) return undefined;
  const given = placeOfTraceparent(first(request.headers['traceparent']));
  return beginSpan({
    name: `${request.method} ${route}`,
    kind: 'server',
    traceId,
    parent: given,
    attributes: { 'url.path': request.url.replace(/\?.*$/s, '').slice(0, 200) },
  });
}

/** Puts every request of a server under a trace of its own, taking over the caller's ids if sane. */
export function traceRequests(
  fastify: FastifyInstance,
  { ids, nowMs }: { readonly ids: IdSource; readonly nowMs: () => number },
): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  const end = (request: FastifyRequest, status: number): void => {
    const span = spans.get(request);
    if (span === undefined) return;
    spans.delete(request);
    span.setAttribute('http.response.status_code', status);
    span.end();
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const trace = traceOf(request, ids, nowMs());
    void reply.header('x-request-id', trace.requestId);
    const span = beginRequestSpan(request, trace);
    if (span === undefined) {
      storage.run(trace, done);
      return;
    }
    spans.set(request, span);
    storage.run({ ...trace, spanId: span.spanContext().spanId }, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    end(request, 499);
    done();
  });
}
