// Stands in front of every command, so that a fresh clone needs nothing but Node and npm: makes
// packages and build current, then runs the command line in this same process. One process means
// that Ctrl-C, exit code and standard output are the verb's own.
//
//   node scripts/bootstrap.mjs [--dev] [--module dist/x.js] <verb and its arguments>
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureReady, root, say } from './install.mjs';

const args = process.argv.slice(2);

try {
  if (args[0] === '--dev') {
    const { watch } = await import('./watch.mjs');
    await watch(args.slice(1));
  } else {
    await ensureReady();
    const isModule = args[0] === '--module' && args[1] !== undefined;
    const entry = isModule
      ? resolve(root, args[1])
      : join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
    process.argv = [process.execPath, entry, ...(isModule ? args.slice(2) : args)];
    await import(pathToFileURL(entry).href);
  }
} catch (error) {
  // A fault of the verb itself is shown by the verb; what arrives here is ours or a broken build.
  say(error?.name === 'ExplainedError' ? error.message : (error?.stack ?? String(error)));
  process.exitCode = 1;
}
