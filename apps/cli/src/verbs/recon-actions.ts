import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BreakView } from '#contracts/operator/reconciliation';
import { BREAK_ACTIONS, type BreakAction } from '#domain/reconciliation/break-life';
import type { Outcome } from '#domain/rejection';
import { ExplainedError } from '#platform/explained-error';
import { randomIds } from '#platform/id-source';
import { AuditLog, LOCAL_OPERATOR } from '#platform/operators/index';
import {
  actOnBreak,
  breakView,
  checkClosed,
  filesOfSet,
  listBreaks,
  loadDetailFile,
  matchCycle,
  partnerSets,
  type BreakFilter,
  type LoadReport,
} from '#reconciliation';
import { findCalendars } from '#settlement';
import type { DataSource } from 'typeorm';
import { withDatabase } from '../database.js';
import { givenPath } from '../given-path.js';

/** A refusal is told in one line with exit code 1, like any other explained failure. */
function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ExplainedError(`${outcome.rejection.code}: ${outcome.rejection.detail}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export async function loadFiles(files: readonly string[], json: boolean): Promise<void> {
  const reports = await withDatabase(async (dataSource) => {
    const loaded: LoadReport[] = [];
    for (const file of files) {
      const terms = { nowMs: Date.now(), actor: LOCAL_OPERATOR.person, ids: randomIds() };
      const outcome = await loadDetailFile(dataSource, basename(file), piecesOf(file), terms);
      const report = valueOf(outcome);
      loaded.push(report);
      if (!json) print(loadText(report));
    }
    return loaded;
  });
  if (json) print(JSON.stringify(reports, null, 2));
}

function loadText({ name, outcome, lines, match }: LoadReport): string {
  if (match === null) return `${name}: known already, nothing changed`;
  const done = outcome === 'corrected' ? 'in place of an earlier version' : 'loaded';
  return (
    `${name}: ${String(lines)} lines ${done}; ${String(match.opened)} breaks opened, ` +
    `${String(match.cleared)} cleared`
  );
}

/** The file is opened only when it is read, so that a wrong name fails where it is explained. */
async function* piecesOf(file: string): AsyncIterable<Uint8Array> {
  const input: AsyncIterable<Uint8Array> = createReadStream(givenPath(file));
  try {
    yield* input;
  } catch (error) {
    throw new ExplainedError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** @returns whether nothing is wrong with the cycle */
export async function runCycle(cycle: string, json: boolean): Promise<boolean> {
  return withDatabase(async (dataSource) => {
    const report = await dataSource.transaction(async (tx) => {
      const cycleId = valueOf(await checkClosed(tx, cycle));
      const by = { actor: LOCAL_OPERATOR.person, reason: 'asked', atMs: Date.now() };
      const match = await matchCycle(
        tx,
        { cycleId, participantId: null, cause: 'asked', touched: [], by },
        randomIds(),
      );
      await new AuditLog().record(tx, {
        caller: LOCAL_OPERATOR,
        scope: 'settlement:write',
        action: 'reconciliation.run',
        subject: cycleId,
        after: { ...match },
      });
      return match;
    });
    const breaks = await readBreaks(dataSource, { cycle, live: true, limit: SHOWN_BREAKS });
    if (json) print(JSON.stringify({ cycle, ...report, live: breaks.items }, null, 2));
    else {
      print(
        `${cycle}: ${String(report.legs)} legs, ${String(report.suspects)} looked at one by one, ` +
          `${String(report.opened)} breaks opened, ${String(report.cleared)} cleared`,
      );
      print('');
      printBreaks(breaks);
    }
    return breaks.items.length === 0;
  });
}

const SHOWN_BREAKS = 50;

interface ShownBreaks {
  readonly items: readonly BreakView[];
  readonly hasMore: boolean;
}

export async function showBreaks(filter: BreakFilter, json: boolean): Promise<void> {
  const breaks = await withDatabase((dataSource) => readBreaks(dataSource, filter));
  if (json) print(JSON.stringify(breaks, null, 2));
  else printBreaks(breaks);
}

async function readBreaks(dataSource: DataSource, filter: BreakFilter): Promise<ShownBreaks> {
  const { manager } = dataSource;
  const calendars = await findCalendars(manager);
  const nowMs = Date.now();
  const rows = await listBreaks(manager, filter);
  const items = rows.slice(0, filter.limit).map((row) => breakView(row, calendars, nowMs));
  return { items, hasMore: rows.length > filter.limit };
}

function printBreaks({ items, hasMore }: ShownBreaks): void {
  if (items.length === 0) {
    print('No breaks.');
    return;
  }
  for (const item of items) {
    const days =
      item.ageBusinessDays === 1
        ? '1 business day'
        : `${String(item.ageBusinessDays)} business days`;
    const late = item.overdue ? ', overdue' : '';
    print(`${item.type}  ${item.subject}  (${item.severity}, ${item.state}, ${days}${late})`);
    print(`    ${item.cycle}, ${item.participant}; owner ${item.owner}: ${item.ownerRule}`);
    for (const { field, ours, theirs } of item.fields) {
      print(`    ${field}: hub ${ours}, partner ${theirs}`);
    }
    for (const { file, line } of item.evidence) print(`    ${file}, line ${String(line)}`);
    print(`    ${item.repair.sentence}`);
    print(`    ${item.id}`);
  }
  if (hasMore) print('There are more; raise --limit to see them.');
}

const ALONE: readonly BreakAction[] = ['acknowledge', 'explain', 'reopen'];

export async function actOn(
  id: string,
  action: string,
  reason: string,
  json: boolean,
): Promise<void> {
  const chosen = BREAK_ACTIONS.find((known) => known === action);
  if (chosen === undefined) {
    throw new ExplainedError(`there is no action ${action}; give ${ALONE.join(', ')}`);
  }
  if (!ALONE.includes(chosen)) {
    throw new ExplainedError(
      `${chosen} takes two persons: wayfare approvals propose breaks.${chosen} '{"breakId":"${id}"}' --reason …`,
    );
  }
  const state = await withDatabase((dataSource) =>
    dataSource.transaction(async (tx) => {
      const cause = { actor: LOCAL_OPERATOR.person, reason, atMs: Date.now() };
      const { before, after } = valueOf(await actOnBreak(tx, id, chosen, cause));
      await new AuditLog().record(tx, {
        caller: LOCAL_OPERATOR,
        scope: 'settlement:write',
        action: `breaks.${chosen}`,
        subject: id,
        before: { state: before.state },
        after: { state: after.state },
        reason,
      });
      return after.state;
    }),
  );
  print(json ? JSON.stringify({ id, state }) : `${id} is ${state}`);
}

const LINES_PER_FILE = 100_000;

export async function writePartnerFiles(
  cycle: string,
  folder: string,
  json: boolean,
): Promise<void> {
  const target = givenPath(folder);
  const names = await withDatabase((dataSource) =>
    dataSource.transaction(async (tx) => {
      const cycleId = valueOf(await checkClosed(tx, cycle));
      await mkdir(target, { recursive: true });
      const written: string[] = [];
      for await (const set of partnerSets(tx, cycleId)) {
        for (const { name, text } of filesOfSet(set, cycleId, LINES_PER_FILE)) {
          await writeFile(join(target, name), text);
          written.push(name);
        }
      }
      return written;
    }),
  );
  if (json) print(JSON.stringify({ folder: target, files: names }, null, 2));
  else if (names.length === 0) print(`${cycle} has no cleared payments, so there is no file.`);
  else for (const name of names) print(join(folder, name));
}
