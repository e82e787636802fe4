const DAY_MS = 86_400_000;
/** The clearing day runs 00:00:00–23:59:59 at UTC+8 (docs/sources.md A4.2). */
const CLEARING_OFFSET_MS = 8 * 3_600_000;

/** The clearing day of an instant, counted in days since 1970-01-01 at UTC+8. */
export function clearingDayNumber(atMs: number): number {
  return Math.floor((atMs + CLEARING_OFFSET_MS) / DAY_MS);
}

/** When a clearing day begins, UTC milliseconds; it ends where the next one begins. */
export function clearingDayStartMs(day: number): number {
  return day * DAY_MS - CLEARING_OFFSET_MS;
}
