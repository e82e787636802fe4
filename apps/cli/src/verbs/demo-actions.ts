import { ExplainedError } from '#platform/explained-error';
import { FLOWS, type Flow } from '../story/flows.js';
import { endedWell, playStory, type Story } from '../story/play.js';
import { playRefundStory, refundsEndedWell, tellRefundStory } from '../story/refund-story.js';
import { widthFor } from '../story/table.js';
import { tellStory } from '../story/tell.js';
import { withSystem, type System } from '../system/system.js';
import { REFUND_DEMO } from './demo.js';
import { paintFor } from './paint.js';

export interface DemoOptions {
  readonly json?: boolean;
}

/** The flow of a name; the first one when none is named. */
export function flowNamed(name: string | undefined): Flow {
  const flow = name === undefined ? FLOWS[0] : FLOWS.find((candidate) => candidate.name === name);
  if (flow !== undefined) return flow;
  const names = FLOWS.map((candidate) => candidate.name).join(', ');
  throw new ExplainedError(`there is no flow ${name ?? ''}; there are ${names}`);
}

/** Plays one flow on the running system, or on one started for it, and tells it. */
export async function demo(name: string | undefined, options: DemoOptions): Promise<void> {
  if (name === REFUND_DEMO.name) {
    await refundDemo(options);
    return;
  }
  const flow = flowNamed(name);
  const story = await withSystem((system) => play(system, flow));
  print(story, options.json === true);
  if (!endedWell(story)) process.exitCode = 1;
}

async function refundDemo({ json }: DemoOptions): Promise<void> {
  const story = await withSystem(playRefundStory);
  const text =
    json === true
      ? JSON.stringify(story, null, 2)
      : tellRefundStory(story, paintFor(process.stdout), widthFor(process.stdout));
  process.stdout.write(`${text}\n`);
  if (!refundsEndedWell(story)) process.exitCode = 1;
}

export function play(system: System, flow: Flow): Promise<Story> {
  return playStory(system, flow);
}

export function print(story: Story, json: boolean): void {
  const text = json
    ? JSON.stringify(story, null, 2)
    : tellStory(story, paintFor(process.stdout), widthFor(process.stdout));
  process.stdout.write(`${text}\n`);
}
