import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ExplainedError } from '../explained-error.js';
import type { Binaries } from './binaries.js';
import { isAlive, runToEnd } from './programs.js';

/** The user a server runs as; undefined means the user of this process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where one database lives and how to get in. */
export interface Cluster {
  readonly dataDir: string;
  /** PostgreSQL's own data directory. */
  readonly folder: string;
  readonly logPath: string;
  readonly password: string;
  readonly user: ServerUser | undefined;
}

const ROOT_CLUSTERS = '/var/lib/wayfare';
const STATE_FILE = 'postgres.json';
export const SUPERUSER = 'wayfare';

const stateShape = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  password: z.string().min(20),
  /** The data folder this state was made for: tells a moved folder from a copied one. */
  dataDir: z.string(),
});
type State = z.infer<typeof stateShape>;

/** A whole file beside the final one, closed to others, and the data folder owner's like the rest. */
async function writeBeside(path: string, state: State): Promise<string> {
  const beside = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(beside, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  const owner = await stat(dirname(path));
  if (process.getuid?.() === 0) await chown(beside, owner.uid, owner.gid);
  return beside;
}

/** Leaves an existing file alone: whoever of two processes is first decides the password. */
async function createState(path: string, state: State): Promise<void> {
  const beside = await writeBeside(path, state);
  try {
    await link(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function recordMove(path: string, state: State, dataDir: string): Promise<State> {
  const moved = { ...state, dataDir };
  await rename(await writeBeside(path, moved), path);
  return moved;
}

async function readState(path: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return stateShape.parse(JSON.parse(text));
  } catch {
    throw new ExplainedError(
      `${path} is damaged, and with it the database's password is lost. ` +
        'Restore the file, or remove the data folder to start anew.',
    );
  }
}

/**
 * A data folder that was copied must not share the original's database, and one that was moved
 * must keep its own: the original's state file tells which of the two happened.
 */
async function isCopy(state: State): Promise<boolean> {
  const original = await readState(join(state.dataDir, STATE_FILE)).catch(() => undefined);
  return original?.id === state.id;
}

async function loadState(dataDir: string): Promise<State> {
  const path = join(dataDir, STATE_FILE);
  for (;;) {
    const known = await readState(path);
    if (known !== undefined) {
      const insideItself = existsSync(insideFolder(dataDir));
      if (known.dataDir === dataDir || insideItself) return known;
      if (!(await isCopy(known))) return await recordMove(path, known, dataDir);
      await rm(path);
    }
    await createState(path, {
      id: randomBytes(8).toString('hex'),
      password: randomBytes(24).toString('base64url'),
      dataDir,
    });
  }
}

function insideFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Debian's and macOS's names for the database's user, then the user that owns nothing. */
async function unprivilegedUser(): Promise<ServerUser> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    const uid = Number(fields?.[2]);
    const gid = Number(fields?.[3]);
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0) return { uid, gid };
  }
  return { uid: 65_534, gid: 65_534 };
}

/**
 * Finds the data folder's database or decides where a new one goes.
 *
 * Root cannot run PostgreSQL and its folders may be closed to every other user, so root's
 * databases lie in /var/lib/wayfare under an unprivileged user. A database that exists keeps its
 * place and its user, whoever comes along.
 */
export async function locateCluster(dataDir: string): Promise<Cluster> {
  const { id, password } = await loadState(dataDir);
  const asRoot = process.getuid?.() === 0;
  const inside = insideFolder(dataDir);
  if (!asRoot || existsSync(inside)) {
    const user = asRoot ? await ownerOf(inside) : undefined;
    return { dataDir, password, folder: inside, logPath: join(dataDir, 'postgres.log'), user };
  }
  const folder = join(ROOT_CLUSTERS, id);
  const user = existsSync(folder) ? await ownerOf(folder) : await unprivilegedUser();
  return { dataDir, password, folder, logPath: `${folder}.log`, user };
}

async function ownerOf(folder: string): Promise<ServerUser> {
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

/** What a process left that was killed while it made the folder; the living are left alone. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  const half = new RegExp(`^${basename(folder)}\\.(\\d+)-`);
  for (const name of await readdir(parent)) {
    const pid = half.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Makes the database's folder unless it is there: beside, then renamed, so a half is never used. */
export async function createCluster(cluster: Cluster, binaries: Binaries): Promise<void> {
  if (existsSync(cluster.folder)) return;
  const parent = dirname(cluster.folder);
  if (cluster.user !== undefined) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o755 });
    } catch (error) {
      throw new ExplainedError(
        `root's databases live in ${parent}, which cannot be made (${(error as Error).message}). ` +
          'Run as another user, or set DATABASE_URL to a server of your own.',
      );
    }
  }
  await removeAbandoned(cluster.folder);
  const beside = await mkdtemp(`${cluster.folder}.${String(process.pid)}-`);
  const passwordFile = `${beside}.password`;
  try {
    await writeFile(passwordFile, cluster.password, { mode: 0o600 });
    if (cluster.user !== undefined) {
      await chown(beside, cluster.user.uid, cluster.user.gid);
      await chown(passwordFile, cluster.user.uid, cluster.user.gid);
    }
    await chmod(beside, 0o700);
    await runToEnd(
      join(binaries.folder, 'bin', 'initdb'),
      [
        ...['-D', beside, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'],
        ...['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
      cluster.user,
    );
    await rename(beside, cluster.folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(join(cluster.folder, 'PG_VERSION'))) throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A database made by another major version cannot be opened by this one. */
export async function checkClusterVersion(cluster: Cluster, binaries: Binaries): Promise<void> {
  const made = (await readFile(join(cluster.folder, 'PG_VERSION'), 'utf8')).trim();
  const have = binaries.version.split('.')[0];
  if (made === have) return;
  throw new ExplainedError(
    `the database in ${cluster.folder} was made by PostgreSQL ${made}, this is ${String(have)}. ` +
      'Dump it with that version, or set WAYFARE_DATA_DIR to a new folder.',
  );
}
