// Two bootstraps at once must not install or build over each other: npm empties node_modules
// before it fills it. One lock file, taken by exclusive creation and refreshed while held, so
// that a killed holder is noticed at once on the same machine and within seconds elsewhere.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const REFRESH_MS = 2_000;
const ABANDONED_MS = 30_000;
const POLL_MS = 100;

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isAbandoned(path, content) {
  const [pid, host] = content.split(' ');
  if (host === hostname() && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > ABANDONED_MS;
  } catch {
    return false;
  }
}

/** Moves an abandoned lock away; puts it back when somebody else had already renewed it. */
function removeAbandoned(path, content) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOrNull(aside) !== content) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process holds it by now; the one we moved will see that it lost.
    }
  }
  rmSync(aside, { force: true });
}

/** Runs `work` while holding the lock file `path`; `onWait` is called once if somebody else has it. */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${hostname()} ${process.hrtime.bigint()}`;
  for (let told = false; ;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const content = readOrNull(path);
    if (content !== null && content !== '' && isAbandoned(path, content)) {
      removeAbandoned(path, content);
      continue;
    }
    if (!told) {
      told = true;
      onWait();
    }
    await sleep(POLL_MS);
  }
  const refresh = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Removed from outside: the work goes on, nothing better can be done here.
    }
  }, REFRESH_MS);
  refresh.unref();
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    if (readOrNull(path) === mine) rmSync(path, { force: true });
  }
}
