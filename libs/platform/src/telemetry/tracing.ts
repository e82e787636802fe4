import { createHash, randomBytes } from 'node:crypto';
import type { Attributes, Span } from '@opentelemetry/api';
import type { SpanExporter, TracerProviderOptions } from '@opentelemetry/sdk-trace';

export type { Span } from '@opentelemetry/api';

/** Where a span is, for its children and for links to it. */
export interface SpanPlace {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
}

export interface SpanTerms {
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** Absent: the span begins a trace, `traceId` if that is given. */
  readonly parent?: SpanPlace | undefined;
  readonly traceId?: string;
  readonly links?: readonly SpanPlace[];
  /** What the span is about, if others must find it without being told: see `spanIdOf`. */
  readonly subject?: string;
  readonly startMs?: number;
  readonly endMs?: number;
}

export interface TracingTerms {
  /** e.g. `hub`; shown as `wayfare-hub`. */
  readonly part: string;
  /** Base address of an OTLP/HTTP collector. */
  readonly endpoint?: string | undefined;
  /** For tests: takes the spans instead. */
  readonly exporter?: SpanExporter;
}

export interface RunningTracing {
  /** Sends what is left, and ends. */
  readonly close: () => Promise<void>;
}

interface Tracing {
  readonly begin: (terms: SpanTerms) => Span;
  readonly fail: (span: Span, error: unknown) => void;
}

/** One per process; undefined is off, and then every function here is one comparison. */
let tracing: Tracing | undefined;

const CLOSE_WITHIN_MS = 3_000;

export function isTracing(): boolean {
  return tracing !== undefined;
}

/**
 * The id of the span about a payment, a refund or an entry. It follows from the id of what it is
 * about, so that another process, a day later, can hang its own span below it, and nothing but the
 * trace id need be stored.
 */
export function spanIdOf(subject: string): string {
  return createHash('sha256').update(`wayfare span ${subject}`).digest('hex').slice(0, 16);
}

/** The id of a trace that belongs to no request, found in the same way as `spanIdOf`. */
export function traceIdOf(subject: string): string {
  return createHash('sha256').update(`wayfare trace ${subject}`).digest('hex').slice(0, 32);
}

/** `traceparent` of W3C Trace Context. */
export function traceparentOf({ traceId, spanId }: SpanPlace): string {
  return `00-${traceId}-${spanId}-01`;
}

export function placeOfTraceparent(header: string): SpanPlace | undefined {
  const [, traceId, spanId] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? undefined : { traceId, spanId };
}

/** Notes what has happened as a span that is over. */
export function recordSpan(terms: SpanTerms): SpanPlace | undefined {
  const span = tracing?.begin(terms);
  span?.end(terms.endMs);
  return span?.spanContext();
}

/** Begins a span that its caller ends. */
export function beginSpan(terms: SpanTerms): Span | undefined {
  return tracing?.begin(terms);
}

/** Marks a span's work as failed. */
export function failSpan(span: Span, error: unknown): void {
  tracing?.fail(span, error);
}

/**
 * Switches spans on for this process; without a collector nothing is loaded and nothing costs. A
 * collector that is away loses spans and never holds up a payment.
 */
export async function startTracing(terms: TracingTerms): Promise<RunningTracing> {
  const { endpoint, part } = terms;
  if (endpoint === undefined && terms.exporter === undefined) {
    return { close: () => Promise.resolve() };
  }
  const [api, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
  ]);
  const { SpanKind, SpanStatusCode } = api;
  const kinds = {
    server: SpanKind.SERVER,
    client: SpanKind.CLIENT,
    producer: SpanKind.PRODUCER,
    consumer: SpanKind.CONSUMER,
  };
  const wished: { traceId?: string | undefined; spanId?: string | undefined } = {};
  const provider = new sdk.TracerProvider({
    resource: resourceOf(part),
    sampler: new sdk.AlwaysOnSampler(),
    idGenerator: {
      generateTraceId: () => wished.traceId ?? randomBytes(16).toString('hex'),
      generateSpanId: () => wished.spanId ?? randomBytes(8).toString('hex'),
    },
    spanProcessors: [
      terms.exporter === undefined
        ? new sdk.BatchSpanProcessor({ exporter: await collectorAt(endpoint ?? '') })
        : new sdk.SimpleSpanProcessor({ exporter: terms.exporter }),
    ],
  });
  const tracer = provider.getTracer('wayfare');
  const remote = (place: SpanPlace) => ({ ...place, traceFlags: 1, isRemote: true });
  const begin = (span: SpanTerms): Span => {
    const { parent, links = [], subject } = span;
    const root = api.ROOT_CONTEXT;
    wished.traceId = span.traceId;
    wished.spanId = subject === undefined ? undefined : spanIdOf(subject);
    return tracer.startSpan(
      span.name,
      {
        kind: span.kind === undefined ? SpanKind.INTERNAL : kinds[span.kind],
        attributes: span.attributes ?? {},
        links: links.map((link) => ({ context: remote(link) })),
        ...(span.startMs === undefined ? {} : { startTime: span.startMs }),
      },
      parent === undefined ? root : api.trace.setSpanContext(root, remote(parent)),
    );
  };
  const fail = (span: Span, error: unknown): void => {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  };
  const started: Tracing = { begin, fail };
  tracing = started;
  return {
    close: async () => {
      if (tracing === started) tracing = undefined;
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, CLOSE_WITHIN_MS).unref();
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

async function collectorAt(endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
}

type Resource = NonNullable<TracerProviderOptions['resource']>;

/** What collectors group by. It is an interface, so one more package is not needed for it. */
function resourceOf(part: string): Resource {
  const attributes = { 'service.name': `wayfare-${part}` };
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}
