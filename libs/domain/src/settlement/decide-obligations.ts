import { isoDate } from '../rates/calendar-day.js';
import type { CalendarSet } from '../calendars/settlement-calendar.js';
import { settlementTermsOf, type SettlementTerms } from '../calendars/settlement-terms.js';
import { valueDateOf, type SettlementLag, type ValueDate } from '../calendars/value-date.js';
import type { CurrencyCode } from '../currency.js';
import { formatMoney, money } from '../money.js';
import type { ObligationRole } from './obligation.js';

/** What one account of a participant moved in a final cycle; debits (it owes the hub) positive. */
export interface CycleTotal {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly minor: bigint;
  /** What the cycle's payments and refunds still hold of its cap; released as it is settled. */
  readonly exposureMinor: bigint;
  /** The currency that most of it was earned or spent in; null when nothing tells. */
  readonly counterCurrency: CurrencyCode | null;
}

/** An amount that stayed below the minimum in an earlier cycle and waits for company. */
export interface CarriedAmount {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly minor: bigint;
  readonly exposureMinor: bigint;
}

export interface ObligationsContext {
  /** Day of the cycle at UTC+8, days since 1970-01-01. */
  readonly clearingDay: number;
  readonly totals: readonly CycleTotal[];
  readonly carried: readonly CarriedAmount[];
  readonly terms: readonly SettlementTerms[];
  readonly calendars: CalendarSet;
}

/**
 * - `due`: to be paid on its value date
 * - `carried`: below the minimum, and part of the participant's next obligation
 * - `held`: cannot be dated, because a currency has no terms or no settlement calendar
 * - `settled`: comes to nothing
 */
export type FirstState = 'due' | 'carried' | 'held' | 'settled';

/** Positive `minor`: the participant pays the hub. */
export interface DecidedObligation {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  /** Of this cycle alone. */
  readonly ownMinor: bigint;
  readonly carriedInMinor: bigint;
  readonly minor: bigint;
  readonly exposureMinor: bigint;
  readonly minimumMinor: bigint;
  readonly lag: SettlementLag;
  /** Whose banks must be open on the value date. */
  readonly currencies: readonly CurrencyCode[];
  readonly state: FirstState;
  readonly valueDate: ValueDate | null;
  /** One sentence for people. */
  readonly reason: string;
}

/**
 * Turns a cycle's totals into what each participant pays or receives. Amounts below the minimum
 * are carried to the next cycle and stay visible; value dates are business days of the
 * obligation's currency and of the one most of it was earned or spent in
 * (docs/decisions/0019-settle-what-the-books-say.md). The order of the totals is of no matter.
 */
export function decideObligations(context: ObligationsContext): DecidedObligation[] {
  const carried = new Map(context.carried.map((amount) => [keyOf(amount), amount]));
  const own = new Set(context.totals.map(keyOf));
  const waiting = context.carried.filter((amount) => !own.has(keyOf(amount)));
  const totals: CycleTotal[] = [
    ...context.totals,
    ...waiting.map((amount) => ({
      ...amount,
      minor: 0n,
      exposureMinor: 0n,
      counterCurrency: null,
    })),
  ];
  return totals
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((total) => obligationOf(context, total, carried.get(keyOf(total))));
}

function obligationOf(
  context: ObligationsContext,
  total: CycleTotal,
  carried: CarriedAmount | undefined,
): DecidedObligation {
  const { participantId, role, currency } = total;
  const minor = total.minor + (carried?.minor ?? 0n);
  const counter = total.counterCurrency ?? currency;
  const base = {
    participantId,
    role,
    currency,
    ownMinor: total.minor,
    carriedInMinor: carried?.minor ?? 0n,
    minor,
    exposureMinor: total.exposureMinor + (carried?.exposureMinor ?? 0n),
    currencies: counter === currency ? [currency] : [currency, counter],
    valueDate: null,
  };
  const terms = settlementTermsOf(context.terms, participantId, currency);
  const { minimumMinor, lag } = terms.ok ? terms.value : { minimumMinor: 0n, lag: 1 as const };
  const agreed = { ...base, minimumMinor, lag };
  if (minor === 0n) return { ...agreed, state: 'settled', reason: 'It comes to nothing.' };
  if ((minor < 0n ? -minor : minor) < minimumMinor) {
    const minimum = formatMoney(money(currency, minimumMinor));
    const reason = `Below the minimum of ${minimum}: carried to the next cycle.`;
    return { ...agreed, state: 'carried', reason };
  }
  if (!terms.ok) return { ...agreed, state: 'held', reason: terms.rejection.detail };
  const { clearingDay, calendars } = context;
  const dated = valueDateOf({ clearingDay, currencies: base.currencies, lag }, calendars);
  if (!dated.ok) return { ...agreed, state: 'held', reason: dated.rejection.detail };
  return { ...agreed, state: 'due', valueDate: dated.value, reason: tellValueDate(dated.value) };
}

/** The value date in one sentence, each skipped day with the currency that is closed and why. */
export function tellValueDate(date: ValueDate): string {
  const currencies = date.calendars.map(({ currency }) => currency).join(' and ');
  const skipped = date.skipped.map(({ day, closed }) => {
    const why = closed.map(({ currency, name }) => `${currency} ${name}`).join(', ');
    return `${isoDate(day)} (${why})`;
  });
  const passed = skipped.length === 0 ? '' : `, passing ${skipped.join('; ')}`;
  const basis = date.estimated ? ' Part of the calendar is estimated.' : '';
  return (
    `Business day ${String(date.lag)} of ${currencies} after ${isoDate(date.clearingDay)} is ` +
    `${isoDate(date.day)}${passed}.${basis}`
  );
}

function keyOf(key: {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
}): string {
  return `${key.participantId}|${key.role}|${key.currency}`;
}
