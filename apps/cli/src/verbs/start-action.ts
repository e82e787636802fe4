import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { untilStopped } from '#platform/processes/shutdown';
import { startSystem, type StartedSystem } from '../system/system.js';
import { flowNamed, play, print } from './demo-actions.js';
import { paintFor } from './paint.js';

/** Starts everything, plays the main flow, and serves until somebody stops it. */
export async function start({ story }: { readonly story: boolean }): Promise<void> {
  const config = loadConfig();
  const stopped = untilStopped();
  process.stderr.write('wayfare: starting the database, the hub and the simulated partners …\n');
  const starting = startSystem(config, { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn' });
  const early = await Promise.race([stopped, starting]);
  if (typeof early === 'string') {
    await (await starting).stop();
    return;
  }
  const system = early;
  try {
    if (story) print(await play(system, flowNamed(undefined)), false);
    invite(system);
    await Promise.race([stopped, anyEnd(system)]);
  } finally {
    process.stderr.write('wayfare: stopping …\n');
    await system.stop();
  }
}

/** A system of which a part has died must not pretend to serve. */
async function anyEnd(system: StartedSystem): Promise<never> {
  const name = await Promise.race(
    system.children.map(async (child) => {
      await child.ended;
      return child.name;
    }),
  );
  throw new ExplainedError(`the ${name} has ended by itself; start again to go on`);
}

function invite(system: StartedSystem): void {
  const paint = paintFor(process.stdout);
  const lines = [
    '',
    `${paint('bold', 'Serving')} at ${system.hubUrl}  (Ctrl-C stops everything; starting again goes on where it was)`,
    `  ${system.hubUrl}/docs                 the operator API`,
    `  ${system.hubUrl}/api/payments         payments as JSON`,
    '',
    'In another terminal:',
    '  npm run -s wayfare -- demo user-presented    the same payment by a code on the phone',
    '  npm run -s wayfare -- pay --wallet gcash --store sto_gion_menya_kawara_1 --amount 980',
    '  npm run -s wayfare -- why <payment id>       everything about one payment',
    '  npm run -s wayfare -- verify                 every invariant of the books',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
