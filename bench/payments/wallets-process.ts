import { join } from 'node:path';
import { loadConfig } from '#platform/config';
import { projectRoot } from '#platform/project-root';
import { readCast, startSandbox } from '../../apps/sandbox/src/index.js';
import { readShares, walletsOf } from './mix.js';

/**
 * The wallets of the mix, played by the sandbox behind their own HTTP servers and keys. They
 * answer from memory: a wallet's disk is not the hub's speed.
 */
const { dataDir } = loadConfig();
const names = walletsOf(readShares());
const cast = await readCast(join(projectRoot, 'data'));
const running = await startSandbox({
  hubUrl: process.env['HUB_URL'] ?? '',
  dataDir,
  cast: { wallets: cast.wallets.filter(({ id }) => names.includes(id)), acquirers: [] },
  durable: false,
  recordExchanges: false,
  first: names,
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
process.on('disconnect', () => {
  void running.close().then(() => process.exit(0));
});
process.send?.({ kind: 'ready' });
