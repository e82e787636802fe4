import {
  operatorKeyRequest,
  type AuditEntryView,
  type AuditQuery,
  type OperatorKeyView,
} from '#contracts/operator/operators';
import type { Page } from '#contracts/operator/paging';
import type { Outcome } from '#domain/rejection';
import { systemClock } from '#platform/clock';
import { ExplainedError } from '#platform/explained-error';
import { randomIds } from '#platform/id-source';
import { AuditLog, LOCAL_OPERATOR, OperatorKeys } from '#platform/operators/index';
import { withDatabase } from '../database.js';

const PAGE = 200;

function keys(): OperatorKeys {
  return new OperatorKeys(new AuditLog(), systemClock, randomIds());
}

function print(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
}

/** A refusal is told in one line with exit code 1, like any other explained failure. */
function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new ExplainedError(outcome.rejection.detail);
  return outcome.value;
}

/** @param wish as typed; checked here by the schema of the API */
export async function addOperator(wish: Record<string, unknown>, json: boolean): Promise<void> {
  const terms = operatorKeyRequest.safeParse(wish);
  if (!terms.success) {
    const [issue] = terms.error.issues;
    const where = issue?.path.map(String).join('.') ?? '';
    throw new ExplainedError(`${where === '' ? '' : `${where}: `}${issue?.message ?? 'not valid'}`);
  }
  const issued = await withDatabase(({ manager }) =>
    manager.transaction((tx) => keys().issue(tx, LOCAL_OPERATOR, terms.data)),
  );
  const view = valueOf(issued);
  print(
    json,
    view,
    () => `${view.key}\n\nThis is the key ${view.name}, for ${scopeText(view)}. It is shown once.`,
  );
}

export async function listOperators(json: boolean): Promise<void> {
  const items = await withDatabase(({ manager }) =>
    allPages((cursor) => keys().listPage(manager, { limit: PAGE, cursor })),
  );
  print(json, { items }, () =>
    items.length === 0
      ? 'No keys but the root key, operator.key in the data folder.'
      : items
          .map((key) =>
            [
              key.name.padEnd(20),
              key.state.padEnd(8),
              (key.lastUsedAt?.slice(0, 16) ?? 'never used').padEnd(17),
              `${key.person}: ${scopeText(key)}`,
            ].join(' '),
          )
          .join('\n'),
  );
}

export async function revokeOperator(
  name: string,
  reason: string | undefined,
  json: boolean,
): Promise<void> {
  const revoked = await withDatabase(({ manager }) =>
    manager.transaction((tx) => keys().revoke(tx, LOCAL_OPERATOR, name, reason)),
  );
  const view = valueOf(revoked);
  print(json, view, () => `The key ${view.name} of ${view.person} is revoked.`);
}

/** The newest acts, or those of one person, on one subject, of one kind. */
export async function showAudit(query: AuditQuery, json: boolean): Promise<void> {
  const page = await withDatabase(({ manager }) => new AuditLog().listPage(manager, query));
  print(json, page, () =>
    page.items.length === 0 ? 'Nothing of this kind.' : page.items.map(auditLine).join('\n'),
  );
}

function auditLine(entry: AuditEntryView): string {
  const who = entry.person ?? 'nobody';
  const change =
    entry.before === null && entry.after === null
      ? ''
      : ` ${JSON.stringify(entry.before)} -> ${JSON.stringify(entry.after)}`;
  const why = entry.reason === null ? '' : ` (${entry.reason})`;
  const denied = entry.outcome === 'denied' ? 'DENIED ' : '';
  return `${entry.at.slice(0, 19)} ${who} ${denied}${entry.action} ${entry.subject}${change}${why}`;
}

function scopeText(key: OperatorKeyView): string {
  return key.participant === null ? key.scopes.join(', ') : `the pages of ${key.participant}`;
}

async function allPages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
