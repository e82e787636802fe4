import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExplainedError } from './explained-error.js';

/**
 * Everything a person must not lose or show lies in one folder: the database's password and, for
 * most users, the database itself. So it is created for its owner only, and a folder that cannot
 * serve is refused before anything starts.
 *
 * @returns the folder's real path
 * @throws ExplainedError naming WAYFARE_DATA_DIR
 */
export function prepareDataFolder(path: string): string {
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ExplainedError(explain(path, error));
  }
  if (!statSync(path).isDirectory()) {
    throw new ExplainedError(`the data folder ${path} is a file. ${ADVICE}`);
  }
  return realpathSync(path);
}

/** Node's own recursive way never returns where a folder cannot be made at all, as in /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    makeFolder(parent);
    makeFolder(path);
  }
}

const ADVICE = 'Set WAYFARE_DATA_DIR to a folder that you own.';

function explain(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `the data folder ${path} belongs to another user. ${ADVICE}`;
    case 'EROFS':
      return `the data folder ${path} is on a read-only disk. ${ADVICE}`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `the data folder ${path} is a file. ${ADVICE}`;
    case 'ENOENT':
      return `the data folder ${path} cannot be made there. ${ADVICE}`;
    case 'ENOSPC':
      return `the disk of the data folder ${path} is full. ${ADVICE}`;
    default:
      return `the data folder ${path} cannot be used (${code}). ${ADVICE}`;
  }
}
