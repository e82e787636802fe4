import { Option, type Command } from 'commander';

/**
 * Adds `--set path=value`, to be given as often as wanted. Not variadic: that would swallow the
 * scenario's name when it comes after.
 */
export function withSetOption(command: Command): Command {
  return command.addOption(
    repeated('--set <path=value>', 'change a figure, e.g. fees.mdrBps=150; may be repeated'),
  );
}

/** An option that may be given again and again, and is a list in the end. */
export function repeated(flags: string, about: string): Option {
  const more = (word: string, earlier: readonly string[]): readonly string[] => [...earlier, word];
  return new Option(flags, about).default([], 'none').argParser(more);
}
