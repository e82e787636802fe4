import type { Command } from 'commander';

interface AddOptions {
  readonly scopes?: string;
  readonly person?: string;
  readonly participant?: string;
  readonly expires?: string;
  readonly json?: boolean;
}

/** Adds `wayfare operators …`: keys of persons and participants. */
export function registerOperators(program: Command): void {
  const operators = program
    .command('operators')
    .summary('keys of persons and participants: add, list, revoke')
    .description(
      'Keys of the operator API. A person gets scopes; a participant gets a key to its own pages.\n' +
        'Works on the database itself, as the holder of the data folder.',
    );
  operators
    .command('add')
    .description('issue a key and print it, once')
    .argument('<name>', 'names the key, e.g. ana')
    .option('--scopes <list>', 'what it may do, e.g. read,settlement:write')
    .option('--person <name>', 'whose it is, if not named so; one person is one pair of eyes')
    .option('--participant <id>', 'make it the key of a participant, without scopes')
    .option('--expires <instant>', 'when it ends, e.g. 2027-01-31T00:00:00Z')
    .option('--json', 'print the key and its terms as JSON')
    .action(async (name: string, options: AddOptions) => {
      const { addOperator } = await import('./operators-action.js');
      const { scopes, person, participant, expires, json } = options;
      await addOperator(
        {
          name,
          scopes: scopes?.split(',').map((scope) => scope.trim()),
          person,
          participant,
          expiresAt: expires,
        },
        json === true,
      );
    });
  operators
    .command('list')
    .description('all keys, newest first, without their secrets')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { listOperators } = await import('./operators-action.js');
      await listOperators(options.json === true);
    });
  operators
    .command('revoke')
    .description('end a key for good, at once and everywhere')
    .argument('<name>', 'its name or id')
    .option('--reason <text>', 'kept in the audit log')
    .option('--json', 'print JSON')
    .action(
      async (name: string, options: { readonly reason?: string; readonly json?: boolean }) => {
        const { revokeOperator } = await import('./operators-action.js');
        await revokeOperator(name, options.reason, options.json === true);
      },
    );
}
