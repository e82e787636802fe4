import type { HeadlineUnit } from '#simulation/answers/headlines';

const MILLION = 1_000_000;
const BILLION = 1_000_000_000;

/** A headline's value as a person says it: `USD 118.4 M`, `3.34 M`, `7.08 %`, `−12.3 bp`. */
export function figureWords(value: number, unit: HeadlineUnit): string {
  return worded(value, unit, plainRounding(value, unit));
}

/** The same with its sign, for differences; those of shares are percentage points. */
export function changeWords(
  value: number,
  unit: HeadlineUnit,
  halfWidth: number | null = null,
): string {
  const words = changeSize(value, unit, halfWidth);
  return /[1-9]/.test(words) ? `${value > 0 ? '+' : '−'}${words}` : words;
}

/** A change without its sign, and no finer than its interval lets one see. */
export function changeSize(
  value: number,
  unit: HeadlineUnit,
  halfWidth: number | null = null,
): string {
  const size = Math.abs(value);
  return ofChange(worded(size, unit, roundingTo(size, halfWidth, unit)));
}

/** `± 64 M`, with the two digits that a half-width is good for; the currency stands elsewhere. */
export function spreadWords(halfWidth: number, unit: HeadlineUnit): string {
  return `± ${sizeWords(halfWidth, unit)}`;
}

function sizeWords(size: number, unit: HeadlineUnit): string {
  const words = ofChange(worded(size, unit, roundingTo(size, size, unit)).replace('USD ', ''));
  // Below the last decimal, and yet not nothing.
  return /[1-9]/.test(words) ? words : `< ${words.replace(/0(\D*)$/, '1$1')}`;
}

export interface IntervalWords {
  readonly mean: string;
  /** `135 … 264 M`, in the unit of the mean, the currency left out. */
  readonly between: string;
}

/** A figure with its interval, both in one unit and rounded to what the interval lets one know. */
export function intervalWords(
  mean: number,
  { low, high }: { readonly low: number; readonly high: number },
  unit: HeadlineUnit,
): IntervalWords {
  const largest = Math.max(...[mean, low, high].map(Math.abs));
  const rounding = roundingTo(mean, Math.abs(high - low) / 2, unit, largest);
  const end = worded(high, unit, rounding).replace('USD ', '');
  const start = numberWords(low, rounding);
  return { mean: worded(mean, unit, rounding), between: `${start} … ${end}` };
}

/** `+12.3 %`, `+1,240 %`; what is too small to matter is said to be that. */
export function percentWords(value: number): string {
  const size = Math.abs(value);
  if (size < 0.005) return size === 0 ? '0 %' : '< 0.01 %';
  const digits = size >= 99.95 ? 0 : size >= 0.0995 ? 1 : 2;
  return `${value < 0 ? '−' : '+'}${decimals(size, digits)} %`;
}

/** How a number is written: in which scale, to which step, with how many decimals. */
interface Rounding {
  readonly scale: number;
  readonly step: number;
  readonly digits: number;
}

/** Decimals of figures that no interval stands beside, and the most that one may earn. */
const DIGITS: Readonly<Record<HeadlineUnit, readonly [plain: number, most: number]>> = {
  count: [0, 0],
  usd: [2, 2],
  percent: [2, 4],
  bps: [1, 2],
  ratio: [3, 4],
  hours: [1, 2],
  ms: [0, 0],
  number: [1, 1],
};
/** Of millions and billions. */
const SCALED_DIGITS = [2, 3] as const;

function plainRounding(value: number, unit: HeadlineUnit): Rounding {
  const scale = scaleOf(value, unit);
  const digits = scale > 1 ? SCALED_DIGITS[0] : DIGITS[unit][0];
  return { scale, step: 0, digits: scale === 1 && isWholeEnough(value, unit) ? 0 : digits };
}

/** Decimals would say nothing, or be those of rounding alone. */
function isWholeEnough(value: number, unit: HeadlineUnit): boolean {
  const size = Math.abs(value);
  switch (unit) {
    case 'usd':
      return size >= 1_000 || size < 0.005 || Number.isInteger(value);
    case 'hours':
      return size >= 100;
    case 'number':
      return Number.isInteger(value);
    case 'count':
    case 'percent':
    case 'bps':
    case 'ms':
    case 'ratio':
      return false;
  }
}

/** To two digits of the half-width, and to one of the figure itself at least. */
function roundingTo(
  value: number,
  halfWidth: number | null,
  unit: HeadlineUnit,
  largest = value,
): Rounding {
  if (halfWidth === null || !(halfWidth > 0) || !Number.isFinite(halfWidth)) {
    return plainRounding(value, unit);
  }
  const own = value === 0 ? Number.POSITIVE_INFINITY : decadeOf(value);
  const step = Math.min(decadeOf(halfWidth) / 10, own);
  const wide = scaleOf(largest, unit);
  const scale = step >= wide / 1_000 ? wide : scaleOf(value, unit);
  const most = scale > 1 ? SCALED_DIGITS[1] : DIGITS[unit][1];
  const wanted = Math.max(0, Math.round(-Math.log10(step / scale)));
  return { scale, step: wanted > most ? 0 : step, digits: Math.min(wanted, most) };
}

/** The power of ten that a number's first digit counts. */
function decadeOf(value: number): number {
  return 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-9);
}

function scaleOf(value: number, unit: HeadlineUnit): number {
  if (unit !== 'usd' && unit !== 'count') return 1;
  const size = Math.abs(value);
  // 999,996 dollars are a million to whoever reads two decimals.
  return size >= BILLION * 0.999995 ? BILLION : size >= MILLION * 0.999995 ? MILLION : 1;
}

function worded(value: number, unit: HeadlineUnit, rounding: Rounding): string {
  const number = numberWords(value, rounding);
  const { scale } = rounding;
  const amount = scale === BILLION ? `${number} bn` : scale === MILLION ? `${number} M` : number;
  switch (unit) {
    case 'usd':
      return amount.startsWith('−') ? `−USD ${amount.slice(1)}` : `USD ${amount}`;
    case 'count':
    case 'ratio':
    case 'number':
      return amount;
    case 'percent':
      return `${number} %`;
    case 'bps':
      return `${number} bp`;
    case 'hours':
      return `${number} h`;
    case 'ms':
      return `${number} ms`;
  }
}

function numberWords(value: number, { scale, step, digits }: Rounding): string {
  const rounded = step > scale ? Math.round(value / step) * step : value;
  return decimals(rounded / scale, digits);
}

const ofChange = (words: string): string => words.replace(/ %$/, ' pp');

function decimals(value: number, digits: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}
