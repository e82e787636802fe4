import { readNetworkFiles, shippedRecords } from '#corridors';
import { calendarOf, type CalendarEdition } from '#domain/calendars/settlement-calendar';
import type { Acquirer } from '#domain/network';
import { readHubCapital, readShippedCalendars, readShippedTerms } from '#settlement';
import type { ShippedWorldParts } from '#simulation/demand/shipped-world-parts';
import { readDemandFile, readSources } from './demand-files.js';
import { shippedData } from './load-figures.js';

let loaded: ShippedWorldParts | undefined;

/**
 * The network the product ships, as the live hub starts with it, and acquirers that only
 * scenarios know, in markets where it has none. Read once a process.
 */
export function loadNetwork(): ShippedWorldParts {
  loaded ??= readNetwork(shippedData);
  return loaded;
}

export function readNetwork(dataDir: string): ShippedWorldParts {
  const records = shippedRecords(readNetworkFiles(dataDir));
  const editions = new Map<string, CalendarEdition[]>();
  for (const edition of readShippedCalendars(dataDir)) {
    const known = editions.get(edition.currency);
    if (known === undefined) editions.set(edition.currency, [edition]);
    else known.push(edition);
  }
  const invented = readDemandFile(dataDir, 'acquirers', readSources(dataDir));
  return {
    wallets: records.wallets,
    acquirers: [
      ...records.acquirers,
      ...invented.map(
        ({ fictional: _, source: _source, quality: _quality, ...acquirer }): Acquirer => ({
          ...acquirer,
          version: 1,
          status: 'active',
        }),
      ),
    ],
    corridors: records.corridors,
    edges: records.edges,
    terms: readShippedTerms(dataDir),
    hubCapital: readHubCapital(dataDir),
    calendars: new Map([...editions].map(([currency, own]) => [currency, calendarOf(own)])),
  };
}
