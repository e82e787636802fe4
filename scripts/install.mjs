// Brings node_modules and dist in line with the sources, and does nothing when they are.
// Depends on Node alone, since it runs before anything is installed. Everything it says goes to
// standard error: standard output belongs to the verb that runs afterwards.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuildStale } from './build.mjs';
import { withLock } from './lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, 'node_modules', '.wayfare-install');
const lockPath = join(root, 'dist', '.bootstrap.lock');
const OLDEST_NODE = [20, 19];

/** What a person can mend; shown without a stack, here and by the verbs, which know it by name. */
export class ExplainedError extends Error {
  name = 'ExplainedError';
}

export function say(text) {
  process.stderr.write(`wayfare: ${text}\n`);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new ExplainedError(
    `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}. ` +
      'Install a current Node (https://nodejs.org) and run the same command again.',
  );
}

/** The lock file's content decides, and the platform: binaries of another one do not run here. */
function wantedStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  return `${digest} ${process.platform}-${process.arch}`;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Somebody may have run npm by hand: then npm's own record of what it installed must agree. */
function agreesWithNpmsRecord() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    if (found === undefined)
      return path === '' || entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && existsSync(join(root, path));
  });
}

function writeStamp(stamp) {
  try {
    writeFileSync(stampPath, stamp);
  } catch {
    // Installed by another user: the comparison above is repeated next time.
  }
}

function isInstallStale() {
  const stamp = wantedStamp();
  let present = null;
  try {
    present = readFileSync(stampPath, 'utf8');
  } catch {
    // No stamp yet.
  }
  if (present === stamp) return false;
  if (!agreesWithNpmsRecord()) return true;
  writeStamp(stamp);
  return false;
}

/** npm's own entry file: named by npm when it started us, else beside this Node, else in PATH. */
export function findNpm() {
  const bin = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm')),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined || !existsSync(candidate)) continue;
    const real = realpathSync(candidate);
    if (real.endsWith('npm-cli.js')) return real;
  }
  throw new ExplainedError(
    'npm was not found beside node nor in PATH. Install npm, or run `npm ci --include=dev` yourself.',
  );
}

function checkWritable() {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new ExplainedError(
      `packages must be installed, but ${root} cannot be written by this user. ` +
        'Run the command once as its owner, or use a clone of your own.',
    );
  }
}

async function installPackages() {
  const args = [findNpm(), 'ci', '--include=dev', '--no-audit', '--no-fund'];
  say('installing packages, once (npm ci)');
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  let interrupted = null;
  const pass = (received) => {
    interrupted ??= received;
    child.kill(received);
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ending) => resolve(ending));
  });
  process.off('SIGINT', pass).off('SIGTERM', pass);
  if (interrupted !== null) {
    // npm has tidied up; now the signal does to this process what it was sent for.
    rmSync(lockPath, { force: true });
    process.kill(process.pid, interrupted);
    await new Promise(() => setTimeout(() => process.exit(1), 1_000));
  }
  if (signal !== null) throw new ExplainedError(`npm ci was stopped by ${signal}`);
  if (code !== 0) {
    throw new ExplainedError(
      `npm ci failed with exit code ${code}; its messages are above. ` +
        'Packages come from the npm registry: check the network, then run the command again.',
    );
  }
  writeStamp(wantedStamp());
}

async function alone(work) {
  checkWritable();
  const onWait = () => say('waiting for another command that is installing or building here');
  await withLock(lockPath, onWait, work);
}

/** Installs what is missing or stale; safe to run by several processes at once. */
export async function ensureInstalled() {
  checkNode();
  if (!isInstallStale()) return;
  await alone(async () => {
    if (isInstallStale()) await installPackages();
  });
}

/** Installs and builds what is missing or stale; safe to run by several processes at once. */
export async function ensureReady() {
  checkNode();
  if (!isInstallStale() && !isBuildStale()) return;
  await alone(async () => {
    if (isInstallStale()) await installPackages();
    const { built } = await build();
    if (built > 0) say(`built ${built} files`);
  });
}
