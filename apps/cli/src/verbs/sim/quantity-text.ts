const SCALES = [
  [1e12, ' tn'],
  [1e9, ' bn'],
  [1e6, ' m'],
] as const;

/** A figure as a person says it: `8.13 tn JPY`, `10.0 percent`, `16 wallets`. */
export function quantityText(value: number, unit: string): string {
  for (const [scale, name] of SCALES) {
    if (Math.abs(value) >= scale) return `${(value / scale).toFixed(2)}${name} ${unit}`;
  }
  const digits = Math.abs(value) >= 1_000 || Number.isInteger(value) ? 0 : 2;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })} ${unit}`;
}

/** A fraction as percent with its sign: `+0.4 %`, `−12.0 %`. */
export function percentText(fraction: number, digits = 1): string {
  const text = Math.abs(fraction * 100).toFixed(digits);
  const sign = Number(text) === 0 ? '' : fraction < 0 ? '−' : '+';
  return `${sign}${text} %`;
}
