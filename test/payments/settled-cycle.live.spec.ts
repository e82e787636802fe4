/**
 * Goal: what the bank has moved is told in ISO 20022 and in traces. A message that says more than an
 * earlier one has an id of its own; a payment's trace ends in both participants' files and leads
 * to the trace of its cycle, where netting, cover and settlement are, down to the postings.
 * Method: a whole day on the real wire with spans taken into memory; the simulated bank pays half on
 * the value date and the rest on the next day, and the exports are read back after each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import type { CycleId } from '#domain/ids';
import { setHubClock } from '#ledger';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { spanIdOf, startTracing, traceIdOf } from '#platform/telemetry/tracing';
import { exportIso, setBehaviour, type ExportKind } from '#settlement';
import { readPaymentTrace } from '#verification';
import { FiledCycle } from './filed-cycle.js';

const exporter = new InMemorySpanExporter();
let tracing: Awaited<ReturnType<typeof startTracing>>;
let filed: FiledCycle;

beforeAll(async () => {
  tracing = await startTracing({ part: 'test', exporter });
  filed = await FiledCycle.open();
}, 120_000);
afterAll(async () => {
  await tracing.close();
  await filed.close();
});

interface Exported {
  readonly id: string;
  readonly body: Record<string, unknown>;
}

async function exported(kind: ExportKind): Promise<Exported | undefined> {
  const of = {
    cycleId: filed.cycleId as CycleId,
    participantId: 'truemoney',
    role: 'wallet',
    currency: 'THB',
  } as const;
  return filed.hub.database.dataSource.transaction(async (tx) => {
    for await (const { text } of exportIso(tx, of, new Set([kind]), Date.now())) {
      const reading = readIsoFile(text);
      if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
      const { body } = reading.value.message as unknown as { body: Record<string, unknown> };
      return { id: String(body['messageId']), body };
    }
    return undefined;
  });
}

interface Obligation {
  readonly state: string;
  readonly minor: string;
  readonly settled_minor: string;
  readonly due_on: string;
}

async function obligation(): Promise<Obligation> {
  const [row] = await filed.hub.database.dataSource.query<Obligation[]>(
    `SELECT state, minor::text, settled_minor::text, due_on::text FROM obligations
     WHERE cycle_id = $1 AND participant_id = 'truemoney' AND currency = 'THB'`,
    [filed.cycleId],
  );
  if (row === undefined) throw new Error('truemoney owes nothing');
  return row;
}

/** Noon at UTC+8 of the day the obligation is due on, and what came of it. */
async function untilItIs(state: string): Promise<Obligation> {
  const { manager } = filed.hub.database.dataSource;
  await setHubClock(manager, Date.parse(`${(await obligation()).due_on}T12:00:00+08:00`));
  const until = Date.now() + 30_000;
  while ((await obligation()).state !== state) {
    if (Date.now() > until) throw new Error(JSON.stringify(await obligation()));
    await sleep(50);
  }
  return obligation();
}

const entriesOf = ({ body }: Exported) =>
  (body['advices'] as { sequence: number; entries: { amount: { minor: bigint } }[] }[]).flatMap(
    ({ entries }) => entries.map(({ amount, ...rest }) => ({ ...rest, minor: amount.minor })),
  );

it('is advised as the bank pays it, each advice under an id of its own', async () => {
  const { manager } = filed.hub.database.dataSource;
  expect(await exported('camt.054')).toBeUndefined();
  const before = await exported('pacs.002');
  await setBehaviour(manager, 'truemoney', { behaviour: 'partial', shareBps: 5_000 });
  const owed = BigInt((await obligation()).minor);
  expect(owed).toBeGreaterThan(1n);
  const half = owed / 2n;

  expect((await untilItIs('partly')).settled_minor).toBe(half.toString());
  const first = await exported('camt.054');
  if (first === undefined) throw new Error('half is paid, and nothing is advised');
  expect(entriesOf(first)).toMatchObject([{ minor: half, side: 'CRDT' }]);
  // Half is not all: no payment is settled by it.
  expect((await exported('pacs.002'))?.id).toBe(before?.id);

  await setBehaviour(manager, 'truemoney', { behaviour: 'pay', shareBps: 5_000 });
  await untilItIs('settled');
  const second = await exported('camt.054');
  if (second === undefined) throw new Error('all is paid, and nothing is advised');
  expect(entriesOf(second).map(({ minor }) => minor)).toEqual([half, owed - half]);
  expect(second.id).not.toBe(first.id);
  const after = await exported('pacs.002');
  expect(after?.body['transactions']).toMatchObject(filed.paid.map(() => ({ status: 'ACSC' })));
  expect(after?.id).not.toBe(before?.id);
}, 60_000);

it('is one trace from the cut-off to the books, and every payment of it leads there', async () => {
  await filed.hub.posted();
  const [payment] = await filed.hub.database.dataSource.query<{ id: string; trace_id: string }[]>(
    `SELECT id, trace_id FROM payments WHERE state = 'succeeded' ORDER BY id LIMIT 1`,
  );
  if (payment === undefined) throw new Error('no payment stands');
  const lines = (): ReadableSpan[] =>
    exporter
      .getFinishedSpans()
      .filter(
        (span) =>
          span.name === 'settlement file line' && span.spanContext().traceId === payment.trace_id,
      );
  expect(
    lines()
      .map(({ attributes }) => attributes['wayfare.participant'])
      .sort(),
  ).toEqual(['acq_kamogawa', 'truemoney']);
  expect(lines().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    lines().map(() => spanIdOf(payment.id)),
  );

  const cycle = traceIdOf(`cycle ${filed.cycleId}`);
  expect(lines().flatMap(({ links }) => links.map(({ context }) => context.traceId))).toEqual([
    cycle,
    cycle,
  ]);
  const spansOf = () =>
    exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === cycle);
  const names = (): string[] => spansOf().map(({ name }) => name);
  const until = Date.now() + 10_000;
  while (!names().includes('ledger post') && Date.now() < until) await sleep(50);
  for (const name of ['cycle net', 'fx cut-off', 'settlement files', 'settlement pay']) {
    expect(names()).toContain(name);
  }
  expect(names()).toContain('ledger post');
  const made = new Set(exporter.getFinishedSpans().map((span) => span.spanContext().spanId));
  const roots = spansOf().filter(({ parentSpanContext }) => parentSpanContext === undefined);
  expect(roots.map(({ name }) => name)).toEqual(['cycle net']);
  const orphans = spansOf().filter(
    ({ parentSpanContext: parent }) => parent !== undefined && !made.has(parent.spanId),
  );
  expect(orphans.map(({ name }) => name)).toEqual([]);

  // The books carry it too, but for deposits, which are of no cycle, so the database tells the same without a collector.
  const entries = await filed.hub.database.dataSource.query<{ trace_id: string | null }[]>(
    `SELECT DISTINCT trace_id FROM journal_entries
     WHERE cycle_id = $1 AND kind NOT IN ('prefundReceived', 'prefundReturned')`,
    [`${filed.cycleId}_s`],
  );
  expect(entries).toEqual([{ trace_id: cycle }]);
  const told = await readPaymentTrace(filed.hub.database.dataSource.manager, payment.id);
  const last = told?.steps.filter(({ where }) => where === 'settlement' || where === 'files') ?? [];
  expect(last.length).toBeGreaterThanOrEqual(4);
  expect(new Set(last.map(({ traceId }) => traceId))).toEqual(new Set([cycle]));
}, 60_000);
