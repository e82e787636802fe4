import type { BalancesView, LedgerHeadView, StatementView } from '#contracts/operator/ledger';
import { pageOf } from '#contracts/operator/paging';
import { formatMoney } from '#domain/money';
import type { AccountRef } from '#domain/journal';
import type { AccountBalance, BalancePoint } from './balances.js';
import type { LedgerHead } from './chain-seal.js';
import type { StatementAccount, StatementLine, StatementTerms } from './statements.js';

export function headView(head: LedgerHead, unsealed: number): LedgerHeadView {
  return {
    block: head.blockNo.toString(),
    hash: head.hash,
    sealedAt: head.sealedAtMs === null ? null : isoOf(head.sealedAtMs),
    unsealed,
  };
}

export function balancesViewOf(
  point: BalancePoint,
  balances: readonly AccountBalance[],
): BalancesView {
  return {
    point: pointText(point),
    balances: balances.map(({ account, minor, lines }) => ({
      account: accountView(account),
      minor: minor.toString(),
      text: formatMoney({ currency: account.currency, minor }),
      lines,
    })),
  };
}

function pointText(point: BalancePoint): string {
  switch (point.kind) {
    case 'now':
      return 'now';
    case 'instant':
      return `posted up to ${isoOf(point.atMs)}`;
    case 'entry':
      return `up to entry ${point.entryNo.toString()}`;
    case 'block':
      return `sealed up to block ${point.blockNo.toString()}`;
  }
}

/** @param lines one more than `limit`, if there are more */
export function statementViewOf(
  { owner, fromMs, toMs }: StatementTerms,
  accounts: readonly StatementAccount[],
  lines: readonly StatementLine[],
  limit: number,
): StatementView {
  const page = pageOf(lines, limit, ({ entryNo, lineNo }) => {
    return `${entryNo.toString()}/${String(lineNo)}`;
  });
  return {
    participant: owner,
    from: isoOf(fromMs),
    to: isoOf(toMs),
    accounts: accounts.map((item) => ({
      account: accountView(item.account),
      opening: item.opening.toString(),
      debits: item.debits.toString(),
      credits: item.credits.toString(),
      closing: item.closing.toString(),
      lines: item.lines,
    })),
    items: page.items.map((line) => ({
      entry: line.entryId,
      entryNo: line.entryNo.toString(),
      line: line.lineNo,
      kind: line.kind,
      payment: line.paymentId,
      cycle: line.cycleId,
      postedAt: isoOf(line.postedAtMs),
      account: accountView(line.account),
      minor: line.minor.toString(),
    })),
    nextCursor: page.nextCursor,
  };
}

function accountView({ owner, kind, currency, of }: AccountRef) {
  return { owner, kind, currency, of: of ?? null };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
