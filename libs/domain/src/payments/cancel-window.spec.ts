/**
 * Goal: an acquirer may cancel until 00:15 at UTC+8 on the day after the payment's clearing day,
 * to the millisecond (docs/sources.md A1.6). Method: instants around both midnights, in UTC.
 */
import { cancelWindowOpen } from './cancel-window.js';

/** 2026-11-21 at UTC+8 ends at 16:00 UTC. */
const LAST_MS = Date.UTC(2026, 10, 21, 15, 59, 59, 999);
const CLOSES_MS = Date.UTC(2026, 10, 21, 16, 15);

describe('the cancel window', () => {
  it('is always open for a payment without an end', () => {
    expect(cancelWindowOpen(null, Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('closes at 00:15 after the clearing day, for its first and last payment alike', () => {
    for (const completedAtMs of [Date.UTC(2026, 10, 20, 16), LAST_MS]) {
      expect(cancelWindowOpen(completedAtMs, CLOSES_MS - 1)).toBe(true);
      expect(cancelWindowOpen(completedAtMs, CLOSES_MS)).toBe(false);
    }
  });

  it('belongs to the next day one millisecond after midnight', () => {
    expect(cancelWindowOpen(LAST_MS + 1, CLOSES_MS)).toBe(true);
    expect(cancelWindowOpen(LAST_MS + 1, CLOSES_MS + 86_400_000)).toBe(false);
  });
});
