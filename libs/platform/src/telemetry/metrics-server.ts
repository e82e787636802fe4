import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import { listenOrExplain, portOf, type ListenChoices } from '../listen.js';

export interface MetricsServer {
  /** e.g. `http://127.0.0.1:9464/metrics` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves `/metrics` and nothing else, for a process that has no front door: what a worker counts,
 * its lag, its memory, its own event loop, is in no other process.
 *
 * @throws ExplainedError when the port cannot be had
 */
export async function serveMetricsAlone(
  registry: Registry,
  choices: ListenChoices,
): Promise<MetricsServer> {
  const { host, port } = choices;
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
    if (!isAsked) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('only GET /metrics is here\n');
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      // A gauge could not be read, as when the database is away: the scrape fails, and says so.
      (error: unknown) =>
        response.writeHead(503, { 'content-type': 'text/plain' }).end(`${String(error)}\n`),
    );
  });
  await listenOrExplain(
    () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      }),
    choices,
  );
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `http://${shown}:${String(portOf(server))}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
