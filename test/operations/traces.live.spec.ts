/*
 * Goal: one trace leads from the request through partner calls, outbox and queue into the books, in
 * every span that the product makes there is a parent that was made too, and without a collector
 * nothing of it happens.
 * Method: a real hub with partners, its spans taken into memory, for a payment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { isTracing, spanIdOf, startTracing } from '#platform/telemetry/tracing';
import { readPaymentTrace } from '#verification';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

async function payOnce(): Promise<{ id: string; trace_id: string }> {
  const code = await hub.wallet.code('ann');
  const body = hub.acquirer.charge(code, yen(1_200));
  await hub.acquirer.pay(body);
  const { id } = await hub.payment(body['paymentRequestId']);
  const [row] = await hub.database.dataSource.query<{ id: string; trace_id: string }[]>(
    'SELECT id, trace_id FROM payments WHERE id = $1',
    [id],
  );
  if (row === undefined) throw new Error('the payment is not stored');
  await hub.posted();
  await hub.idle();
  // The batch's spans are made after its statement.
  await sleep(200);
  return row;
}

it('leads from the request into the books without an orphan', async () => {
  const exporter = new InMemorySpanExporter();
  const tracing = await startTracing({ part: 'test', exporter });
  let spans: ReadableSpan[];
  let payment: { id: string; trace_id: string };
  try {
    expect(isTracing()).toBe(true);
    payment = await payOnce();
    spans = [...exporter.getFinishedSpans()];
  } finally {
    await tracing.close();
  }
  expect(payment.trace_id).toMatch(/^[0-9a-f]{32}$/);
  const mine = spans.filter((span) => span.spanContext().traceId === payment.trace_id);
  const names = mine.map(({ name }) => name);
  for (const name of ['payment', 'partner payments/pay', 'outbox stage', 'ledger post']) {
    expect(names).toContain(name);
  }
  expect(names.some((name) => name.startsWith('POST /'))).toBe(true);
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['payments commit batch', 'outbox relay', 'ledger post batch']),
  );

  const made = new Set(spans.map((span) => span.spanContext().spanId));
  const orphans = spans.filter(
    ({ parentSpanContext }) =>
      parentSpanContext !== undefined && !made.has(parentSpanContext.spanId),
  );
  expect(orphans.map(({ name }) => name)).toEqual([]);
  const roots = mine.filter(({ parentSpanContext }) => parentSpanContext === undefined);
  expect(roots).toHaveLength(1);
  const links = spans.flatMap((span) => span.links.map(({ context }) => context.spanId));
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((id) => !made.has(id))).toEqual([]);
  const own = mine.find(({ name }) => name === 'payment');
  expect(own?.spanContext().spanId).toBe(spanIdOf(payment.id));

  const entries = await hub.database.dataSource.query<{ trace_id: string }[]>(
    'SELECT trace_id FROM journal_entries WHERE payment_id = $1',
    [payment.id],
  );
  expect(entries).toEqual([{ trace_id: payment.trace_id }]);

  const told = await readPaymentTrace(hub.database.dataSource.manager, payment.id);
  expect(told).toMatchObject({ paymentId: payment.id, traceId: payment.trace_id });
  expect(new Set(told?.steps.map(({ where }) => where))).toEqual(
    new Set(['payment', 'outbox', 'queue', 'ledger']),
  );
  expect(told?.steps.every(({ traceId }) => traceId === payment.trace_id)).toBe(true);
  const nothing = await readPaymentTrace(hub.database.dataSource.manager, 'pay_none');
  expect(nothing).toBeUndefined();
}, 60_000);

it('makes no span where no collector is named', async () => {
  const tracing = await startTracing({ part: 'test' });
  expect(isTracing()).toBe(false);
  const payment = await payOnce();
  expect(payment.trace_id).toMatch(/^[0-9a-f]{32}$/);
  await tracing.close();
}, 60_000);
