import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import type { Quality } from '#domain/network';

/** The names a scenario may use, as the product ships them. */
export interface Vocabulary {
  readonly markets: ReadonlySet<string>;
  /** Home market and currency by wallet. */
  readonly wallets: ReadonlyMap<string, { readonly home: string; readonly currency: string }>;
  readonly acquirers: ReadonlyMap<string, { readonly market: string }>;
  /** Where a wallet can pay, since when (ISO year and month). */
  readonly acceptance: readonly {
    readonly market: string;
    readonly asOf: string;
    readonly wallets: readonly string[];
  }[];
  /** Currency by destination. */
  readonly currencies: ReadonlyMap<string, string>;
  /** Merchant categories, areas and sources of data/demand; empty where none are shipped. */
  readonly categories: ReadonlySet<string>;
  readonly areas: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, KnownSource>;
  /** What a reader calls them, by `market JP`, `wallet gcash`, `acquirer …`, `area JP-26`. */
  readonly names: ReadonlyMap<string, string>;
  /** `TH>JP` where arrivals are known. */
  readonly travelled: ReadonlySet<string>;
}

export interface KnownSource {
  readonly quality: Quality;
  readonly asOf: string;
  readonly url: string | null;
  readonly what: string;
}

type Row = Readonly<Record<string, unknown>>;

/** Only names are read here: the figures themselves are read, and checked, by who needs them. */
function rows(file: string): Row[] {
  const path = join(projectRoot, 'data', file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
}

const text = (row: Row, key: string): string => {
  const value = row[key];
  return typeof value === 'string' ? value : '';
};

let read: Vocabulary | undefined;

/** Reads the names that ship, once. */
export function loadVocabulary(): Vocabulary {
  read ??= readVocabulary();
  return read;
}

function readVocabulary(): Vocabulary {
  const wallets = rows('network/wallets.jsonl');
  const markets = rows('network/markets.jsonl');
  return {
    markets: new Set([
      ...markets.map((row) => text(row, 'market')),
      ...wallets.map((row) => text(row, 'homeMarket')),
      ...originsOfArrivals(),
    ]),
    wallets: new Map(
      wallets.map((row) => [
        text(row, 'id'),
        { home: text(row, 'homeMarket'), currency: text(row, 'currency') },
      ]),
    ),
    acquirers: new Map(
      rows('network/acquirers.jsonl').map((row) => [
        text(row, 'id'),
        { market: text(row, 'market') },
      ]),
    ),
    acceptance: rows('network/acceptance.jsonl').map((row) => ({
      market: text(row, 'market'),
      asOf: text(row, 'asOf'),
      wallets: row['wallets'] as readonly string[],
    })),
    currencies: new Map(markets.map((row) => [text(row, 'market'), text(row, 'currency')])),
    categories: idsOf('demand/categories.jsonl'),
    areas: idsOf('demand/areas.jsonl'),
    sources: new Map(
      rows('demand/sources.jsonl').map((row) => [
        text(row, 'id'),
        {
          quality: text(row, 'quality') as Quality,
          asOf: text(row, 'asOf'),
          url: text(row, 'url') === '' ? null : text(row, 'url'),
          what: text(row, 'what'),
        },
      ]),
    ),
    names: readNames(),
    travelled: new Set(
      rows('demand/arrivals.jsonl').map(
        (row) => `${text(row, 'origin')}>${text(row, 'destination')}`,
      ),
    ),
  };
}

/** ZZ is the rest of the world: nobody can come from there by wallet. */
function originsOfArrivals(): string[] {
  return rows('demand/arrivals.jsonl')
    .map((row) => text(row, 'origin'))
    .filter((code) => code !== 'ZZ');
}

function readNames(): Map<string, string> {
  const regions = new Intl.DisplayNames(['en'], { type: 'region' });
  const named = (file: string, what: string, key: string) =>
    rows(file).map((row): [string, string] => [`${what} ${text(row, key)}`, text(row, 'name')]);
  const homes = rows('network/wallets.jsonl').map((row) => text(row, 'homeMarket'));
  const byRegion = [...homes, ...originsOfArrivals()]
    .filter((code) => /^[A-Z]{2}$/.test(code))
    .map((code): [string, string] => [`market ${code}`, regions.of(code) ?? code]);
  return new Map([
    ...byRegion,
    ...named('network/markets.jsonl', 'market', 'market'),
    ...named('network/wallets.jsonl', 'wallet', 'id'),
    ...named('network/acquirers.jsonl', 'acquirer', 'id'),
    ...named('demand/areas.jsonl', 'area', 'id'),
  ]);
}

function idsOf(file: string): Set<string> {
  return new Set(rows(file).map((row) => text(row, 'id')));
}
