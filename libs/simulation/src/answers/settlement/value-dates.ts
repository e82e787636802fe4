import { settlementTermsOf } from '#domain/calendars/settlement-terms';
import { valueDateOf, type SettlementLag } from '#domain/calendars/value-date';
import type { CurrencyCode } from '#domain/currency';
import type { World } from '../../world.js';

/** Terms of one participant, in numbers. */
export interface ParticipantTerms {
  readonly lag: SettlementLag;
  readonly minimumMinor: number;
  /** Why nothing of it can be dated; null where terms exist. */
  readonly missing: string | null;
}

const UNKNOWN = 0;
const NONE = -1;

/**
 * Value dates by the hub's own rule and calendars, each asked once: a year of hourly cycles asks
 * for a few hundred thousand, of which a few hundred differ.
 */
export class ValueDates {
  private readonly dates = new Map<number, Int32Array>();
  private readonly reasons = new Map<string, string>();

  constructor(
    private readonly world: World,
    private readonly firstClearingDay: number,
    private readonly clearingDays: number,
  ) {}

  termsOf(participant: string, currency: CurrencyCode): ParticipantTerms {
    const terms = settlementTermsOf(this.world.settlement.terms, participant, currency);
    return terms.ok
      ? { lag: terms.value.lag, minimumMinor: Number(terms.value.minimumMinor), missing: null }
      : { lag: 1, minimumMinor: 0, missing: terms.rejection.detail };
  }

  /**
   * @param clearingDay counted from the first one
   * @param currency index of the obligation's currency, `counter` that of the other side's
   * @returns days since 1970-01-01, or −1 where it cannot be dated, see `heldBecause`
   */
  valueDate(clearingDay: number, currency: number, counter: number, lag: SettlementLag): number {
    const count = this.world.currencies.length;
    const key = (currency * count + counter) * 2 + lag - 1;
    let dates = this.dates.get(key);
    if (dates === undefined) {
      dates = new Int32Array(this.clearingDays);
      this.dates.set(key, dates);
    }
    const found = dates[clearingDay] ?? UNKNOWN;
    if (found !== UNKNOWN) return found;
    const date = this.ask(clearingDay, currency, counter, lag);
    dates[clearingDay] = date;
    return date;
  }

  /** Each reason once, in the order in which they came up. */
  heldBecause(): string[] {
    return [...this.reasons.values()];
  }

  private ask(clearingDay: number, currency: number, counter: number, lag: SettlementLag): number {
    const { currencies, settlement } = this.world;
    const codes = [currencies[currency] ?? '', currencies[counter] ?? ''];
    const asked = { clearingDay: this.firstClearingDay + clearingDay, currencies: codes, lag };
    const dated = valueDateOf(asked, settlement.calendars);
    if (dated.ok) return dated.value.day;
    this.reasons.set(codes.join('|'), dated.rejection.detail);
    return NONE;
  }
}
