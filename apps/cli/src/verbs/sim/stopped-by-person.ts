const EXIT_INTERRUPTED = 130;

/**
 * Ctrl-C as a signal to finish in order: what is whole is kept. The second one ends the process,
 * since a person who presses twice does not want to wait.
 */
export function stoppedByPerson(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
    stop.abort();
    process.stderr.write('\nstopping; what is whole is kept (Ctrl-C again to leave at once)\n');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const forget = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  return { signal: stop.signal, forget };
}
