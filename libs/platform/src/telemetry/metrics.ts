import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Under this token Nest hands out the process's registry. */
export const METRICS = Symbol('Metrics');

/** From a cache hit to the 8 s after which a partner gives up; seconds, as Prometheus wants. */
const HTTP_BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 8];

/** A registry of one process's figures, with those of Node itself. */
export function createMetrics(part: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * Serves `/metrics` and times every request by its route pattern, never by its path: paths carry
 * ids, and a label with ids grows without end.
 */
export function serveMetrics(fastify: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'wayfare_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_BUCKETS_SECONDS,
    registers: [registry],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const { method } = request;
    duration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
  fastify.get('/metrics', async (_request, reply) => {
    void reply.type(registry.contentType);
    return registry.metrics();
  });
}
