import {
  closeDueCycles,
  cycleViewOf,
  explainCycle,
  finaliseDueCycles,
  numberClosedCycles,
} from '#clearing';
import type { CycleDetailView, CycleView } from '#contracts/operator/cycles';
import { findCycle, listCycles } from '#ledger';
import { ExplainedError } from '#platform/explained-error';
import { withDatabase } from '../database.js';
import { bullets, table, widthFor } from '../story/table.js';

const MOST_LISTED = 1_000;
/** An operator who asks can wait longer than a keeper that comes again in a second. */
const PATIENCE_MS = 3_000;

/** Reads the database itself, so that it answers whether or not a hub runs. */
export async function listThem(limit: string, json: boolean): Promise<void> {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MOST_LISTED) {
    throw new ExplainedError(`--limit must be a number from 1 to ${String(MOST_LISTED)}`);
  }
  const cycles = await withDatabase(({ manager }) => listCycles(manager, { limit: count }));
  const items = cycles.map(cycleViewOf);
  print(json ? asJson({ items }) : listText(items));
}

export async function showOne(id: string, json: boolean): Promise<void> {
  const cycle = await withDatabase(async ({ manager }) => {
    const found = await findCycle(manager, id);
    return found === undefined ? undefined : explainCycle(manager, found);
  });
  if (cycle === undefined) {
    throw new ExplainedError(
      `there is no cycle ${id.slice(0, 80)}; ids look like cyc_20261121, see wayfare cycles`,
    );
  }
  print(json ? asJson(cycle) : detailText(cycle));
}

/** @returns whether everything that has ended is closed */
export async function closeDue(json: boolean): Promise<boolean> {
  const { closing, numbered } = await withDatabase(async (dataSource) => ({
    closing: await closeDueCycles(dataSource, PATIENCE_MS),
    numbered: await numberClosedCycles(dataSource),
  }));
  const { closed, gaveWay } = closing;
  const lines = [
    ...closed.map((id) => `${id} closed`),
    ...numbered.map(({ id, members }) => `${id} has ${String(members)} members`),
    ...(gaveWay ? ['A payment takes too long to be waited for; try again.'] : []),
  ];
  const text = lines.length === 0 ? 'Nothing has ended that is not closed.' : lines.join('\n');
  print(json ? asJson({ closed, numbered, gaveWay }) : text);
  return !gaveWay;
}

/** @returns whether everything whose time has come is final */
export async function finaliseDue(json: boolean): Promise<boolean> {
  const { final, waiting } = await withDatabase(finaliseDueCycles);
  const lines = [
    ...final.map((id) => `${id} is final`),
    ...[...waiting].map(([id, why]) => `${id} waits: ${why}`),
  ];
  const text = lines.length === 0 ? 'No cycle can be final yet that is not.' : lines.join('\n');
  print(json ? asJson({ final, waiting: Object.fromEntries(waiting) }) : text);
  return waiting.size === 0;
}

function listText(cycles: readonly CycleView[]): string {
  if (cycles.length === 0) return 'No cycle has begun; a hub opens them when it starts.';
  const rows = cycles.map((cycle) => [
    cycle.id,
    cycle.kind,
    cycle.state,
    cycle.members === null ? '–' : String(cycle.members),
    cycle.endsAt ?? '–',
    cycle.finalAt ?? (cycle.finalFrom === null ? '–' : `from ${cycle.finalFrom}`),
  ]);
  return table([['cycle', 'kind', 'state', 'members', 'ends', 'final'], ...rows], {
    right: [3],
  }).join('\n');
}

function detailText(cycle: CycleDetailView): string {
  const rows = [
    ['kind', cycle.kind],
    ['state', cycle.state],
    ['runs', `${cycle.startsAt} to ${cycle.endsAt ?? 'no end by the clock'}`],
    ...(cycle.cancelUntil === null ? [] : [['cancels until', cycle.cancelUntil]]),
    ...(cycle.closedAt === null ? [] : [['closed', cycle.closedAt]]),
    ...(cycle.members === null ? [] : [['members', String(cycle.members)]]),
    ...(cycle.finalFrom === null
      ? []
      : [['final', cycle.finalAt ?? `not before ${cycle.finalFrom}`]]),
    ...(cycle.settlementPhase === null ? [] : [['settled in', cycle.settlementPhase]]),
  ];
  const waits = bullets(cycle.waitsFor, '  ', widthFor(process.stdout));
  return [
    `Cycle ${cycle.id}`,
    ...table(rows).map((line) => `  ${line}`),
    ...(waits.length === 0 ? [] : ['It waits:', ...waits]),
  ].join('\n');
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
