// Turns every TypeScript source into JavaScript under dist/, keeping the tree. It transforms and
// does not check types (`npm run check` does), because a fresh clone should pay within seconds.
// Only changed files are transformed; a file whose source vanished is removed.
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stampPath = join(dist, '.build.json');
const SOURCE_FOLDERS = ['apps', 'libs', 'bench', 'tools'];
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist']);
const STAMP_VERSION = 1;

function listSources() {
  const found = new Map();
  const walk = (folder) => {
    let entries;
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) walk(path);
      } else if (/\.ts$/.test(path) && !/\.(spec|d)\.ts$/.test(path)) {
        const { mtimeMs, size } = statSync(join(root, path));
        found.set(path, `${mtimeMs}:${size}`);
      }
    }
  };
  SOURCE_FOLDERS.forEach(walk);
  return found;
}

/** What else decides the output: the compiler's settings and the compiler. */
function toolchain() {
  const lock = statSync(join(root, 'package-lock.json'));
  return `${STAMP_VERSION} ${lock.mtimeMs}:${lock.size} ${readFileSync(join(root, '.swcrc'), 'utf8')}`;
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8'));
  } catch {
    return { toolchain: '', files: {} };
  }
}

function outputOf(source) {
  return join(dist, source.replace(/\.ts$/, '.js'));
}

function plan() {
  const sources = listSources();
  const stamp = readStamp();
  const tools = toolchain();
  const known = stamp.toolchain === tools ? stamp.files : {};
  const changed = [...sources].filter(([path, mark]) => known[path] !== mark).map(([path]) => path);
  const vanished = Object.keys(stamp.files).filter((path) => !sources.has(path));
  return { sources, tools, changed, vanished };
}

export function isBuildStale() {
  const { changed, vanished } = plan();
  return changed.length + vanished.length > 0;
}

/** A reader never sees half a file: write beside, then rename. */
function writeWhole(path, text) {
  const beside = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/** The compiler adds where in itself it noticed the mistake; people need where the mistake is. */
function withoutBacktrace(message) {
  return message.split('\n\nCaused by:')[0].trimEnd();
}

/** A mistake in the sources, told without a stack trace of the build. */
class BuildError extends Error {
  name = 'ExplainedError';
}

/** Builds what changed and says how many files that were. Throws one error naming every file that failed. */
export async function build() {
  const { sources, tools, changed, vanished } = plan();
  if (changed.length + vanished.length === 0) return { built: 0, removed: 0 };
  const failures = [];
  if (changed.length > 0) {
    const { transform } = await import('@swc/core');
    const { $schema: _, ...settings } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
    await Promise.all(
      changed.map(async (path) => {
        const output = outputOf(path);
        try {
          const { code, map } = await transform(readFileSync(join(root, path), 'utf8'), {
            ...settings,
            swcrc: false,
            configFile: false,
            filename: join(root, path),
            sourceFileName: join(root, path),
          });
          writeWhole(`${output}.map`, map ?? '');
          writeWhole(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
        } catch (error) {
          sources.set(path, 'failed');
          failures.push(`${path}: ${withoutBacktrace(error.message)}`);
        }
      }),
    );
  }
  for (const path of vanished) {
    rmSync(outputOf(path), { force: true });
    rmSync(`${outputOf(path)}.map`, { force: true });
  }
  writeWhole(stampPath, JSON.stringify({ toolchain: tools, files: Object.fromEntries(sources) }));
  if (failures.length > 0) throw new BuildError(`the build failed:\n${failures.join('\n')}`);
  return { built: changed.length, removed: vanished.length };
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  try {
    const { built, removed } = await build();
    const tookMs = Math.round(performance.now() - startedAt);
    process.stderr.write(`wayfare: built ${built} files, removed ${removed}, in ${tookMs} ms\n`);
  } catch (error) {
    process.stderr.write(`wayfare: ${error.message}\n`);
    process.exitCode = 1;
  }
}
