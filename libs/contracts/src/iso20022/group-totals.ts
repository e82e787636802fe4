import type { Money } from '#domain/money';

/**
 * A message that says how many payments it holds and what they come to must be right about both:
 * whoever books the total and whoever books the lines would otherwise book different sums.
 *
 * @returns what is wrong, or undefined
 */
export function groupTotalsFault(
  group: { readonly count: number; readonly total?: Money },
  amounts: readonly Money[],
): string | undefined {
  if (group.count !== amounts.length) {
    return `counts ${String(group.count)} transactions and holds ${String(amounts.length)}`;
  }
  const { total } = group;
  if (total === undefined) return undefined;
  if (amounts.some(({ currency }) => currency !== total.currency)) {
    return 'has a total over several currencies';
  }
  const sum = sumOf(amounts);
  return sum === total.minor ? undefined : 'has a total that is not the sum of its transactions';
}

/** The total a message may state: none where it holds several currencies or nothing. */
export function totalOf(amounts: readonly Money[]): { readonly total?: Money } {
  const currency = amounts[0]?.currency;
  if (currency === undefined || amounts.some((amount) => amount.currency !== currency)) return {};
  return { total: { currency, minor: sumOf(amounts) } };
}

const sumOf = (amounts: readonly Money[]): bigint =>
  amounts.reduce((sum, { minor }) => sum + minor, 0n);
