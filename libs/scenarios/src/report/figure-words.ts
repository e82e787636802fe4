import { currencyOf } from '#domain/currency';
import type { HeadlineUnit } from '#simulation/answers/headlines';

/** A digit group is told apart by a comma everywhere, whatever the machine's language is. */
export function grouped(value: number, decimals = 0): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const isZero = Number(value.toFixed(decimals)) === 0;
  return `${value < 0 && !isZero ? '−' : ''}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

const SCALES = [
  [1e12, 'trn'],
  [1e9, 'bn'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits that count: `3.34 M`, `118 M`, `75.5 k`, `642`. */
export function compact(value: number): string {
  const size = Math.abs(value);
  for (const [scale, name] of SCALES) {
    // 999,950 would round up to `1000 k`.
    if (size >= scale * 0.9995) return `${significant(value / scale)} ${name}`;
  }
  return size === 0 ? '0' : significant(value);
}

function significant(value: number): string {
  const size = Math.abs(value);
  return grouped(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

export const usd = (value: number): string =>
  value < 0 ? `−$${compact(-value)}` : `$${compact(value)}`;

/** `THB 75.2 M`, from minor units. */
export function moneyWords(currency: string, minor: number): string {
  return `${currency} ${compact(minor / 10 ** currencyOf(currency).exponent)}`;
}

export function percentWords(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2;
  return `${grouped(value, decimals)} %`;
}

/** A headline's value in its unit. */
export function inUnit(value: number, unit: HeadlineUnit): string {
  switch (unit) {
    case 'count':
      return compact(value);
    case 'usd':
      return usd(value);
    case 'percent':
      return percentWords(value);
    case 'bps':
      return `${grouped(value, 1)} bps`;
    case 'ratio':
      return grouped(value, 3);
    case 'hours':
      return `${grouped(value, 1)} h`;
    case 'ms':
      return value >= 10_000 ? `${grouped(value / 1000, 1)} s` : `${grouped(value)} ms`;
    case 'number':
      return grouped(value, Number.isInteger(value) ? 0 : 1);
  }
}

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  paid: 'Paid',
  notAccepted: 'Shop takes no wallet of the network',
  noRoute: 'Wallet and acquirer not linked',
  outage: 'Out of service',
  abandoned: 'Payer gave up',
  outsideCorridorLimits: 'Outside the corridor’s limits',
  abovePayerLimit: 'Above the payer’s limit',
  capExceeded: 'Wallet’s cap reached',
  insufficientFunds: 'Not enough money',
  riskRefused: 'Refused as a risk',
  timedOut: 'No answer in time',
};

export const outcomeWords = (outcome: string): string => OUTCOME_WORDS[outcome] ?? outcome;

export const categoryWords = (id: string): string =>
  id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ');

/** `Jan`, `Feb` …, of `2025-01`. */
export function monthWords(month: string): string {
  const names = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  return names[Number(month.slice(5, 7)) - 1] ?? month;
}
