import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { untilStopped } from '#platform/processes/shutdown';
import type { Holder } from '../system/claim.js';
import { findRunning } from '../system/running.js';
import { beginSystem, waitForClaim, type StartedSystem } from '../system/system.js';
import { flowNamed, play, print } from './demo-actions.js';
import { paintFor } from './paint.js';

/** Starts everything, plays the main flow, and serves until somebody stops it. */
export async function start({ story }: { readonly story: boolean }): Promise<void> {
  const config = loadConfig();
  const stopped = untilStopped();
  const claim = await Promise.race([
    stopped,
    waitForClaim<never>(config.dataDir, 'serving', (holder) =>
      refuseSecond(config.dataDir, holder),
    ),
  ]);
  if (typeof claim === 'string') return;
  process.stderr.write('wayfare: starting the database, the hub and the simulated partners …\n');
  const starting = beginSystem(claim, config, { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn' });
  try {
    const system = await Promise.race([stopped, starting.system]);
    if (typeof system === 'string') return;
    await Promise.race([stopped, serve(system, story)]);
  } finally {
    process.stderr.write('wayfare: stopping …\n');
    await starting.stop();
  }
}

async function serve(system: StartedSystem, story: boolean): Promise<never> {
  if (story) print(await play(system, flowNamed(undefined)), false);
  invite(system);
  return anyEnd(system);
}

/** Two systems on one folder would take each other for dead; one that only passes is waited for. */
async function refuseSecond(dataDir: string, { pid, stay }: Holder): Promise<undefined> {
  if (stay === 'passing') return;
  const url = (await findRunning(dataDir))?.hubUrl;
  const where = url === undefined ? 'is starting' : `serves at ${url}`;
  throw new ExplainedError(
    `a Wayfare of this data folder ${where} (process ${String(pid)}). ` +
      'Use that one, end it, or set WAYFARE_DATA_DIR to another folder for a second one.',
  );
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
