import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { FxPathView, FxQuoteView, FxRateView, FxRatesView } from '#contracts/operator/fx';
import { findCurrency } from '#domain/currency';
import {
  formatMoney,
  parseDecimal,
  toWireAmount,
  type DecimalFault,
  type Money,
} from '#domain/money';
import { payToAmountOf } from '#domain/pricing/price-payment';
import { decideQuote } from '#domain/rates/quote';
import { staleLeg } from '#domain/rates/rate-book';
import type { Outcome } from '#domain/rejection';
import {
  forgetImported,
  importEcb,
  RateDesk,
  seedFx,
  viewOfPath,
  viewOfQuote,
  viewOfRates,
} from '#fx';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { AuditLog, LOCAL_OPERATOR } from '#platform/operators/index';
import { projectRoot } from '#platform/project-root';
import type { EntityManager } from 'typeorm';
import { withDatabase } from '../database.js';
import { givenPath } from '../given-path.js';

/** A refusal is told in one line with exit code 1, like any other explained failure. */
function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ExplainedError(`${outcome.rejection.code}: ${outcome.rejection.detail}`);
}

/** One transaction over the rates, seeded and loaded as the hub would have them. */
async function atDesk<T>(work: (desk: RateDesk, tx: EntityManager) => Promise<T> | T): Promise<T> {
  const { ratesMaxAgeDays, quoteTtlSeconds } = loadConfig();
  return withDatabase((dataSource) =>
    dataSource.transaction(async (tx) => {
      await seedFx(tx, join(projectRoot, 'data'));
      const desk = new RateDesk({
        maxAgeDays: ratesMaxAgeDays,
        quoteTtlMs: quoteTtlSeconds * 1_000,
      });
      await desk.refresh(tx);
      return work(desk, tx);
    }),
  );
}

export async function importFile(file: string, json: boolean): Promise<void> {
  const report = await atDesk(async (desk, tx) => {
    const outcome = await importEcb(tx, piecesOf(file));
    const value = valueOf(outcome);
    const { days, oldest, newest, added, corrected } = value;
    await noteRates(tx, 'rates.import', { days, oldest, newest, added, corrected });
    const { asOf } = await desk.refresh(tx);
    const refusal = refusalNow(desk, Date.now());
    return { ...value, asOf, maxAgeDays: desk.ageLimitDays, refusal };
  });
  if (json) {
    print(JSON.stringify(report, null, 2));
    return;
  }
  print(`${String(report.days)} days, ${report.oldest} to ${report.newest}`);
  print(
    `${String(report.figures)} figures: ${String(report.added)} added, ` +
      `${String(report.corrected)} corrected, ${String(report.unchanged)} known before`,
  );
  print(`${String(report.gaps)} gaps (N/A) skipped`);
  if (report.unknownColumns.length > 0) {
    print(`left out, no longer currencies: ${report.unknownColumns.join(' ')}`);
  }
  print(
    report.refusal === null
      ? `The hub now quotes with rates of ${report.asOf}, and refuses when one is more than ` +
          `${String(report.maxAgeDays)} days old.`
      : `The hub now refuses to quote: ${report.refusal}. Import a newer file, or go back to the ` +
          'shipped rates with `wayfare fx forget`.',
  );
}

/** Why the imported rates cannot be used today: an old file is stored, yet nobody pays by it. */
function refusalNow(desk: RateDesk, nowMs: number): string | null {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const imported = desk
    .current()
    .book.rates.filter((rate) => rate.pinned !== true && rate.quality !== 'rule');
  const fresh = imported.some((rate) => staleLeg([rate], today, desk.ageLimitDays) === undefined);
  return fresh ? null : `every imported rate is more than ${String(desk.ageLimitDays)} days old`;
}

export async function forgetRates(): Promise<void> {
  const { dropped, asOf } = await atDesk(async (desk, tx) => {
    const count = await forgetImported(tx);
    await noteRates(tx, 'rates.forget', { dropped: count });
    return { dropped: count, asOf: (await desk.refresh(tx)).asOf };
  });
  print(
    `${String(dropped)} imported figures dropped; the shipped rates of ${asOf} are in force, pinned.`,
  );
}

/** What payers are charged by changes here, so who did it is kept with it. */
function noteRates(tx: EntityManager, action: string, after: object): Promise<void> {
  const of = { caller: LOCAL_OPERATOR, scope: null, subject: 'rates' } as const;
  return new AuditLog().record(tx, { ...of, action, after: { ...after } });
}

/** The file is opened only when it is read, so that a wrong name fails where it is explained. */
async function* piecesOf(file: string): AsyncIterable<string | Uint8Array> {
  const input: AsyncIterable<string | Uint8Array> =
    file === '-' ? process.stdin : createReadStream(givenPath(file));
  try {
    yield* input;
  } catch (error) {
    throw new ExplainedError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

export async function showRates(json: boolean): Promise<void> {
  const view: FxRatesView = await atDesk((desk) => viewOfRates(desk));
  if (json) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  print(
    view.pinned
      ? `Shipped rates, pinned to their day; the newest is of ${view.asOf}.`
      : `Imported rates of ${view.asOf}; refused when older than ${String(view.maxAgeDays)} days.`,
  );
  print('');
  for (const rate of view.rates) print(`  ${rateLine(rate)}`);
  print('');
  for (const tier of view.tiers) {
    print(`  tier ${tier.id.padEnd(10)} ${bpsText(tier.markupBps).padStart(7)}  ${tier.what}`);
  }
}

export async function showPath(base: string, counter: string, json: boolean): Promise<void> {
  const nowMs = Date.now();
  const view: FxPathView = await atDesk((desk) => valueOf(viewOfPath(desk, base, counter, nowMs)));
  if (json) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  print(`${view.stations.join(' → ')}${view.pinned ? '  (shipped rates, pinned)' : ''}`);
  print(`  1 ${base} = ${view.mid} ${counter}   mid`);
  print(`  1 ${counter} = ${view.inverse} ${base}   mid`);
  for (const leg of view.legs) print(`  from ${rateLine(leg)}`);
  if (view.refusal !== null) print(`  not quoted: ${view.refusal}`);
  for (const tier of view.tiers) {
    print(
      `  tier ${tier.tier.padEnd(10)} ${bpsText(tier.markupBps).padStart(7)}  ` +
        `1 ${base} for ${tier.price} ${counter}, 1 ${counter} for ${tier.inversePrice} ${base}, ` +
        `there and back loses ${tier.roundTripLossBps} bp`,
    );
  }
}

export async function showQuote(
  base: string,
  counter: string,
  options: { readonly amount?: string; readonly tier: string; readonly json: boolean },
): Promise<void> {
  const amount = options.amount === undefined ? undefined : amountOf(options.amount, base);
  const nowMs = Date.now();
  const quote = await atDesk((desk) => {
    const context = valueOf(desk.quoteContext(options.tier, nowMs));
    return valueOf(decideQuote(context, { base, counter }, nowMs, 'quo_indication'));
  });
  const { id: _id, ...view } = viewOfQuote(quote, nowMs);
  const priced =
    amount === undefined ? undefined : { amount, payToAmount: payToAmountOf(amount, quote) };
  if (options.json) {
    const amounts = priced && {
      amount: toWireAmount(priced.amount),
      payToAmount: toWireAmount(priced.payToAmount),
    };
    print(JSON.stringify({ ...view, ...amounts }, null, 2));
    return;
  }
  printQuote(view);
  if (priced !== undefined) {
    print(`  ${formatMoney(priced.amount)} costs ${formatMoney(priced.payToAmount)}`);
  }
}

function printQuote(view: Omit<FxQuoteView, 'id'>): void {
  print(`${view.pair} ${view.price}${view.pinned ? '  (shipped rates, pinned)' : ''}`);
  print(`  mid ${view.mid} + ${bpsText(view.markupBps)}, tier ${view.tier}`);
  print(`  by ${view.stations.join(' → ')}`);
  for (const leg of view.legs) print(`  from ${rateLine(leg)}`);
  print(`  good until ${view.expiresAt}`);
}

function amountOf(text: string, currency: string): Money {
  if (findCurrency(currency) === undefined) {
    throw new ExplainedError(`CURRENCY_NOT_SUPPORT: ${currency} is no ISO 4217 currency`);
  }
  const parsed = parseDecimal(text, currency);
  if (typeof parsed === 'object') return parsed;
  const reasons: Record<DecimalFault, string> = {
    notADecimal: 'write digits and at most one point, like 1200 or 12.50',
    tooManyDecimals: `${currency} has fewer decimals`,
    tooLarge: 'no payment is that large',
  };
  throw new ExplainedError(`--amount ${text}: ${reasons[parsed]}`);
}

function rateLine(rate: FxRateView): string {
  return `${rate.base}/${rate.counter} ${rate.rate.padEnd(12)} ${rate.asOf}  ${rate.source} (${rate.quality})`;
}

function bpsText(bps: number): string {
  return `${(bps / 100).toFixed(2)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
