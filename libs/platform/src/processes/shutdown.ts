/** What to tell a shell whose signal ended the process: 128 plus the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type StopSignal = keyof typeof EXIT_CODES;

/**
 * Waits until somebody wants the process to end: Ctrl-C, `kill`, or a closed terminal. What comes
 * after is the caller's, who closes in order; a second Ctrl-C does not wait for that.
 *
 * npm passes on a Ctrl-C that the terminal has already sent to the whole group, so the same signal
 * twice within a moment is one.
 */
export function untilStopped(): Promise<StopSignal> {
  const SAME_MS = 500;
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    for (const signal of Object.keys(EXIT_CODES) as StopSignal[]) {
      process.on(signal, () => {
        const nowMs = performance.now();
        if (firstAtMs === undefined) {
          firstAtMs = nowMs;
          resolve(signal);
        } else if (nowMs - firstAtMs > SAME_MS) {
          process.exit(EXIT_CODES[signal]);
        }
      });
    }
  });
}
