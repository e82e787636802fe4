import { writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { ExplainedError } from '#platform/explained-error';
import { loadScenario, shippedNames, startFileText } from '#scenarios';
import { givenPath } from '../../given-path.js';
import { givenScenario } from './given-scenario.js';

const EXIT_USAGE = 2;

/** Writes a file to start from, in the folder the person is in. */
export function initScenario(given: string, from: string): void {
  const file = /\.ya?ml$/.test(given) ? given : `${given}.yaml`;
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    const asked = `${name} cannot name a scenario; use lower case words joined by hyphens`;
    throw new ExplainedError(asked, { exitCode: EXIT_USAGE });
  }
  const parent = loadScenario(from, givenScenario([]));
  const path = givenPath(file);
  const extended = shippedNames().includes(from)
    ? from
    : `./${relative(dirname(path), givenPath(from))}`;
  try {
    writeFileSync(path, startFileText(name, parent, extended, path), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      const kept = `${file} is there already and is left as it is; choose another name`;
      throw new ExplainedError(kept, { exitCode: EXIT_USAGE, cause: error });
    }
    throw new ExplainedError(`${file} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
  process.stderr.write(
    `wrote ${file}, which changes ${from} and says so far what it says.\n` +
      `Edit it, then: wayfare sim check ${file}; wayfare sim compare ${from} ${file}\n`,
  );
}
