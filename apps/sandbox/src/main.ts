import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '#platform/config';
import { prepareDataFolder } from '#platform/data-folder';
import { projectRoot } from '#platform/project-root';
import { readCast } from './cast.js';
import { startSandbox } from './start-sandbox.js';

/**
 * The simulated partners as a process of their own. Prints one line of JSON on standard output
 * when the first partners are enrolled; everything else goes to standard error.
 *
 * Usage: `node main.js [--hub-url http://127.0.0.1:4070] [--port 0] [--seed text] [--no-sync]`;
 * HUB_URL and WAYFARE_DATA_DIR are read from the environment.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'hub-url': { type: 'string' },
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: 'wayfare' },
      'no-sync': { type: 'boolean', default: false },
    },
  });
  const config = loadConfig();
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_000) {
    throw new Error(`--port must be 0 to 65000, not ${values.port}`);
  }
  const running = await startSandbox({
    hubUrl: values['hub-url'] ?? process.env['HUB_URL'] ?? `http://127.0.0.1:${config.port}`,
    dataDir: prepareDataFolder(config.dataDir),
    cast: await readCast(join(projectRoot, 'data')),
    port,
    seed: values.seed,
    durable: !values['no-sync'],
    warn: (message) => process.stderr.write(`sandbox: ${message}\n`),
  });
  const { controlUrl, sandbox } = running;
  const partners = sandbox.listPartners().length;
  const ready = { event: 'listening', controlUrl, partners };
  process.stdout.write(`${JSON.stringify(ready)}\n`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void running.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // Whoever started it over an IPC channel is not outlived, even when it is killed.
  if (process.send !== undefined) {
    process.once('disconnect', stop);
    process.send(ready);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
