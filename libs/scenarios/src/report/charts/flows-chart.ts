import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from 'd3-sankey';
import { MONEY, MONEY_COLUMNS, type Totals } from '#simulation/totals';
import { groundOf } from '#simulation/answers/ground';
import type { World } from '#simulation/world';
import { figureBlock, type FigureBlock } from '../figure-block.js';
import { percentWords, usd } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
/** Room for the words of the last column. */
const RIGHT = 150;
const NODE_WIDTH = 10;
const COLUMNS = ['Travellers from', 'Wallet', 'Acquirer', 'Settled in'] as const;
/** Nodes below this share of the whole are drawn as one. */
const LEAST_SHARE = 0.012;
const COLOURS = 6;

interface Place {
  readonly id: string;
  readonly column: number;
  readonly name: string;
}
interface Way {
  readonly colour: number;
}
type Node = SankeyNode<Place, Way>;
type Link = SankeyLink<Place, Way>;

/** One origin, wallet, acquirer and currency that money went along, in US dollars. */
interface Flow {
  readonly path: readonly [origin: string, wallet: string, acquirer: string, currency: string];
  readonly usd: number;
}

/** Where the money goes: from the traveller's market to the currency its acquirer gets. */
export function flowsChart(world: World, totals: Totals): Markup | null {
  const flows = folded(flowsOf(world, totals));
  const whole = flows.reduce((sum, flow) => sum + flow.usd, 0);
  if (whole <= 0) return null;
  const origins = ranked(flows, 0);
  const wallets = ranked(flows, 1);
  // With one origin, its wallets are what there is to tell apart.
  const coloured = origins.length > 1 ? 0 : 1;
  const order = coloured === 0 ? origins : wallets;
  const drawn = drawFlows(flows, coloured, order, whole);
  return figureBlock({
    id: 'flows',
    title: 'Where the money goes',
    says: saysOf(flows, whole, origins, wallets),
    width: WIDTH,
    ...drawn,
    table: {
      head: ['Travellers from', 'Wallet', 'Acquirer', 'Settled in', 'Value', 'Share'],
      words: [1, 2, 3],
      rows: flows.map(({ path, usd: value }) => [
        ...path,
        usd(value),
        percentWords((value / whole) * 100),
      ]),
    },
  });
}

function flowsOf(world: World, { pairs, money, clearingHours }: Totals): Flow[] {
  const ground = groundOf(world);
  const currencies = world.currencies.length;
  return pairs.flatMap(({ wallet, acquirer }, index): Flow[] => {
    const [payer, taker] = [world.wallets[wallet], world.acquirers[acquirer]];
    const shop = world.destinations[taker?.destination ?? 0]?.currency ?? 0;
    let value = 0;
    for (let day = 0; day < clearingHours / 24; day++) {
      const at = (day * pairs.length + index) * MONEY_COLUMNS.length + MONEY.paymentMinor;
      value += (money[at] ?? 0) * (ground.usd[day * currencies + shop] ?? 0);
    }
    if (value <= 0 || payer === undefined || taker === undefined) return [];
    const origin = world.origins[payer.origin] ?? '';
    const settled = world.currencies[taker.currency] ?? '';
    return [{ path: [origin, payer.wallet.name, taker.acquirer.name, settled], usd: value }];
  });
}

/** Small origins and wallets become one each, so that every band can be seen. */
function folded(flows: readonly Flow[]): Flow[] {
  const whole = flows.reduce((sum, flow) => sum + flow.usd, 0);
  const rename = [0, 1].map((column) => {
    const small = ranked(flows, column).filter(([, value]) => value < whole * LEAST_SHARE);
    return small.length < 2
      ? new Map<string, string>()
      : new Map(small.map(([name]) => [name, `${String(small.length)} others`]));
  });
  const merged = new Map<string, Flow>();
  for (const { path, usd: value } of flows) {
    const [origin, wallet, acquirer, currency] = path;
    const shown: Flow['path'] = [
      rename[0]?.get(origin) ?? origin,
      rename[1]?.get(wallet) ?? wallet,
      acquirer,
      currency,
    ];
    const key = shown.join('\n');
    merged.set(key, { path: shown, usd: (merged.get(key)?.usd ?? 0) + value });
  }
  return [...merged.values()].sort((a, b) => b.usd - a.usd);
}

function ranked(flows: readonly Flow[], column: number): (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const { path, usd: value } of flows) {
    const name = path[column] ?? '';
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function saysOf(
  flows: readonly Flow[],
  whole: number,
  origins: readonly (readonly [string, number])[],
  wallets: readonly (readonly [string, number])[],
): string {
  const share = (value: number): string => percentWords((value / whole) * 100);
  const [wallet, walletUsd] = wallets[0] ?? ['', 0];
  const [acquirer, acquirerUsd] = ranked(flows, 2)[0] ?? ['', 0];
  const [origin, originUsd] = origins[0] ?? ['', 0];
  const from = origins.length > 1 ? `${origin} sends ${share(originUsd)} of the value; ` : '';
  return (
    `${from}${wallet} carries ${share(walletUsd)}, and ${acquirer} takes in ${share(acquirerUsd)}. ` +
    `Bands are as thick as the value paid, ${usd(whole)} in all.`
  );
}

function drawFlows(
  flows: readonly Flow[],
  coloured: number,
  order: readonly (readonly [string, number])[],
  whole: number,
): Pick<FigureBlock, 'drawing' | 'height'> {
  const colours = new Map(order.map(([name], index) => [name, Math.min(index, COLOURS)]));
  const colourOf = (flow: Flow): number => colours.get(flow.path[coloured] ?? '') ?? COLOURS;
  const { nodes, links } = graphOf(flows, colourOf);
  const tallest = Math.max(...COLUMNS.map((_, column) => ranked(flows, column).length));
  const height = Math.max(260, tallest * 34);
  const laid = sankey<Place, Way>()
    .nodeId((node) => node.id)
    .nodeAlign((node) => node.column)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(tallest > 12 ? 12 : 18)
    .extent([
      [0, 34],
      [WIDTH - RIGHT, height + 30],
    ])({ nodes, links });
  const path = sankeyLinkHorizontal<Place, Way>();
  return {
    height: height + 36,
    drawing: html`
      ${COLUMNS.map((name, column) => header(name, column))}
      <g>
        ${laid.links.map(
          (link) =>
            html`<path
              class="link k${link.colour}"
              d="${path(link)}"
              stroke-width="${Math.max(link.width ?? 0, 0.75)}"
            >
              <title>${nodeName(link.source)} → ${nodeName(link.target)}: ${usd(link.value)}</title>
            </path>`,
        )}
      </g>
      <g>${laid.nodes.map((node) => drawNode(node, whole, colours, coloured))}</g>
    `,
  };
}

function graphOf(
  flows: readonly Flow[],
  colourOf: (flow: Flow) => number,
): { readonly nodes: Place[]; readonly links: Link[] } {
  const nodes = new Map<string, Place>();
  const links = new Map<
    string,
    { source: string; target: string; value: number; colour: number }
  >();
  for (const flow of flows) {
    const ids = flow.path.map((name, column) => `${String(column)} ${name}`);
    ids.forEach((id, column) => {
      nodes.set(id, { id, column, name: flow.path[column] ?? '' });
      if (column === 0) return;
      const colour = colourOf(flow);
      const source = ids[column - 1] ?? '';
      // One band a colour, so that what comes from where stays visible to the end.
      const key = `${source}\n${id}\n${String(colour)}`;
      const value = (links.get(key)?.value ?? 0) + flow.usd;
      links.set(key, { source, target: id, value, colour });
    });
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

function nodeName(node: Link['source']): string {
  return typeof node === 'object' ? node.name : String(node);
}

function header(name: string, column: number): Markup {
  const x = ((WIDTH - RIGHT - NODE_WIDTH) * column) / (COLUMNS.length - 1);
  return html`<text class="h" x="${x}" y="14">${name}</text>`;
}

/** From one bar to the next, and of a letter of a label: what does not fit would run into a bar. */
const COLUMN_WIDTH = (WIDTH - RIGHT - NODE_WIDTH) / (COLUMNS.length - 1) - 2 * NODE_WIDTH;
const WIDE = 7.6;

function drawNode(
  node: Node,
  whole: number,
  colours: ReadonlyMap<string, number>,
  coloured: number,
): Markup {
  const { x0 = 0, x1 = 0, y0 = 0, y1 = 0, value = 0 } = node;
  const colour = node.column === coloured ? (colours.get(node.name) ?? COLOURS) : COLOURS;
  const share = percentWords((value / whole) * 100);
  const words = `${usd(value)} · ${share}`;
  const isLast = node.column === COLUMNS.length - 1;
  const hasRoom = isLast || (node.name.length + words.length) * WIDE < COLUMN_WIDTH;
  return html`<g>
    <rect
      class="f${colour}"
      x="${x0}"
      y="${y0}"
      width="${x1 - x0}"
      height="${Math.max(y1 - y0, 1)}"
      rx="1.5"
    />
    <text x="${x1 + 8}" y="${(y0 + y1) / 2 + 4.5}">
      <tspan class="b">${node.name}</tspan> <tspan class="d">${hasRoom ? words : usd(value)}</tspan>
      <title>${node.name}: ${words}</title>
    </text>
  </g>`;
}
