// `npm run dev`: builds and runs, and does both again whenever a source changes. The verb runs in
// a process of its own, so that it ends and starts the way it does in earnest.
import { spawn } from 'node:child_process';
import { existsSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, root, say } from './install.mjs';

const WATCHED = ['apps', 'libs', 'bench', 'tools', 'data'];
const SETTLE_MS = 120;
const PATIENCE_MS = 10_000;

export async function watch(args) {
  let child = null;
  let pending = null;
  let restarting = Promise.resolve();
  let ending = false;

  const stop = async () => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const closed = new Promise((resolve) => running.once('close', resolve));
    running.kill('SIGTERM');
    const tooLong = setTimeout(() => running.kill('SIGKILL'), PATIENCE_MS);
    await closed;
    clearTimeout(tooLong);
  };
  const restart = async () => {
    try {
      await ensureReady();
    } catch (error) {
      say(`${error.message}\nwaiting for a change`);
      return;
    }
    await stop();
    if (ending) return;
    child = spawn(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
  };
  const schedule = (_event, name) => {
    if (name !== null && !/\.(ts|json|sql|csv)$/.test(name)) return;
    clearTimeout(pending);
    pending = setTimeout(() => (restarting = restarting.then(restart)), SETTLE_MS);
  };

  let watchers = [];
  const end = async () => {
    if (ending) return;
    ending = true;
    clearTimeout(pending);
    for (const watcher of watchers) watcher.close();
    await restarting;
    await stop();
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
  restarting = restart();
  await restarting;
  if (ending) return;
  watchers = WATCHED.map((name) => join(root, name))
    .filter(existsSync)
    .map((folder) => watchFolder(folder, { recursive: true }, schedule));
}
