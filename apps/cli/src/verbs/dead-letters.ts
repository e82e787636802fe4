import type { Command } from 'commander';
import type { CallOptions } from './approvals.js';

export interface ListOptions {
  readonly limit: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export interface ReplayOptions extends CallOptions {
  readonly reason: string;
}

/** Adds `wayfare dead-letters …`. What each verb does is loaded when it is called. */
export function registerDeadLetters(program: Command): void {
  const letters = program
    .command('dead-letters')
    .summary('what could not be done: list, show, replay')
    .description(
      'What could not be done and why: entries that the books refused, partners that never\n' +
        'confirmed, work on final cycles that failed. list and show read the database; replay asks\n' +
        'the running hub and takes a second person (wayfare approvals approve).',
    );
  letters
    .command('list', { isDefault: true })
    .description('what is open, newest first; exits 1 if anything is')
    .option('--all', 'what was done since, too')
    .option('--limit <number>', 'how many', '50')
    .option('--json', 'print {items: [dead letter]}')
    .action(async (options: ListOptions) => {
      const { listThem } = await import('./dead-letters-action.js');
      if (!(await listThem(options))) process.exitCode = 1;
    });
  letters
    .command('show')
    .description('one of them')
    .argument('<id>', 'e.g. entry:ent_…')
    .option('--json', 'print the dead letter as JSON')
    .action(async (id: string, options: { readonly json?: boolean }) => {
      const { showOne } = await import('./dead-letters-action.js');
      await showOne(id, options.json === true);
    });
  letters
    .command('replay')
    .description('propose to try it again')
    .argument('<id>', 'e.g. entry:ent_…')
    .requiredOption('--reason <text>', 'why it will work now')
    .option('--hub <url>', 'another hub than the one on this data folder')
    .option('--key-file <file>', 'file with the key to act with')
    .option('--json', 'print the proposal as JSON')
    .action(async (id: string, options: ReplayOptions) => {
      const { replayOne } = await import('./dead-letters-action.js');
      await replayOne(id, options);
    });
}
