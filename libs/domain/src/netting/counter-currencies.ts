import type { PairFlow } from './net-flows.js';

/**
 * The other currency behind the largest part of what a participant moved in one of its own: whose
 * banks must be open too when it is settled.
 *
 * @returns by `<participant> <currency>`
 */
export function counterCurrencies(flows: readonly PairFlow[]): ReadonlyMap<string, string> {
  const parts = new Map<string, Map<string, bigint>>();
  for (const flow of flows) {
    const key = `${flow.participant} ${flow.currency}`;
    const part = parts.get(key) ?? new Map<string, bigint>();
    const value = flow.pays + flow.receives;
    part.set(flow.counterCurrency, (part.get(flow.counterCurrency) ?? 0n) + value);
    parts.set(key, part);
  }
  return new Map(
    [...parts].map(([key, part]) => {
      const [largest] = [...part].sort(([a, x], [b, y]) =>
        x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1,
      );
      return [key, largest?.[0] ?? ''];
    }),
  );
}
