import type { QueuesView, StageVerb } from '#contracts/operator/queues';
import { table } from '../story/table.js';
import { OperatorApi } from '../system/operator-api.js';
import type { CallOptions } from './approvals.js';
import type { OrderOptions } from './queues.js';

export async function showQueues(options: CallOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  print(options, await api.get<QueuesView>('/api/queues'));
}

export async function orderQueues(
  verb: StageVerb,
  stage: string,
  options: OrderOptions,
): Promise<void> {
  const api = await OperatorApi.open(options);
  const path = `/api/queues/${encodeURIComponent(stage)}/${verb}`;
  print(options, await api.post<QueuesView>(path, { reason: options.reason }));
}

function print(options: CallOptions, queues: QueuesView): void {
  const text = options.json === true ? JSON.stringify(queues, null, 2) : statusText(queues);
  process.stdout.write(`${text}\n`);
}

function statusText({
  stages,
  outbox,
  inFlight,
  perSecond,
  processes,
  deadLetters,
}: QueuesView): string {
  const dead = Object.values(deadLetters).reduce((sum, count) => sum + count, 0);
  const facts = table([
    ['waiting', `${String(outbox.waiting)} entries, the oldest ${String(outbox.oldestSeconds)} s`],
    ['in flight', `${String(inFlight.batches)} batches, ${String(inFlight.entries)} entries`],
    ['per second', `${String(perSecond.arrivals)} staged, ${String(perSecond.posted)} posted`],
    ['dead letters', String(dead)],
  ]);
  const stageRows = stages.map((stage) => [
    stage.stage,
    stage.state,
    stage.obeyed ? 'all obey' : 'not all obey yet',
    `${stage.changedBy}, ${stage.changedAt}`,
    stage.reason,
  ]);
  const processRows = processes.map((process) => [
    process.name,
    process.backend,
    process.alive ? 'alive' : 'silent',
    `relay ${process.relay ? 'on' : 'off'}, posting ${process.posting ? 'on' : 'off'}`,
    `${String(process.inHand)} in hand, ${String(process.posted)} posted`,
  ]);
  const works = processRows.length === 0 ? ['No process clears.'] : table(processRows);
  return [...facts, ...table(stageRows), ...works].join('\n');
}
