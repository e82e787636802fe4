import { currentTrace, withTrace } from './context.js';
import { beginSpan, failSpan, type Span, type SpanPlace, type SpanTerms } from './tracing.js';

/** The span of the request or job that is being worked on here. */
export function currentSpan(): SpanPlace | undefined {
  const trace = currentTrace();
  return trace?.spanId === undefined ? undefined : { traceId: trace.traceId, spanId: trace.spanId };
}

/** Runs `work` within a span; what it starts sees the span as the current one. */
export async function withSpan<T>(
  terms: SpanTerms,
  work: (place: SpanPlace | undefined, span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = beginSpan(terms);
  if (span === undefined) return work(undefined, undefined);
  const { traceId, spanId } = span.spanContext();
  try {
    const requestId = currentTrace()?.requestId ?? '';
    return await withTrace({ requestId, traceId, spanId }, () => work({ traceId, spanId }, span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}
