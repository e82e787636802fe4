// `npm run check`: types, lint, format, dead code. Runs all four whatever the first says, because
// one run should tell everything there is to mend; the summary comes last. Nothing is built:
// sources that do not build are what the checks are there to explain.
//
//   npm run check [-- <name> …]     only the named checks, such as `types lint`
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ExplainedError, ensureInstalled, root, say } from './install.mjs';

// Lint with types judges a file by its imports too, which a cache by file cannot see. Good enough
// while writing, when it saves most of the time; where the verdict counts, everything is read.
const isVerdict = Boolean(process.env.CI);
const cache = (file) =>
  isVerdict ? [] : ['--cache', '--cache-strategy', 'content', '--cache-location', `dist/${file}`];

const CHECKS = {
  types: ['typescript/bin/tsc', '-p', '.'],
  lint: ['eslint/bin/eslint.js', '.', '--max-warnings', '0', ...cache('.eslintcache')],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'].concat(
    cache('.prettiercache'),
  ),
  'dead code': ['knip/bin/knip.js', '--no-progress'],
};

/** Resolves with the check's verdict and everything it said; never rejects. */
function run(name) {
  const [script, ...args] = CHECKS[name];
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env,
    });
    const collect = (chunk) => (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = (code, fault = '') => {
      const tookMs = Math.round(performance.now() - startedAt);
      resolve({ name, ok: code === 0, tookMs, output: `${output}${fault}`.trim() });
    };
    child.once('error', (error) => end(1, error.message));
    child.once('close', (code, signal) => end(code ?? 1, signal ? `\nended by ${signal}` : ''));
  });
}

async function runAll(names) {
  const waiting = [...names];
  const results = [];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await run(name);
      results.push(result);
      if (!result.ok) process.stdout.write(`\n── ${name}\n${result.output}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, lane));
  return results;
}

try {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !Object.hasOwn(CHECKS, name));
  if (unknown !== undefined) {
    const known = Object.keys(CHECKS).join(', ');
    throw new ExplainedError(`there is no check "${unknown}"; there are: ${known}`);
  }
  await ensureInstalled();
  const results = await runAll(asked.length > 0 ? asked : Object.keys(CHECKS));
  process.stdout.write('\n');
  for (const { name, ok, tookMs } of results) {
    const seconds = (tookMs / 1000).toFixed(1);
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  }
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  say(error instanceof ExplainedError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
}
