import type { Command } from 'commander';
import type { CallOptions } from './approvals.js';

interface ShowOptions {
  readonly edition?: string;
  readonly json?: boolean;
}

interface ValueDateOptions {
  readonly from: string;
  readonly lag: string;
  readonly json?: boolean;
}

interface CorrectOptions extends CallOptions {
  readonly closed?: string;
  readonly open?: string;
  readonly why: string;
}

/** Adds `wayfare calendar …`. What each verb does is loaded when it is called. */
export function registerCalendar(program: Command): void {
  const calendar = program.command('calendar').summary('settlement calendars and value dates');
  calendar.description(
    'Settlement calendars. Each currency has versions; a correction is a new one, and what was\n' +
      'worked out with an older one stays. Years without an official source are estimated.',
  );
  calendar
    .command('list')
    .description('the currencies that have a calendar')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { listCalendars } = await import('./calendar-action.js');
      await listCalendars(options.json === true);
    });
  calendar
    .command('show')
    .description('the holidays of a year, and the weekend days that are worked')
    .argument('<currency>', 'e.g. JPY')
    .argument('[year]', 'e.g. 2026; this year if left out')
    .option('--edition <n>', 'as of an earlier version')
    .option('--json', 'print JSON')
    .action(async (currency: string, year: string | undefined, options: ShowOptions) => {
      const { showCalendar } = await import('./calendar-action.js');
      await showCalendar(currency.toUpperCase(), year, options);
    });
  calendar
    .command('value-date')
    .description('when a clearing day is settled, with every day that was skipped and why')
    .argument('<payIn>', 'currency that is paid in, e.g. JPY')
    .argument('<payOut>', 'currency that is paid out, e.g. THB')
    .requiredOption('--from <day>', 'clearing day, e.g. 2026-12-30')
    .option('--lag <days>', 'business days after it, 1 or 2', '2')
    .option('--json', 'print JSON')
    .action(async (payIn: string, payOut: string, options: ValueDateOptions) => {
      const { showValueDate } = await import('./calendar-action.js');
      await showValueDate(payIn.toUpperCase(), payOut.toUpperCase(), options);
    });
  calendar
    .command('correct')
    .description(
      'propose a new version in which one day is closed, or open; another person approves it',
    )
    .argument('<currency>', 'e.g. THB')
    .argument('<day>', 'e.g. 2026-12-28')
    .option('--closed <name>', 'the holiday’s name')
    .option('--open <name>', 'why the day is worked')
    .requiredOption('--why <text>', 'who announced it, and where')
    .option('--hub <url>', 'another hub than the one on this data folder')
    .option('--key-file <file>', 'file with the key to act with')
    .option('--json', 'print JSON')
    .action(async (currency: string, day: string, options: CorrectOptions) => {
      const { correctCalendar } = await import('./calendar-action.js');
      await correctCalendar(currency.toUpperCase(), day, options);
    });
}
