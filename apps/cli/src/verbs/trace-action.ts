import { ExplainedError } from '#platform/explained-error';
import { readPaymentTrace, type PaymentTrace } from '#verification';
import { withDatabase } from '../database.js';
import { table } from '../story/table.js';

export async function tellTrace(id: string, json: boolean): Promise<void> {
  const trace = await withDatabase(({ manager }) => readPaymentTrace(manager, id));
  if (trace === undefined) {
    throw new ExplainedError(`there is no payment ${id.slice(0, 80)}; ids look like pay_…`);
  }
  process.stdout.write(`${json ? JSON.stringify(trace, null, 2) : textOf(trace)}\n`);
}

function textOf({ paymentId, traceId, cycleId, steps }: PaymentTrace): string {
  const rows = steps.map((step) => [
    step.at ?? 'to come',
    step.where,
    step.what,
    // A refund may come in a request, and so a trace, of its own.
    step.traceId === null || step.traceId === traceId ? '' : `trace ${step.traceId}`,
  ]);
  const cycle = cycleId === null ? '' : `, cycle ${cycleId}`;
  return [`Payment ${paymentId}, trace ${traceId}${cycle}`, ...table(rows)].join('\n');
}
