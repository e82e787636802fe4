import type { HeadlineUnit } from '#simulation/answers/headlines';

const MILLION = 1_000_000;
const BILLION = 1_000_000_000;

/** A headline's value as a person says it: `USD 118.4 M`, `3.34 M`, `7.08 %`, `−12.3 bp`. */
export function figureWords(value: number, unit: HeadlineUnit): string {
  switch (unit) {
    case 'usd':
      return `USD ${amountWords(value)}`;
    case 'count':
      return amountWords(value);
    case 'percent':
      return `${decimals(value, 2)} %`;
    case 'bps':
      return `${decimals(value, 1)} bp`;
    case 'hours':
      return `${decimals(value, 1)} h`;
    case 'ms':
      return `${decimals(value, 0)} ms`;
    case 'ratio':
      return decimals(value, 3);
    case 'number':
      return decimals(value, 1);
  }
}

/** The same with its sign, for differences. */
export function changeWords(value: number, unit: HeadlineUnit): string {
  const words = figureWords(Math.abs(value), unit);
  return value === 0 ? words : `${value > 0 ? '+' : '−'}${words}`;
}

/** `+12.3 %`; a share that rounds to nothing keeps a digit that says so. */
export function percentWords(value: number): string {
  const size = Math.abs(value);
  const text = size >= 100 ? size.toFixed(0) : size >= 0.1 ? size.toFixed(1) : size.toPrecision(1);
  return `${value < 0 ? '−' : '+'}${text} %`;
}

function amountWords(value: number): string {
  const size = Math.abs(value);
  if (size >= BILLION) return `${decimals(value / BILLION, 2)} bn`;
  if (size >= MILLION) return `${decimals(value / MILLION, 2)} M`;
  return decimals(value, size >= 1_000 || Number.isInteger(value) ? 0 : 2);
}

function decimals(value: number, digits: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}
