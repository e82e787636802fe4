import type { EntityManager } from 'typeorm';
import { readShippedCalendars, readShippedTerms } from './calendar-files.js';
import { addMissingTerms, listShippedEditions, publishCalendar } from './calendars.repository.js';

/**
 * Puts the shipped calendars and settlement terms into the database. A version that is there is
 * left alone, a newer one that ships later is published after those of the operator; a second
 * call changes nothing.
 */
export async function seedCalendars(
  tx: EntityManager,
  dataDir: string,
  nowMs: number,
): Promise<{ readonly calendars: number; readonly terms: number }> {
  const known = await listShippedEditions(tx);
  let calendars = 0;
  for (const { version, ...edition } of readShippedCalendars(dataDir)) {
    if (known.has(`${edition.currency} ${String(version)}`)) continue;
    const published = await publishCalendar(tx, { ...edition, shippedVersion: version }, nowMs);
    if (published !== undefined) calendars += 1;
  }
  return { calendars, terms: await addMissingTerms(tx, readShippedTerms(dataDir), nowMs) };
}
