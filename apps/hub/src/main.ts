import 'reflect-metadata';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadConfig } from '#platform/config';
import { ExplainedError } from '#platform/explained-error';
import { ensureDatabase } from '#platform/postgres/index';
import { untilStopped } from '#platform/processes/shutdown';
import { createLogger } from '#platform/telemetry/logger';

/** Tells others on this machine where the hub listens; gone when it stops in order. */
const ADDRESS_FILE = 'hub.json';

// V8 lets the old space of a machine with much memory grow fourfold between collections. Half is
// enough here: it keeps a fifth less memory under load, and no difference in speed was found.
setFlagsFromString('--heap-growing-percent=50');

/**
 * A hub process. Whoever started it over an IPC channel is told the address, and outlived by no
 * moment: when the channel closes, the hub finishes what it has in hand and ends.
 */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'hub', level: config.logLevel });
  const stopped = Promise.race([untilStopped(), untilDisconnected()]);
  const { dataDir, databaseUrl } = config;
  const bringingUp = ensureDatabase({ dataDir, databaseUrl });
  // The hub is read from disk while the database, a process of its own, comes up.
  const reading = import('./start-hub.js');
  const database = await bringingUp;
  try {
    const { startHub } = await reading;
    const hub = await startHub({ config, databaseUrl: database.url, logger });
    const addressFile = join(dataDir, ADDRESS_FILE);
    const address = { pid: process.pid, url: hub.url };
    await writeFile(addressFile, `${JSON.stringify(address)}\n`, { mode: 0o600 });
    process.send?.({ kind: 'ready', ...address });
    const reason = await stopped;
    logger.info({ reason }, 'hub finishes what it has in hand');
    await rm(addressFile, { force: true });
    await hub.close();
  } finally {
    await database.stop();
  }
}

function untilDisconnected(): Promise<'disconnected'> {
  return new Promise((resolve) => {
    if (process.send !== undefined)
      process.once('disconnect', () => {
        resolve('disconnected');
      });
  });
}

try {
  await main();
} catch (error) {
  const text = error instanceof ExplainedError ? error.message : (error as Error).stack;
  process.stderr.write(`hub: ${text ?? String(error)}\n`);
  process.exitCode = 1;
}
// All that matters is closed by now; a connection that lingers must not keep a dead hub alive.
process.exit();
