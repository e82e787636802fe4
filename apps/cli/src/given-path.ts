import { resolve } from 'node:path';
import { projectRoot } from '#platform/project-root';

/**
 * A file as the person meant it: npm runs scripts in the project's folder and keeps the folder the
 * person was in as INIT_CWD, so `npm run -s wayfare -- qr decode ../code.png` names a file there.
 * Anywhere else the working directory is the person's own choice.
 *
 * @returns an absolute path
 */
export function givenPath(path: string): string {
  const from = process.env['INIT_CWD'] ?? '';
  const isMovedByNpm = from !== '' && process.cwd() === projectRoot;
  return resolve(isMovedByNpm ? from : process.cwd(), path);
}
