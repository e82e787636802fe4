/**
 * A fault whose message tells a person what happened and what to do: a taken port, an unreadable
 * setting, a database that is away. The command line shows it in one line without a stack; it
 * knows it by `name`, so that the command line need not load this library.
 */
export class ExplainedError extends Error {
  override readonly name = 'ExplainedError';
  /** What the shell sees: 1, or a more telling code such as 3 for a scenario that is not valid. */
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 1;
  }
}
