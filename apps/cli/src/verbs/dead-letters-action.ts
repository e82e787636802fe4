import { collectDeadLetters, deadLetterViewOf, findDeadLetter, listDeadLetters } from '#clearing';
import type { DeadLetterView } from '#contracts/operator/dead-letters';
import type { ApprovalView } from '#contracts/operator/operators';
import { ExplainedError } from '#platform/explained-error';
import { withDatabase } from '../database.js';
import { table } from '../story/table.js';
import { OperatorApi } from '../system/operator-api.js';
import type { ListOptions, ReplayOptions } from './dead-letters.js';

const MOST_LISTED = 1_000;

/** @returns whether nothing is open */
export async function listThem({ limit, all, json }: ListOptions): Promise<boolean> {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MOST_LISTED) {
    throw new ExplainedError(`--limit must be a number from 1 to ${String(MOST_LISTED)}`);
  }
  const found = await withDatabase(async ({ manager }) => {
    await collectDeadLetters(manager);
    return listDeadLetters(manager, { state: all === true ? 'all' : 'open', limit: count });
  });
  const items = found.map(deadLetterViewOf);
  print(json === true ? asJson({ items }) : listText(items));
  return items.every(({ endedAt }) => endedAt !== null);
}

export async function showOne(id: string, json: boolean): Promise<void> {
  const letter = await withDatabase(async ({ manager }) => {
    await collectDeadLetters(manager);
    return findDeadLetter(manager, id);
  });
  if (letter === undefined) {
    throw new ExplainedError(`nothing has failed as ${id.slice(0, 80)}; see wayfare dead-letters`);
  }
  const view = deadLetterViewOf(letter);
  print(json ? asJson(view) : detailText(view));
}

export async function replayOne(id: string, options: ReplayOptions): Promise<void> {
  const api = await OperatorApi.open(options);
  const path = `/api/dead-letters/${encodeURIComponent(id)}/replay`;
  const proposal = await api.post<ApprovalView>(path, { reason: options.reason });
  const text =
    `${proposal.id} ${proposal.state}: ${proposal.summary}\n` +
    `Another person lets it happen: wayfare approvals approve ${proposal.id}`;
  print(options.json === true ? asJson(proposal) : text);
}

function listText(letters: readonly DeadLetterView[]): string {
  if (letters.length === 0) return 'Nothing has failed that is not done.';
  const rows = letters.map((letter) => [
    letter.id,
    String(letter.attempts),
    letter.endedAt === null ? 'open' : 'done',
    letter.firstFailedAt,
    firstLine(letter.reason),
  ]);
  const head = ['dead letter', 'attempts', 'state', 'fails since', 'reason'];
  return table([head, ...rows], { right: [1] }).join('\n');
}

function detailText(letter: DeadLetterView): string {
  const rows = [
    ['about', letter.subject],
    ['reason', letter.reason],
    ['attempts', String(letter.attempts)],
    ['fails since', letter.firstFailedAt],
    ['failed last', letter.lastFailedAt],
    ['replayed', letter.replayedAt === null ? 'never' : letter.replayedAt],
    ['done', letter.endedAt ?? 'not yet'],
  ];
  return [`Dead letter ${letter.id}`, ...table(rows).map((line) => `  ${line}`)].join('\n');
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
