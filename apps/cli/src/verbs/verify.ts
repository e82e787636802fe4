import type { Command } from 'commander';

/** Adds `wayfare verify`. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .summary('check every invariant of the database and name offending rows')
    .description(
      'Reads the whole database in one snapshot and checks what must always hold: the books,\n' +
        'the outbox, the cycles, the exposures, the payments. Exits 1 if anything does not.',
    )
    .option('--json', 'print {ok, checks: [{name, ok, why, offenders, count, durationMs}]}')
    .action(async (options: { readonly json?: boolean }) => {
      const { verify } = await import('./verify-action.js');
      if (!(await verify(options.json === true))) process.exitCode = 1;
    });
}
