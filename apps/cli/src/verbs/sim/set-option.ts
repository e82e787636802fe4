import type { Command } from 'commander';

/**
 * Adds `--set path=value`, to be given as often as wanted. Not variadic: that would swallow the
 * scenario's name when it comes after.
 */
export function withSetOption(command: Command): Command {
  return command.option(
    '--set <path=value>',
    'change a figure, e.g. fees.mdrBps=150; may be repeated',
    (word: string, earlier: readonly string[]) => [...earlier, word],
    [] as readonly string[],
  );
}
