import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '#platform/config';
import { prepareDataFolder } from '#platform/data-folder';
import { ExplainedError } from '#platform/explained-error';
import { untilStopped } from '#platform/processes/shutdown';
import { projectRoot } from '#platform/project-root';
import { readCast } from './cast.js';
import { startSandbox } from './start-sandbox.js';

/** The first payment is usually over by then. */
const REST_AFTER_MS = 2_500;

/**
 * The simulated partners as a process of their own. Tells on standard output, or to the process
 * that started it over an IPC channel, that the first partners are enrolled.
 *
 * Usage: `node main.js [--hub-url http://127.0.0.1:4070] [--port 0] [--seed text] [--no-sync] [--no-steps]`;
 * HUB_URL and WAYFARE_DATA_DIR are read from the environment.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'hub-url': { type: 'string' },
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: 'wayfare' },
      'no-sync': { type: 'boolean', default: false },
      'no-steps': { type: 'boolean', default: false },
    },
  });
  const config = loadConfig();
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_000) {
    throw new ExplainedError(`--port must be 0 to 65000, not ${values.port}`);
  }
  const stopped = Promise.race([untilStopped(), untilDisconnected()]);
  const starting = startSandbox({
    hubUrl: values['hub-url'] ?? process.env['HUB_URL'] ?? `http://127.0.0.1:${config.port}`,
    dataDir: prepareDataFolder(config.dataDir),
    cast: await readCast(join(projectRoot, 'data')),
    port,
    seed: values.seed,
    durable: !values['no-sync'],
    restAfterMs: REST_AFTER_MS,
    recordExchanges: !values['no-steps'],
    warn: (message) => process.stderr.write(`sandbox: ${message}\n`),
  });
  // A hub that never comes must not keep this process from being stopped.
  const running = await Promise.race([starting, stopped.then(() => undefined)]);
  if (running === undefined) process.exit(0);
  const { controlUrl, sandbox } = running;
  const partners = sandbox.listPartners().length;
  const ready = { event: 'listening', pid: process.pid, controlUrl, partners };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.send({ kind: 'ready', ...ready });
  await stopped;
  await running.close();
}

/** Whoever started this over an IPC channel is not outlived. */
function untilDisconnected(): Promise<'disconnected'> {
  return new Promise((resolve) => {
    if (process.send === undefined) return;
    process.once('disconnect', () => {
      resolve('disconnected');
    });
  });
}

try {
  await main();
} catch (error) {
  const text = error instanceof ExplainedError ? error.message : (error as Error).stack;
  process.stderr.write(`sandbox: ${text ?? String(error)}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
