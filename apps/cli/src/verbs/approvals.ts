import type { Command } from 'commander';

export interface CallOptions {
  readonly hub?: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

export interface ProposeOptions extends CallOptions {
  readonly reason: string;
}

export interface CapsOptions extends ProposeOptions {
  readonly cap?: string;
  readonly prefund?: string;
  readonly refundCap?: string;
}

export interface DecideOptions extends CallOptions {
  readonly reason?: string;
}

/** Adds `wayfare approvals …`: acts that need two persons. */
export function registerApprovals(program: Command): void {
  const approvals = program
    .command('approvals')
    .summary('acts that need two persons: list, propose, approve, reject')
    .description(
      'Asks the running hub, as the person whose key is in --key-file or WAYFARE_OPERATOR_KEY;\n' +
        'without either, as the holder of the data folder.',
    );
  const called = (name: string, about: string): Command =>
    approvals
      .command(name)
      .description(about)
      .option('--hub <url>', 'another hub than the one on this data folder')
      .option('--key-file <file>', 'file with the key to act with')
      .option('--json', 'print JSON');
  called('list', 'proposals, newest first')
    .option('--state <state>', 'pending, executed, rejected or expired')
    .action(async (options: CallOptions & { readonly state?: string }) => {
      const { listApprovals } = await import('./approvals-action.js');
      await listApprovals(options);
    });
  called('actions', 'what can be proposed, and the scope it takes').action(
    async (options: CallOptions) => {
      const { listActions } = await import('./approvals-action.js');
      await listActions(options);
    },
  );
  called('propose', 'propose an act')
    .argument('<action>', 'e.g. caps.change; `actions` lists them')
    .argument('<payload>', 'its content as JSON')
    .requiredOption('--reason <text>', 'why')
    .action(async (action: string, payload: string, options: ProposeOptions) => {
      const { proposeAct } = await import('./approvals-action.js');
      await proposeAct(action, payload, options);
    });
  called('caps', 'propose a change of what a participant may owe')
    .argument('<participant>', 'its id, e.g. truemoney')
    .option('--cap <minor>', "a wallet's net debit cap, in minor units")
    .option('--prefund <minor>', "a wallet's prefund, in minor units")
    .option('--refund-cap <minor>', "an acquirer's cap for refunds, in minor units")
    .requiredOption('--reason <text>', 'why')
    .action(async (participant: string, options: CapsOptions) => {
      const { proposeCaps } = await import('./approvals-action.js');
      await proposeCaps(participant, options);
    });
  for (const verb of ['approve', 'reject'] as const) {
    called(verb, verb === 'approve' ? 'approve a proposal, and so do it' : 'end a proposal')
      .argument('<id>', 'apv_…')
      .option('--reason <text>', 'kept with the decision')
      .action(async (id: string, options: DecideOptions) => {
        const { decideApproval } = await import('./approvals-action.js');
        await decideApproval(verb, id, options);
      });
  }
}
