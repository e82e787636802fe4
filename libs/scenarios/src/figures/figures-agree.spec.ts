/**
 * Goal: no two places of the shipped data say different things of the same. What the live hub, the
 * base scenario, other scenarios and published totals all need is written where each is read, and
 * whoever changes one of them learns here which other disagrees. Method: each pair of places is read
 * as it is shipped, and all that they both state is listed side by side. That a difference would be
 * seen is shown by one that is planted.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayNumber } from '#domain/rates/calendar-day';
import { SETTINGS } from '#platform/config';
import { parse } from 'yaml';
import { shippedNames } from '../scenario-files/shipped-scenarios.js';
import { readDemandFile, readSources } from './demand-files.js';
import { loadFigures, shippedData } from './load-figures.js';

type Line = Readonly<Record<string, unknown>>;

const lines = (file: string): Line[] =>
  readFileSync(join(shippedData, file), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);

/** A figure as a scenario file has it. */
interface Figure {
  readonly value: number;
  readonly range?: { readonly low: number; readonly high: number };
  readonly because?: string;
}

interface Joining {
  readonly id: string;
  readonly origin: string;
  readonly currency: string;
  readonly wishPercent: Figure;
  readonly cannibalisationPercent: Figure;
}

interface Base {
  readonly fees: Readonly<Record<string, Figure>>;
  readonly fx: { readonly markupBps: Figure; readonly rateLockMinutes: Figure };
  readonly settlement: { readonly coverSpreadBps: Figure };
  readonly acceptance: { readonly merchants: Readonly<Record<string, Figure>> };
  readonly wallets: { readonly weights: Readonly<Record<string, Figure>> };
}

const scenario = (name: string): Line =>
  parse(readFileSync(join(shippedData, `scenarios/${name}.yaml`), 'utf8')) as Line;
const base = scenario('base') as unknown as Base;
const scenarios = shippedNames().map((name) => ({ name, document: scenario(name) }));

/** Value and range as one text, so that a difference shows all of it. */
const said = ({ value, range }: Figure): string =>
  `${String(value)} (${String(range?.low)} to ${String(range?.high)})`;

/** Everything below a document that has a value and a reason, with its path. */
function figuresOf(node: unknown, path: string): { path: string; figure: Figure }[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('value' in node) return [{ path, figure: node as Figure }];
  return Object.entries(node).flatMap(([key, child]) => figuresOf(child, `${path}.${key}`));
}

/**
 * Figures of one place that give one reason and differ all the same.
 *
 * @param stated one entry for each place that states the figure
 */
function disagreements(
  stated: readonly { readonly what: string; readonly by: string; readonly says: string }[],
): string[] {
  const first = new Map<string, { by: string; says: string }>();
  return stated.flatMap(({ what, by, says }) => {
    const known = first.get(what);
    if (known === undefined) first.set(what, { by, says });
    return known === undefined || known.says === says
      ? []
      : [`${what}: ${known.by} says ${known.says}, ${by} says ${says}`];
  });
}

describe('the base scenario and the live hub', () => {
  it('have the same fees', () => {
    const shipped = Object.fromEntries(
      lines('network/fees.jsonl').map(({ id, bps, lowBps, highBps }) => [
        `${String(id)}Bps`,
        `${String(bps)} (${String(lowBps)} to ${String(highBps)})`,
      ]),
    );
    const assumed = Object.entries(base.fees).map(([name, figure]) => [name, said(figure)]);
    expect(Object.fromEntries(assumed)).toEqual(shipped);
  });

  it('have the same mark-up, lock rates for as long, and cover at a price that is asked', () => {
    const tier = lines('fx/tiers.jsonl').find(({ id }) => id === 'standard');
    expect(said(base.fx.markupBps)).toBe(
      `${String(tier?.['markupBps'])} (${String(tier?.['lowBps'])} to ${String(tier?.['highBps'])})`,
    );
    expect(base.fx.rateLockMinutes.value * 60).toBe(Number(SETTINGS.QUOTE_TTL_SECONDS.standard));
    const asked = lines('settlement/cover-providers.jsonl')
      .flatMap(({ terms }) => terms as { currency: string; spreadBps: number }[])
      .filter(({ currency }) => currency === 'JPY' || currency === 'KRW')
      .map(({ spreadBps }) => spreadBps);
    expect(asked.length).toBeGreaterThan(2);
    expect(base.settlement.coverSpreadBps.value).toBeGreaterThanOrEqual(Math.min(...asked));
    expect(base.settlement.coverSpreadBps.value).toBeLessThanOrEqual(Math.max(...asked));
  });

  it('name the same wallets', () => {
    const known = lines('network/wallets.jsonl').map(({ id }) => id);
    expect(known.length).toBeGreaterThan(30);
    expect(known).toEqual(expect.arrayContaining(Object.keys(base.wallets.weights)));
  });
});

describe('figures of scenarios', () => {
  it('differ between files only where their reasons do', () => {
    const stated = scenarios.flatMap(({ name, document }) =>
      figuresOf(document, name)
        .filter(({ figure }) => figure.because !== undefined)
        .map(({ path, figure }) => ({
          what: `${path.slice(name.length + 1)} because ${figure.because ?? ''}`,
          by: name,
          says: said(figure),
        })),
    );
    // Several files do repeat each other: the test is about something.
    expect(new Set(stated.map(({ what }) => what)).size).toBeLessThan(stated.length);
    expect(disagreements(stated)).toEqual([]);
    const [one] = stated;
    expect(disagreements([...stated, { what: one?.what ?? '', by: 'mine', says: '-1' }])).toEqual([
      expect.stringContaining('mine says -1') as string,
    ]);
  });

  it('are one for a wallet that joins in several of them, and those of the network for one it knows', () => {
    const joining = scenarios.flatMap(({ name, document }) => {
      const { joining: list } = (document['wallets'] ?? {}) as {
        joining?: Joining[] | { add: Joining[] };
      };
      return (Array.isArray(list) ? list : (list?.add ?? [])).map((wallet) => ({ name, wallet }));
    });
    expect(joining.length).toBeGreaterThan(15);
    const habits = joining.map(({ name, wallet }) => ({
      what: wallet.id,
      by: name,
      says: `${said(wallet.wishPercent)}, ${said(wallet.cannibalisationPercent)}`,
    }));
    const homes = [
      ...lines('network/wallets.jsonl').map((wallet) => ({
        what: String(wallet['id']),
        by: 'wallets.jsonl',
        says: `${String(wallet['homeMarket'])} ${String(wallet['currency'])}`,
      })),
      ...joining.map(({ name, wallet }) => ({
        what: wallet.id,
        by: name,
        says: `${wallet.origin} ${wallet.currency}`,
      })),
    ];
    expect([...disagreements(habits), ...disagreements(homes)]).toEqual([]);
  });
});

describe('figures about travellers', () => {
  const figures = loadFigures();
  const sources = readSources(shippedData);
  const targets = readDemandFile(shippedData, 'targets', sources);
  const target = (id: string): number =>
    targets.find((line) => line.id === id)?.value ?? Number.NaN;

  it('add up to the totals they are judged by', () => {
    for (const year of [2019, 2023, 2024]) {
      const months = figures.arrivals
        .filter((line) => line.destination === 'JP' && line.year === year)
        .flatMap((line) => line.months);
      const visitors = months.reduce((total, month) => total + month, 0);
      expect([year, visitors]).toEqual([year, target(`japan-visitors-${String(year)}`)]);
    }
    expect(base.acceptance.merchants['JP']?.value).toBe(target('japan-merchants-2024'));
  });

  it('know the markets and currencies of the network by the same', () => {
    const stated = [
      ...lines('network/markets.jsonl').map((line) => ({
        what: String(line['market']),
        by: 'markets.jsonl',
        says: String(line['currency']),
      })),
      ...readDemandFile(shippedData, 'destinations', sources).map(({ market, currency }) => ({
        what: market,
        by: 'destinations.jsonl',
        says: currency,
      })),
    ];
    expect(new Set(stated.map(({ what }) => what)).size).toBeLessThan(stated.length - 10);
    expect(disagreements(stated)).toEqual([]);
  });

  it('have the rates the hub starts with on the day that it starts with', () => {
    const { days, perEuro } = figures.rates;
    const first = lines('fx/rates.jsonl').filter(({ source }) => source === 'ecb');
    expect(first.length).toBeGreaterThan(10);
    for (const { counter, rate, asOf } of first) {
      const at = days.indexOf(dayNumber(String(asOf)) ?? 0);
      const known = perEuro.get(String(counter));
      if (known !== undefined) expect([counter, known[at]]).toEqual([counter, rate]);
    }
  });

  it('have no acquirer of a market where the network has one', () => {
    const served = lines('network/acquirers.jsonl').map(({ market }) => market);
    const invented = readDemandFile(shippedData, 'acquirers', sources);
    expect(invented.filter(({ market }) => served.includes(market))).toEqual([]);
  });
});
