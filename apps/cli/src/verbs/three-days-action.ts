import { loadConfig } from '#platform/config';
import { interruptible } from '#platform/processes/shutdown';
import { widthFor } from '../story/table.js';
import {
  gatherThreeDays,
  threeDaysEndedWell,
  type ThreeDaysStory,
} from '../story/three-days/gather.js';
import { openRehearsal, type Rehearsal } from '../story/three-days/rehearsal.js';
import { DATES, ThreeDays } from '../story/three-days/script.js';
import { tellThreeDays } from '../story/three-days/tell.js';
import { paintFor } from './paint.js';

/** Plays three days on a database of their own, tells them, and ends. */
export async function threeDaysDemo({ json }: { readonly json?: boolean }): Promise<void> {
  let rehearsal: Rehearsal | undefined;
  const story = await interruptible(
    async () => {
      tell('starting a hub, a database and partners for the play …');
      rehearsal = await openRehearsal(loadConfig(), `${DATES.first}T09:00:00+08:00`);
      return play(rehearsal);
    },
    async () => rehearsal?.close(),
  );
  const text =
    json === true
      ? JSON.stringify(story, null, 2)
      : tellThreeDays(story, paintFor(process.stdout), widthFor(process.stdout));
  process.stdout.write(`${text}\n`);
  if (!threeDaysEndedWell(story)) process.exitCode = 1;
}

async function play(rehearsal: Rehearsal): Promise<ThreeDaysStory> {
  const days = new ThreeDays(rehearsal);
  const parts: readonly [string, () => Promise<void>][] = [
    [DATES.first, () => days.first()],
    [DATES.second, () => days.second()],
    [DATES.third, () => days.third()],
    [DATES.holiday, () => days.holiday()],
    [`${DATES.afterHoliday} and ${DATES.last}`, () => days.rest()],
  ];
  for (const [name, part] of parts) {
    tell(`playing ${name} …`);
    await part();
  }
  return gatherThreeDays(rehearsal, days.happenings);
}

/** Progress belongs beside the story, not into it. */
function tell(what: string): void {
  process.stderr.write(`wayfare: ${what}\n`);
}
