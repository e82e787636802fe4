import { disputeExplanationView, DisputeRepository, disputeView } from '#disputes';
import type { DisputeExplanation, DisputeView } from '#contracts/operator/disputes';
import { ExplainedError } from '#platform/explained-error';
import { withDatabase } from '../database.js';
import { table } from '../story/table.js';
import type { DisputesOptions } from './disputes.js';

const MOST_SHOWN = 200;

export async function listDisputes({ payment, all, json }: DisputesOptions): Promise<void> {
  const found = await withDatabase(({ manager }) =>
    new DisputeRepository().list(manager, { payment, limit: MOST_SHOWN, open: all !== true }),
  );
  const items = found.slice(0, MOST_SHOWN).map(disputeView);
  print(json === true ? asJson({ items }) : listText(items));
}

export async function showDispute(id: string, json: boolean): Promise<void> {
  const view = await withDatabase(async ({ manager }) => {
    const disputes = new DisputeRepository();
    const dispute = await disputes.find(manager, id);
    if (dispute === undefined) return undefined;
    const timeline = await disputes.timeline(manager, id);
    return disputeExplanationView(dispute, timeline, await disputes.evidenceOf(manager, id));
  });
  if (view === undefined) {
    throw new ExplainedError(`there is no dispute ${id.slice(0, 80)}; see wayfare disputes --all`);
  }
  print(json ? asJson(view) : detailText(view));
}

function listText(items: readonly DisputeView[]): string {
  if (items.length === 0) return 'No dispute is open.';
  const rows = items.map((item) => [
    item.id,
    item.kind,
    item.state,
    item.escalationAmount?.text ?? '',
    `${item.wallet} / ${item.acquirer}`,
    item.clockDueAt ?? 'done',
  ]);
  return table([['dispute', 'kind', 'state', 'amount', 'parties', 'clock acts'], ...rows]).join(
    '\n',
  );
}

function detailText(view: DisputeExplanation): string {
  const events = view.timeline.map(({ at, event, to, detail }) => [at, event, to, detail]);
  return [listText([view]), '', ...table(events).map((line) => `  ${line}`)].join('\n');
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
