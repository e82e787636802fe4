import type { Command } from 'commander';
import type { CallOptions } from './approvals.js';

export interface OrderOptions extends CallOptions {
  readonly reason: string;
}

const ABOUT = {
  pause: 'take nothing more; what a worker has in its hands is finished',
  drain: 'finish what is there, then pause',
  resume: 'go on',
} as const;

/** Adds `wayfare queues …`. What each verb does is loaded when it is called. */
export function registerQueues(program: Command): void {
  const queues = program
    .command('queues')
    .summary('the way into the books: status, pause, drain, resume')
    .description(
      'Two stages bring entries into the books: the relay, from the outbox to the queue, and\n' +
        'posting, from there into the ledger. Payments are taken whatever the stages do; they wait\n' +
        'in the outbox. Asks the running hub.',
    );
  const called = (name: string, about: string): Command =>
    queues
      .command(name)
      .description(about)
      .option('--hub <url>', 'another hub than the one on this data folder')
      .option('--key-file <file>', 'file with the key to act with')
      .option('--json', 'print {stages, outbox, inFlight, processes, ...}');
  called('status', 'how much waits, who works on it, and how fast').action(
    async (options: CallOptions) => {
      const { showQueues } = await import('./queues-action.js');
      await showQueues(options);
    },
  );
  for (const verb of ['pause', 'drain', 'resume'] as const) {
    called(verb, ABOUT[verb])
      .argument('[stage]', 'relay, posting or all', 'all')
      .requiredOption('--reason <text>', 'kept with the order and in the audit log')
      .action(async (stage: string, options: OrderOptions) => {
        const { orderQueues } = await import('./queues-action.js');
        await orderQueues(verb, stage, options);
      });
  }
}
