import type { Command } from 'commander';
import type { CallOptions } from '../approvals.js';
import { progress, type ProgressStyle } from './run.js';

export interface FollowOptions extends CallOptions {
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim jobs`. */
export function registerSimJobs(sim: Command): void {
  called(sim, 'jobs', 'runs asked of the hub, newest first: state, share, who plays').action(
    async (options: CallOptions) => {
      const { listJobs } = await import('./queued-runs-action.js');
      await listJobs(options);
    },
  );
}

/** Adds `wayfare sim result`. */
export function registerSimResult(sim: Command): void {
  called(sim, 'result', 'wait for a run asked of the hub, and tell what came of it')
    .argument('<id>', 'as sim jobs lists it')
    .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress)
    .action(async (id: string, options: FollowOptions) => {
      const { showResult } = await import('./queued-runs-action.js');
      await showResult(id, options);
    });
}

/** Adds `wayfare sim cancel`. */
export function registerSimCancel(sim: Command): void {
  called(sim, 'cancel', 'stop a run asked of the hub; one that has ended stays as it is')
    .argument('<id>', 'as sim jobs lists it')
    .action(async (id: string, options: CallOptions) => {
      const { cancelJob } = await import('./queued-runs-action.js');
      await cancelJob(id, options);
    });
}

function called(sim: Command, name: string, about: string): Command {
  return sim
    .command(name)
    .description(about)
    .option('--hub <url>', 'another hub than the one on this data folder')
    .option('--key-file <file>', 'file with the key to act with')
    .option('--json', 'print JSON');
}
