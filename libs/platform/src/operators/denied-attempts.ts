/** Refusals written down in a minute, of one process. */
const MOST_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/**
 * Refused attempts are worth a row, but whoever is refused must not be able to fill the disk: the
 * same attempt counts once a minute, and a minute holds a limited number. How many were left out
 * is told with the next one that is written.
 */
export class DeniedAttempts {
  private minute = -1;
  private seen = new Set<string>();
  private leftOut = 0;

  /**
   * @param attempt what makes two attempts the same: caller, route
   * @returns undefined if it is not to be written down, else how many went before it unwritten
   */
  admit(attempt: string, nowMs: number): number | undefined {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.seen = new Set();
    }
    if (this.seen.has(attempt) || this.seen.size >= MOST_A_MINUTE) {
      this.leftOut += 1;
      return undefined;
    }
    this.seen.add(attempt);
    const { leftOut } = this;
    this.leftOut = 0;
    return leftOut;
  }
}
