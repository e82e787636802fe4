/** Charts of characters; `plain` for terminals that have no block elements. */
export interface ChartLook {
  readonly plain: boolean;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar of at most `room` characters for a share from 0 to 1; the smallest share shows something. */
export function bar(share: number, room: number, { plain }: ChartLook): string {
  if (!(share > 0) || room < 1) return '';
  if (plain) return '#'.repeat(Math.max(Math.round(share * room), 1));
  const eighths = Math.max(Math.round(share * room * 8), 1);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** One character a value, from zero up to the largest; plain ones are digits from 0 to 9. */
export function sparkline(values: readonly number[], { plain }: ChartLook): string {
  const most = Math.max(...values, 0);
  if (most === 0) return '';
  return values
    .map((value) => {
      const share = Math.max(value, 0) / most;
      return plain ? String(Math.round(share * 9)) : (HEIGHTS[Math.round(share * 7)] ?? '');
    })
    .join('');
}
