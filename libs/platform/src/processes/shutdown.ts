/** What to tell a shell whose signal ended the process: 128 plus the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type StopSignal = keyof typeof EXIT_CODES;

const SIGNALS = Object.keys(EXIT_CODES) as StopSignal[];

/**
 * npm passes on a Ctrl-C that the terminal has already sent to the whole group, so the same signal
 * twice within a moment is one.
 */
const SAME_MS = 500;

/** Calls `onFirst` once; a second Ctrl-C ends the process without waiting. Returns how to let go. */
function listen(onFirst: (signal: StopSignal) => void): () => void {
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      onFirst(signal as StopSignal);
    } else if (nowMs - firstAtMs > SAME_MS) {
      process.exit(EXIT_CODES[signal as StopSignal]);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** Ends the process the way the signal would have, so that shells and npm see what happened. */
async function endBy(signal: StopSignal): Promise<never> {
  process.kill(process.pid, signal);
  return new Promise(() => undefined);
}

/**
 * Waits until somebody wants the process to end: Ctrl-C, `kill`, or a closed terminal. What comes
 * after is the caller's, who closes in order; a second Ctrl-C does not wait for that.
 */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    listen(resolve);
  });
}

/** Composition roots listen first; then the order of closing is theirs alone. */
function isListenedTo(): boolean {
  return SIGNALS.some((signal) => process.listenerCount(signal) > 0);
}

/**
 * Runs `work`, then `cleanUp`, also when a signal comes in the middle: then `work` is left alone,
 * `cleanUp` is awaited and the process ends.
 */
export async function interruptible<T>(
  work: () => Promise<T>,
  cleanUp: () => Promise<void>,
): Promise<T> {
  if (isListenedTo()) {
    try {
      return await work();
    } finally {
      await cleanUp();
    }
  }
  const came: { signal?: StopSignal } = {};
  let release: () => void = () => undefined;
  const interrupted = new Promise<StopSignal>((resolve) => {
    release = listen((signal) => {
      came.signal = signal;
      resolve(signal);
    });
  }).then(async (signal) => {
    await cleanUp();
    release();
    return endBy(signal);
  });
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    if (came.signal !== undefined) await interrupted;
    await cleanUp();
    release();
  }
}

/**
 * Runs `work` to its end even when a signal comes in the middle; then its result is undone and the
 * process ends. For steps that leave something behind when they are cut in two.
 */
export async function uninterrupted<T>(
  work: () => Promise<T>,
  undo: (value: T) => Promise<void>,
): Promise<T> {
  if (isListenedTo()) return work();
  const came: { signal?: StopSignal } = {};
  const release = listen((signal) => {
    came.signal = signal;
  });
  try {
    const value = await work();
    if (came.signal !== undefined) await undo(value);
    return value;
  } finally {
    release();
    if (came.signal !== undefined) await endBy(came.signal);
  }
}
