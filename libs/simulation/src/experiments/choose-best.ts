import { invariant } from '#domain/invariant';

/** What sets are chosen from: items with a cost, and what any set of them is worth. */
export interface Choice {
  readonly costs: readonly number[];
  /** At most so many items. */
  readonly most: number;
  /** At most so much cost; null for no limit. */
  readonly budget: number | null;
  /** Never falls when an item is added; sets may overlap, or be worth more together. */
  readonly worth: (items: readonly number[]) => number;
}

export interface Chosen {
  /** In ascending order. */
  readonly items: readonly number[];
  readonly worth: number;
  /** `exact`: no set within the limits is worth more; `search`: none was found. */
  readonly proof: 'exact' | 'search';
}

/** Sets that an exact search may look at before it gives way to a search by steps. */
const MOST_SETS = 60_000;

/**
 * The set that is worth most within a number and a budget. Taking the largest items one after the
 * other is not enough where items share what they bring (two wallets of the same travellers) or
 * need each other (a wallet and a market). Small lists are searched exactly, by branch and bound;
 * long ones by steps (best gain for its cost), then by swaps until none helps.
 */
export function chooseBest(choice: Choice): Chosen {
  invariant(Number.isInteger(choice.most) && choice.most >= 1, 'at least one item is chosen');
  const start = bySteps(choice);
  return exactly(choice, start) ?? { ...improved(choice, start), proof: 'search' };
}

interface Found {
  readonly items: readonly number[];
  readonly worth: number;
}

/** Takes the affordable item of the largest gain for its cost, until none gains. */
function bySteps(choice: Choice): Found {
  let found: Found = { items: [], worth: choice.worth([]) };
  for (;;) {
    let best: (Found & { readonly rate: number }) | null = null;
    for (const item of affordable(choice, found.items)) {
      const items = sorted([...found.items, item]);
      const worth = choice.worth(items);
      const rate = (worth - found.worth) / Math.max(choice.costs[item] ?? 1, 1e-9);
      if (worth > found.worth && (best === null || rate > best.rate)) best = { items, worth, rate };
    }
    if (best === null) return found;
    found = best;
  }
}

/** Exchanges one item for one or two others as long as that is worth more. */
function improved(choice: Choice, start: Found): Found {
  let found = start;
  for (let better = true; better;) {
    better = false;
    for (const out of found.items) {
      const kept = found.items.filter((item) => item !== out);
      for (const first of affordable(choice, kept)) {
        if (first === out) continue;
        const one = sorted([...kept, first]);
        for (const items of [
          one,
          ...affordable(choice, one).map((item) => sorted([...one, item])),
        ]) {
          const worth = choice.worth(items);
          if (worth > found.worth * (1 + 1e-12) && worth > found.worth) {
            found = { items, worth };
            better = true;
          }
        }
      }
      if (better) break;
    }
  }
  return found;
}

/** Null where there are too many sets to look at. */
function exactly(choice: Choice, start: Found): Chosen | null {
  const alone = choice.costs.map((_, item) => choice.worth([item]));
  const order = choice.costs
    .map((_, item) => item)
    .sort((a, b) => (alone[b] ?? 0) - (alone[a] ?? 0) || a - b);
  let best = start;
  let looked = 0;
  const visit = (taken: readonly number[], from: number): boolean => {
    if (++looked > MOST_SETS) return false;
    const worth = choice.worth(taken);
    if (worth > best.worth) best = { items: taken, worth };
    const open = new Set(affordable(choice, taken));
    const rest = order.slice(from).filter((item) => open.has(item));
    if (rest.length === 0) return true;
    // Whatever is added, it is not worth more than all that is left together.
    if (choice.worth(sorted([...taken, ...rest])) <= best.worth) return true;
    for (const [place, item] of order.entries()) {
      if (place < from || !open.has(item)) continue;
      if (!visit(sorted([...taken, item]), place + 1)) return false;
    }
    return true;
  };
  return visit([], 0) ? { items: sorted(best.items), worth: best.worth, proof: 'exact' } : null;
}

function affordable({ costs, most, budget }: Choice, taken: readonly number[]): number[] {
  if (taken.length >= most) return [];
  const spent = taken.reduce((sum, item) => sum + (costs[item] ?? 0), 0);
  return costs.flatMap((cost, item) =>
    !taken.includes(item) && (budget === null || spent + cost <= budget) ? [item] : [],
  );
}

function sorted(items: readonly number[]): number[] {
  return [...items].sort((a, b) => a - b);
}
