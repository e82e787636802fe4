import { formatMoney, toDecimal } from '#domain/money';
import type { AccountRef } from '#domain/journal';
import {
  balancesViewOf,
  checkChain,
  countUnsealed,
  findHead,
  headView,
  listStatementLines,
  readBalances,
  statementViewOf,
  summariseStatement,
  type BalancePoint,
  type ChainReport,
  type LinePlace,
  type StatementAccount,
  type StatementLine,
  type StatementTerms,
} from '#ledger';
import { ExplainedError } from '#platform/explained-error';
import type { EntityManager } from 'typeorm';
import { withDatabase } from '../database.js';

const LINES_AT_ONCE = 1_000;
/** A long check says how far it is, on the error output so that `--json` stays clean. */
const TELL_EVERY_MS = 2_000;

/** @returns whether the chain is whole */
export async function checkLedger(json: boolean, expectHead?: string): Promise<boolean> {
  if (expectHead !== undefined && !/^[0-9a-f]{64}$/i.test(expectHead)) {
    throw new ExplainedError('--expect takes a head: 64 hexadecimal digits, as files carry it.');
  }
  let toldAtMs = performance.now();
  const onProgress = (read: number, about: number): void => {
    if (performance.now() - toldAtMs < TELL_EVERY_MS) return;
    toldAtMs = performance.now();
    process.stderr.write(`${String(read)} of about ${String(about)} entries\n`);
  };
  const report = await withDatabase((dataSource) =>
    checkChain(dataSource, { onProgress, ...(expectHead === undefined ? {} : { expectHead }) }),
  );
  print(json ? JSON.stringify(report, null, 2) : describeReport(report, expectHead));
  return report.ok;
}

function describeReport(report: ChainReport, expectHead: string | undefined): string {
  const { ok, head, blocks, entries, unsealed, faults, faultCount } = report;
  const lines = faults.map(({ row, detail }) => `FAIL  ${row}: ${detail}`);
  if (faultCount > faults.length) lines.push(`… and ${String(faultCount - faults.length)} more`);
  lines.push(
    `${String(entries)} entries in ${String(blocks)} blocks, ${String(unsealed)} not sealed yet.`,
    `Head: block ${head.blockNo}, ${head.hash}`,
  );
  if (ok && expectHead !== undefined) lines.push('The expected head is part of this chain.');
  lines.push(
    ok
      ? 'Every row is what was sealed.'
      : `${String(faultCount)} faults: the books are not what was sealed.`,
  );
  return lines.join('\n');
}

export async function showHead(json: boolean): Promise<void> {
  const view = await withDatabase(async ({ manager }) =>
    headView(await findHead(manager), (await countUnsealed(manager)).entries),
  );
  if (json) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  const when = view.sealedAt === null ? '' : `, sealed ${view.sealedAt}`;
  print(`block ${view.block}${when}, ${String(view.unsealed)} entries not sealed yet`);
  print(view.hash);
}

export async function showBalances(options: {
  readonly json?: boolean;
  readonly at?: string;
  readonly entry?: string;
  readonly block?: string;
  readonly owner?: string;
}): Promise<void> {
  const point = pointOf(options);
  const view = await withDatabase(async ({ manager }) =>
    balancesViewOf(point, await readBalances(manager, point, options.owner ?? null)),
  );
  if (options.json === true) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  print(`Balances ${view.point}, debits positive:`);
  for (const { account, text } of view.balances) {
    print(`${text.padStart(24)}  ${account.owner} ${account.kind}${mirrored(account.of)}`);
  }
  if (view.balances.length === 0) print('no account had a line by then');
}

function pointOf(options: {
  readonly at?: string;
  readonly entry?: string;
  readonly block?: string;
}): BalancePoint {
  const { at, entry, block } = options;
  if ([at, entry, block].filter((given) => given !== undefined).length > 1) {
    throw new ExplainedError('Give one of --at, --entry and --block.');
  }
  if (at !== undefined) return { kind: 'instant', atMs: instantOf(at, '--at') };
  if (entry !== undefined) return { kind: 'entry', entryNo: numberOf(entry, '--entry') };
  if (block !== undefined) return { kind: 'block', blockNo: numberOf(block, '--block') };
  return { kind: 'now' };
}

function instantOf(text: string, option: string): number {
  // A text without an offset would mean another instant on every machine.
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
  const ms = form.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new ExplainedError(
    `${option} takes a day (midnight UTC) or an instant with its offset, e.g. 2026-11-21T16:00:00Z, not ${text}.`,
  );
}

function numberOf(text: string, option: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new ExplainedError(`${option} takes a number, not ${text}.`);
}

export async function showStatement(
  participant: string,
  options: {
    readonly json?: boolean;
    readonly csv?: boolean;
    readonly from: string;
    readonly to?: string;
  },
): Promise<void> {
  const terms = {
    owner: participant,
    fromMs: instantOf(options.from, '--from'),
    toMs: options.to === undefined ? Date.now() : instantOf(options.to, '--to'),
  };
  if (terms.fromMs >= terms.toMs) throw new ExplainedError('--from must be before --to.');
  await withDatabase((dataSource) =>
    dataSource.transaction('REPEATABLE READ', async (tx) => {
      const accounts = await summariseStatement(tx, terms);
      if (accounts.length === 0) {
        throw new ExplainedError(`${participant} has no account in the books.`);
      }
      if (options.json === true) await printJson(tx, terms, accounts);
      else if (options.csv === true) await printCsv(tx, terms);
      else await printText(tx, terms, accounts);
    }),
  );
}

async function* linesOf(tx: EntityManager, terms: StatementTerms): AsyncIterable<StatementLine> {
  let after: LinePlace | null = null;
  for (;;) {
    const page = await listStatementLines(tx, terms, after, LINES_AT_ONCE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < LINES_AT_ONCE) return;
    after = last;
  }
}

async function printJson(
  tx: EntityManager,
  terms: StatementTerms,
  accounts: readonly StatementAccount[],
): Promise<void> {
  const lines: StatementLine[] = [];
  for await (const line of linesOf(tx, terms)) lines.push(line);
  print(JSON.stringify(statementViewOf(terms, accounts, lines, lines.length), null, 2));
}

async function printCsv(tx: EntityManager, terms: StatementTerms): Promise<void> {
  print('postedAt,entryNo,line,entry,kind,payment,cycle,account,of,currency,amount');
  for await (const line of linesOf(tx, terms)) {
    const { kind, currency, of } = line.account;
    print(
      [
        new Date(line.postedAtMs).toISOString(),
        ...[line.entryNo.toString(), String(line.lineNo), line.entryId, line.kind],
        ...[line.paymentId ?? '', line.cycleId, kind, of ?? '', currency],
        toDecimal({ currency, minor: line.minor }),
      ].join(','),
    );
  }
}

async function printText(
  tx: EntityManager,
  terms: StatementTerms,
  accounts: readonly StatementAccount[],
): Promise<void> {
  const from = new Date(terms.fromMs).toISOString();
  print(`${terms.owner} from ${from} to ${new Date(terms.toMs).toISOString()}, debits positive`);
  for (const { account, opening, debits, credits, closing, lines } of accounts) {
    const text = (minor: bigint): string => formatMoney({ currency: account.currency, minor });
    print(`\n${account.kind}${mirrored(account.of ?? null)} ${account.currency}`);
    print(`  opening  ${text(opening).padStart(24)}`);
    print(`  debits   ${text(debits).padStart(24)}`);
    print(`  credits  ${text(credits).padStart(24)}`);
    print(`  closing  ${text(closing).padStart(24)}   ${String(lines)} lines`);
  }
  print('');
  for await (const line of linesOf(tx, terms)) {
    const { account, minor } = line;
    const amount = formatMoney({ currency: account.currency, minor });
    print(
      `${new Date(line.postedAtMs).toISOString()}  ${amount.padStart(20)}  ${nameOf(account)}  ` +
        `${line.kind} ${line.paymentId ?? line.entryId}`,
    );
  }
}

function nameOf({ kind, of }: AccountRef): string {
  return `${kind}${mirrored(of ?? null)}`;
}

function mirrored(of: string | null): string {
  return of === null ? '' : ` of ${of}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
