import type { CurrencyCode } from '../currency.js';
import type { CycleId } from '../ids.js';
import { formatMoney, money } from '../money.js';
import type { Outcome } from '../rejection.js';
import type { ObligationRole } from './obligation.js';

/** What one account of a participant moved in a final cycle; debits (it owes the hub) positive. */
export interface CycleTotal {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly minor: bigint;
  /** The currency that most of it was earned or spent in; null when nothing tells. */
  readonly counterCurrency: CurrencyCode | null;
}

/** An amount that stayed below the minimum in an earlier cycle and waits for company. */
export interface CarriedAmount {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly minor: bigint;
}

/** What a participant agreed to about being settled. */
export interface SettlementTerms {
  /** Business days after the clearing day. */
  readonly lag: 1 | 2;
  /** Below it an amount waits for the next cycle; minor units of `currency`. */
  readonly minimumMinor: bigint;
}

/** Day money moves: days since 1970-01-01, and how it came about, for people. */
export interface ValueDate {
  readonly day: number;
  readonly calendarVersion: string;
  readonly explanation: string;
}

/** Finds the day on which banks are open for all currencies. */
export type DateValue = (request: {
  readonly clearingDay: number;
  readonly currencies: readonly CurrencyCode[];
  readonly lag: 1 | 2;
}) => Outcome<ValueDate>;

export interface ObligationsContext {
  readonly cycleId: CycleId;
  /** Day of the cycle's end at UTC+8, days since 1970-01-01. */
  readonly clearingDay: number;
  readonly totals: readonly CycleTotal[];
  readonly carried: readonly CarriedAmount[];
  readonly termsOf: (participantId: string, currency: CurrencyCode) => SettlementTerms;
  readonly dateValue: DateValue;
}

/**
 * - `due`: to be paid on its value date
 * - `carried`: below the minimum, and part of the participant's next obligation
 * - `held`: cannot be dated, because a currency has no settlement calendar
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
  readonly minimumMinor: bigint;
  readonly lag: 1 | 2;
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
 * (docs/decisions/0019-settle-what-the-books-say.md).
 *
 * Neither order nor repetition matters: an account that moved twice comes as one total.
 */
export function decideObligations(context: ObligationsContext): DecidedObligation[] {
  const carried = new Map(context.carried.map((amount) => [keyOf(amount), amount.minor]));
  const own = new Set(context.totals.map(keyOf));
  const waiting = context.carried.filter((amount) => !own.has(keyOf(amount)));
  const totals: CycleTotal[] = [
    ...context.totals,
    ...waiting.map((amount) => ({ ...amount, minor: 0n, counterCurrency: null })),
  ];
  return totals
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((total) => obligationOf(context, total, carried.get(keyOf(total)) ?? 0n));
}

function obligationOf(
  context: ObligationsContext,
  total: CycleTotal,
  carriedInMinor: bigint,
): DecidedObligation {
  const { participantId, role, currency } = total;
  const { lag, minimumMinor } = context.termsOf(participantId, currency);
  const minor = total.minor + carriedInMinor;
  const counter = total.counterCurrency ?? currency;
  const currencies = counter === currency ? [currency] : [currency, counter];
  const base = {
    participantId,
    role,
    currency,
    ownMinor: total.minor,
    carriedInMinor,
    minor,
    minimumMinor,
    lag,
    currencies,
  };
  if (minor === 0n) {
    return { ...base, state: 'settled', valueDate: null, reason: 'It comes to nothing.' };
  }
  if (magnitude(minor) < minimumMinor) {
    const minimum = formatMoney(money(currency, minimumMinor));
    const reason = `Below the minimum of ${minimum}: carried to the next cycle.`;
    return { ...base, state: 'carried', valueDate: null, reason };
  }
  const dated = context.dateValue({ clearingDay: context.clearingDay, currencies, lag });
  if (!dated.ok) {
    return { ...base, state: 'held', valueDate: null, reason: dated.rejection.detail };
  }
  return { ...base, state: 'due', valueDate: dated.value, reason: dated.value.explanation };
}

function magnitude(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

function keyOf(key: {
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
}): string {
  return `${key.participantId}|${key.role}|${key.currency}`;
}
