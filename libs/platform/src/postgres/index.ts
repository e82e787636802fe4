import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { prepareDataFolder } from '../data-folder.js';
import { uninterrupted } from '../processes/shutdown.js';
import { prepareBinaries } from './binaries.js';
import { checkClusterVersion, createCluster, locateCluster } from './cluster.js';
import { checkExternal } from './external.js';
import { joinOrStart, leave } from './server.js';

export { describeUrl } from './external.js';

export interface DatabaseOptions {
  /** The data folder; made if absent. Unused when `databaseUrl` is given. */
  readonly dataDir: string;
  /** A server of the user's own, used as it is. */
  readonly databaseUrl?: string | undefined;
  /** False for databases that are thrown away: faster, lost in a power cut. Default true. */
  readonly durable?: boolean;
}

export interface RunningDatabase {
  readonly url: string;
  /** True when this call started the server, false when it found one. */
  readonly started: boolean;
  /**
   * Leaves the server; the last process to leave an embedded one stops it. Close every other
   * connection of this process first. May be called more than once.
   */
  readonly stop: () => Promise<void>;
}

/**
 * Hands out a PostgreSQL that works: the user's own, or one from npm packages that runs in the
 * data folder, is shared by all processes that name the same folder, and outlives their deaths.
 *
 * @throws ExplainedError when there is none to be had, saying what to do
 */
export async function ensureDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  const { databaseUrl, durable = true } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    await checkExternal(databaseUrl);
    return { url: databaseUrl, started: false, stop: () => Promise.resolve() };
  }
  // A Ctrl-C while the server comes up must not leave it behind.
  return uninterrupted(
    () => openEmbedded(options.dataDir, durable),
    (database) => database.stop(),
  );
}

async function openEmbedded(path: string, durable: boolean): Promise<RunningDatabase> {
  const dataDir = prepareDataFolder(path);
  const binaries = await prepareBinaries(dataDir);
  const cluster = await locateCluster(dataDir);
  await createCluster(cluster, binaries);
  await checkClusterVersion(cluster, binaries);
  const { started, ...presence } = await joinOrStart(cluster, binaries, durable);
  let stopping: Promise<void> | undefined;
  return { url: presence.url, started, stop: () => (stopping ??= leave(cluster, presence)) };
}

/** Removes a database for good, wherever it lies. Its server must have been stopped. */
export async function discardDatabase(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const cluster = await locateCluster(prepareDataFolder(dataDir));
  await rm(cluster.folder, { recursive: true, force: true });
  await rm(cluster.logPath, { force: true });
  await rm(dataDir, { recursive: true, force: true });
}
