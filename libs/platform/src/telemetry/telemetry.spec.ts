/**
 * Goal: a log line names its request and tells no secret; metrics never grow a label per payment.
 * Method: log into memory and parse; ask a real server and read its `/metrics`.
 */
import { fastify } from 'fastify';
import { seededIds } from '../id-source.js';
import { currentTrace, traceRequests, withTrace } from './context.js';
import { formatLine } from './log-line.js';
import { createLogger, type Logger } from './logger.js';
import { createMetrics, serveMetrics } from './metrics.js';

function collect(): { logger: Logger; lines: () => Record<string, unknown>[] } {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  return {
    logger: createLogger({ name: 'hub', level: 'info', destination }),
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('the log', () => {
  it('carries the trace through everything that was started under it', async () => {
    const { logger, lines } = collect();
    const trace = { requestId: 'req_1', traceId: 'a'.repeat(32) };
    await withTrace(trace, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      logger.info({ payment: 'pay_1' }, 'charged');
    });
    logger.info('later');
    expect(lines()[0]).toMatchObject({ ...trace, payment: 'pay_1', msg: 'charged', level: 'info' });
    expect(lines()[1]).not.toHaveProperty('requestId');
  });

  it('blanks secrets at the top and one level down', () => {
    const { logger, lines } = collect();
    logger.info({ password: 'hunter2', headers: { signature: 'abc', accept: 'x' } }, 'call');
    expect(JSON.stringify(lines())).not.toMatch(/hunter2|abc/);
    expect(lines()[0]).toMatchObject({ headers: { accept: 'x' } });
  });

  it('keeps the stack of an error', () => {
    const { logger, lines } = collect();
    logger.error({ error: new Error('boom') }, 'failed');
    expect(lines()[0]?.['error']).toMatchObject({ message: 'boom', type: 'Error' });
    expect(JSON.stringify(lines()[0])).toContain('telemetry.spec');
  });

  it('is one readable line on a terminal', () => {
    const { logger, lines } = collect();
    logger.info({ wallet: 'truemoney', note: 'two words' }, 'charged');
    const line = formatLine(JSON.stringify(lines()[0]), false);
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}hub: charged wallet=truemoney note="two words"\n$/,
    );
    expect(formatLine('not json\n', true)).toBe('not json\n');
  });
});

describe('a traced and measured server', () => {
  const server = fastify();
  let base: string;
  beforeAll(async () => {
    traceRequests(server, { ids: seededIds(1), nowMs: () => 0 });
    serveMetrics(server, createMetrics('hub'));
    server.get('/payments/:id', () => currentTrace());
    base = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => server.close());

  it("continues the caller's trace, and starts one where it is missing or void", async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const ask = async (traceparent: string): Promise<unknown> =>
      (await fetch(`${base}/payments/1`, { headers: { traceparent } })).json();
    expect(await ask(`00-${traceId}-00f067aa0ba902b7-01`)).toMatchObject({ traceId });
    for (const bad of [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'nonsense']) {
      const { traceId: made } = (await ask(bad)) as { traceId: string };
      expect(made).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    }
  });

  it('counts by route, not by path', async () => {
    await fetch(`${base}/payments/77`);
    await fetch(`${base}/nowhere/88`);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toMatch(/request_duration_seconds_count{[^}]*route="\/payments\/:id"[^}]*} \d/);
    expect(text).toMatch(/request_duration_seconds_count{[^}]*route="unmatched"[^}]*status="404"/);
    expect(text).not.toMatch(/payments\/77|nowhere/);
    expect(text).toContain('process_resident_memory_bytes');
  });
});
