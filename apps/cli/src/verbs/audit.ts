import type { Command } from 'commander';

interface AuditOptions {
  readonly person?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly denied?: boolean;
  readonly limit: string;
  readonly json?: boolean;
}

/** Adds `wayfare audit`. */
export function registerAudit(program: Command): void {
  program
    .command('audit')
    .summary('who did what, when and why, and who was refused')
    .description('The audit log of the operator API, newest first.')
    .option('--person <name>', 'only acts of this person')
    .option('--action <name>', 'only this act, e.g. caps.change')
    .option('--subject <id>', 'only what was done to this')
    .option('--denied', 'only refused attempts')
    .option('--limit <n>', 'entries to show, 1 to 200', '50')
    .option('--json', 'print JSON')
    .action(async (options: AuditOptions) => {
      const { person, action, subject, denied, limit, json } = options;
      const entries = Number(limit);
      if (!Number.isInteger(entries) || entries < 1 || entries > 200) {
        program.error('error: --limit is a whole number from 1 to 200', { exitCode: 2 });
      }
      const { showAudit } = await import('./operators-action.js');
      await showAudit(
        {
          person,
          action,
          subject,
          outcome: denied === true ? 'denied' : undefined,
          limit: entries,
        },
        json === true,
      );
    });
}
