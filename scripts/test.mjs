// `npm test`: everything a test needs and nothing that outlives it. Installs and builds what is
// stale, starts a PostgreSQL of its own in a temporary folder, runs Jest on both projects, stops
// and removes the server, and ends with one line that a person and a script can both read.
// Words after `--` go to Jest: `npm test -- libs/fx`, `npm test -- --selectProjects unit`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureReady, root, say } from './install.mjs';

const FOLDER_PREFIX = `wayfare-test-${process.getuid?.() ?? 'user'}-`;
const JEST = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = process.argv.slice(2);

/** `--selectProjects unit` promises that no test needs a server. */
function needsServer() {
  const at = args.indexOf('--selectProjects');
  return at === -1 || args[at + 1] !== 'unit' || args[at + 2] === 'live';
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A run that was killed outright could not stop its server: the next one does it. */
async function removeLeftovers({ ensureDatabase, discardDatabase }) {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const pid = Number(name.slice(FOLDER_PREFIX.length).split('-')[0]);
    if (isAlive(pid)) continue;
    const dataDir = join(tmpdir(), name, 'data');
    try {
      const left = await ensureDatabase({ dataDir, durable: false });
      await left.stop();
      await discardDatabase(dataDir);
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch (error) {
      say(`${join(tmpdir(), name)} of an earlier run could not be removed: ${error.message}`);
    }
  }
}

async function runJest(resultsPath, env) {
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', JEST],
      ...['--maxWorkers', '2', '--json', '--outputFile', resultsPath, ...args],
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
  );
  // Ctrl-C reaches Jest by itself; this process stays to clean up after it.
  const onInterrupt = () => undefined;
  const onTerminate = () => child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ending) => resolve(ending));
  });
  return signal === null ? code : 1;
}

function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return [];
  }
}

/** A suite that fails before its first test counts as one failure, else it would not show. */
function count(suites) {
  const total = { passed: 0, failed: 0, skipped: [] };
  for (const { name, status, assertionResults } of suites) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    total.passed += assertionResults.filter((test) => test.status === 'passed').length;
    total.failed += status === 'failed' && failed === 0 ? 1 : failed;
    for (const test of assertionResults) {
      if (['pending', 'todo', 'disabled', 'skipped'].includes(test.status)) {
        total.skipped.push(`${relative(root, name)}: ${test.fullName}`);
      }
    }
  }
  return total;
}

function report(suites, code) {
  const { passed, failed, skipped } = count(suites);
  const unexplained = code !== 0 && failed === 0 ? 1 : 0;
  if (skipped.length > 0) {
    process.stdout.write(`\n${skipped.length} skipped:\n`);
    for (const line of skipped) process.stdout.write(`  ${line}\n`);
  }
  process.stdout.write(`${passed} passed, ${failed + unexplained} failed\n`);
  return code === 0 && failed === 0 ? 0 : 1;
}

async function main() {
  await ensureReady();
  const scratch = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const dataDir = join(scratch, 'data');
  const launcher = join(root, 'dist', 'libs', 'platform', 'src', 'postgres', 'index.js');
  const postgres = await import(pathToFileURL(launcher).href);
  const given = process.env.WAYFARE_TEST_DATABASE_URL ?? '';
  let server;
  try {
    if (given === '' && needsServer()) {
      await removeLeftovers(postgres);
      server = await postgres.ensureDatabase({ dataDir, durable: false });
    }
    const env = server === undefined ? {} : { WAYFARE_TEST_DATABASE_URL: server.url };
    const resultsPath = join(scratch, 'results.json');
    const code = await runJest(resultsPath, env);
    return { code, suites: readResults(resultsPath) };
  } finally {
    await server?.stop();
    if (server !== undefined) await postgres.discardDatabase(dataDir);
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  const { code, suites } = await main();
  process.exitCode = report(suites, code);
} catch (error) {
  say(error.name === 'ExplainedError' ? error.message : error.stack);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
