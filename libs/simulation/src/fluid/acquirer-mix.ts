import type { Flow, World } from '../world.js';

/** An experiment plays one network of merchants hundreds of times; it is passed over once. */
const passedOver = new WeakMap<
  Uint8Array,
  { readonly of: World['merchants']['cellStart']; readonly shares: Float64Array }
>();

/**
 * Which acquirer serves a visit, by cell: `share[cell * acquirers + acquirer]`, each cell's adding
 * up to 1 (or all 0 where nobody takes wallets). Popular merchants weigh as much as they are
 * visited, which is why it takes a pass over all of them; the sum is the same for a year.
 */
export function acquirerShares({ acquirers, merchants }: World): Float64Array {
  const { acquirerOf, cellStart } = merchants;
  const known = passedOver.get(acquirerOf);
  const length = (cellStart.length - 1) * acquirers.length;
  if (known?.of === cellStart && known.shares.length === length) return known.shares;
  const shares = sharesOf(merchants, acquirers.length);
  passedOver.set(acquirerOf, { of: cellStart, shares });
  return shares;
}

function sharesOf(merchants: World['merchants'], acquirers: number): Float64Array {
  const { acquirerOf, cellStart, popularity } = merchants;
  const cells = cellStart.length - 1;
  const shares = new Float64Array(cells * acquirers);
  for (let cell = 0; cell < cells; cell++) {
    const start = cellStart[cell] ?? 0;
    const size = (cellStart[cell + 1] ?? 0) - start;
    let before = 0;
    let piece = 0;
    for (let place = 0; place < size; place++) {
      const edge = (place + 1) / size;
      piece = pieceOf(popularity, edge, piece);
      const below = place + 1 === size ? 1 : chanceBelow(popularity, edge, piece);
      const at = cell * acquirers + (acquirerOf[start + place] ?? 0);
      shares[at] = (shares[at] ?? 0) + (below - before);
      before = below;
    }
  }
  return shares;
}

/** The last piece of the table that begins below `edge`; it only moves on. */
function pieceOf(popularity: Float64Array, edge: number, from: number): number {
  let piece = from;
  while (piece + 2 < popularity.length && (popularity[piece + 1] ?? 1) < edge) piece += 1;
  return piece;
}

/** The chance of a draw whose place is below `edge`, between two entries by the line. */
function chanceBelow(popularity: Float64Array, edge: number, piece: number): number {
  const [low, high] = [popularity[piece] ?? 0, popularity[piece + 1] ?? 1];
  const within = high > low ? Math.min(1, Math.max(0, (edge - low) / (high - low))) : 1;
  return (piece + within) / (popularity.length - 1);
}

/** Where a flow's purchases of one month fall. */
export interface PlaceMix {
  /** `mix[category * acquirers + acquirer]`: chance that a purchase of the category is there. */
  readonly mix: Float64Array;
  /** `areaShare[area]`, adding up to 1 over the flow's destination. */
  readonly areaShare: Float64Array;
}

export function placeMix(world: World, flow: Flow, month: number, shares: Float64Array): PlaceMix {
  const { acquirers, areas, categories } = world;
  const weights = flow.areaWeights[month] ?? new Float64Array(areas.length);
  let total = 0;
  for (const weight of weights) total += weight;
  const areaShare = weights.map((weight) => (total > 0 ? weight / total : 0));
  const mix = new Float64Array(categories.length * acquirers.length);
  for (let area = 0; area < areas.length; area++) {
    const share = areaShare[area] ?? 0;
    if (share === 0) continue;
    addArea(mix, shares, area * mix.length, share);
  }
  return { mix, areaShare };
}

/** Adds an area's part: its cells begin at `from` in the shares, in the order of the mix. */
export function addArea(
  mix: Float64Array,
  shares: Float64Array,
  from: number,
  share: number,
): void {
  for (let i = 0; i < mix.length; i++) mix[i] = (mix[i] ?? 0) + share * (shares[from + i] ?? 0);
}
