import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CoverView, FxPositionView, FxStatementView } from '#contracts/operator/fx-books';
import { formatMoney } from '#domain/money';
import { dayNumber } from '#domain/rates/calendar-day';
import type { Outcome } from '#domain/rejection';
import { ExplainedError } from '#platform/explained-error';
import { projectRoot } from '#platform/project-root';
import {
  findCoverProviders,
  readCoverProviders,
  readCovers,
  readFxStatement,
  seedCoverProviders,
} from '#settlement';
import type { EntityManager } from 'typeorm';
import { withDatabase } from '../database.js';
import { givenPath } from '../given-path.js';
import { OperatorApi } from '../system/operator-api.js';
import type { CallOptions } from './approvals.js';
import { proposeTo } from './approvals-action.js';

interface DayOptions {
  readonly day?: string;
  readonly json?: boolean;
}

/** One snapshot of the books, so that two sums of it cannot disagree by what was posted between. */
async function atBooks<T>(
  { day }: DayOptions,
  read: (tx: EntityManager, day: string | undefined) => Promise<Outcome<T>>,
): Promise<T> {
  if (day !== undefined && dayNumber(day) === undefined) {
    throw new ExplainedError(`--day ${day}: write it like 2026-11-21`);
  }
  const outcome = await withDatabase((dataSource) =>
    dataSource.transaction('REPEATABLE READ', (tx) => read(tx, day)),
  );
  if (outcome.ok) return outcome.value;
  throw new ExplainedError(`${outcome.rejection.code}: ${outcome.rejection.detail}`);
}

/** The hub's result; exits 1 when a line does not equal the books. */
export async function showResult(options: DayOptions): Promise<void> {
  const view = await atBooks(options, readFxStatement);
  if (!view.tied) process.exitCode = 1;
  if (options.json === true) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  print(`Clearing day ${view.day}, ${view.cycles.join(' ')}`);
  for (const line of view.lines) print(`  ${lineText(line)}`);
  print(`  ${'in dollars'.padEnd(24)} ${view.resultUsd.text.padStart(20)}`);
  for (const position of view.positions) {
    print('');
    for (const text of positionLines(position)) print(`  ${text}`);
  }
  if (view.refunds.count > 0) {
    print('');
    print(`  refunds at their payments’ own rates: ${view.refunds.total.text}`);
    for (const { payment, amount } of view.refunds.payments) {
      print(`    ${payment}  ${amount.text}`);
    }
  }
  print('');
  if (view.pending > 0) print(`  ${String(view.pending)} entries are not in the journal yet`);
  print(
    view.tied ? '  tied: journal, totals and cut-offs agree' : '  NOT TIED: see the lines above',
  );
}

function lineText({ account, amount, usd, tied, totals, decided }: Line): string {
  const text = `${account.padEnd(24)} ${amount.text.padStart(20)}`;
  const dollars =
    amount.currency === 'USD' ? '' : `  ${usd === null ? 'no mid that day' : `≈ ${usd.text}`}`;
  const fault = tied ? '' : `  totals ${totals.text}, decided ${decided?.text ?? '–'}`;
  return `${text}${dollars}${fault}`;
}

type Line = FxStatementView['lines'][number];

function positionLines(position: FxPositionView): string[] {
  const { currency, opening, bought, boughtFor, sold, soldFor, closing } = position;
  return [
    `${currency} opened at ${opening.text}, costing ${position.openingCost.text}`,
    `    bought ${bought.text} for ${boughtFor.text}, sold ${sold.text} for ${soldFor.text}`,
    `    realised ${position.realised.text}, of it ${position.offsetRealised.text} within the day`,
    `    open ${closing.text}, cost ${position.closingCost.text}, worth ${position.worth.text} ` +
      `at ${position.mid}: ${position.unrealised.text} unrealised`,
  ];
}

/** Covers with every quote; exits 1 when the choice, made again, is another one. */
export async function showCovers(options: DayOptions): Promise<void> {
  const view = await atBooks(options, readCovers);
  if (view.covers.some(({ choiceHolds }) => !choiceHolds)) process.exitCode = 1;
  if (options.json === true) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  print(`Clearing day ${view.day}: ${String(view.covers.length)} positions to cover`);
  for (const cover of view.covers) {
    print('');
    for (const text of coverLines(cover)) print(`  ${text}`);
  }
}

/** Proposes the providers of a file; they are set when another person approves. */
export async function proposeProviders(
  options: CallOptions & { readonly set: string; readonly reason: string },
): Promise<void> {
  const file = givenPath(options.set);
  if (!existsSync(file)) throw new ExplainedError(`--set ${options.set}: there is no such file`);
  const payload = readCoverProviders(file);
  const api = await OperatorApi.open(options);
  const { reason } = options;
  await proposeTo(api, { action: 'coverProviders.set', payload, reason }, options);
}

/** Providers in force. */
export async function showProviders(options: { readonly json?: boolean }): Promise<void> {
  const providers = await withDatabase((dataSource) =>
    dataSource.transaction(async (tx) => {
      await seedCoverProviders(tx, join(projectRoot, 'data'), Date.now());
      return findCoverProviders(tx);
    }),
  );
  if (options.json === true) {
    const asText = (_key: string, value: unknown): unknown =>
      typeof value === 'bigint' ? value.toString() : value;
    print(JSON.stringify({ providers }, asText, 2));
    return;
  }
  for (const { id, name, availability, terms } of providers) {
    print(`${id.padEnd(16)} ${name}, answers ${(availability / 100).toFixed(2)} % of the time`);
    for (const { currency, spreadBps, jitterBps, minUsd, maxUsd } of terms) {
      const [least, most] = [minUsd, maxUsd].map((minor) =>
        formatMoney({ currency: 'USD', minor }),
      );
      print(
        `    ${currency}  ${String(spreadBps)} ± ${String(jitterBps)} bp, ` +
          `${least ?? ''} to ${most ?? ''}`,
      );
    }
  }
}

function coverLines(cover: CoverView): string[] {
  const { side, amount, mid, valueDate, estimated, notAsked, uncovered } = cover;
  const when =
    notAsked === null
      ? `value ${valueDate ?? ''}${estimated === true ? ' (estimated)' : ''}`
      : `not asked: ${notAsked}`;
  const quotes = cover.quotes.map(({ provider, answer, price, reason, most }) =>
    answer === 'firm'
      ? `${provider.padEnd(16)} ${price ?? ''}  up to ${most?.text ?? ''}`
      : `${provider.padEnd(16)} ${reason ?? ''}`,
  );
  const trades = cover.trades.map(
    ({ provider, amount: part, usd, realised, state }) =>
      `taken: ${part.text} for ${usd.text} from ${provider}, ${state}, realised ${realised.text}`,
  );
  return [
    `${side} ${amount.text}, mid ${mid}, ${when}`,
    ...[...quotes, ...trades].map((text) => `  ${text}`),
    ...(uncovered.value === '0' ? [] : [`  open: ${uncovered.text}`]),
    cover.choiceHolds
      ? '  the same quotes give the same choice'
      : '  THE STORED QUOTES GIVE ANOTHER CHOICE',
  ];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
