import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.js';
import { isAlive } from './programs.js';

/** A server that runs on a cluster's folder, as its lock file tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Undefined where the system does not let us look: then the lock file is believed. */
function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? '' : undefined;
  }
}

/**
 * Reads PostgreSQL's lock file, and removes it where it is a dead server's. A server killed
 * outright leaves its file, and after a reboot or in a container the number in it soon belongs to
 * some other process: PostgreSQL itself then refuses to start, so the process's command decides.
 */
export function findPostmaster(cluster: Cluster): Postmaster | undefined {
  const path = join(cluster.folder, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  const folder = lines[1];
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || port <= 0 || !Number.isInteger(port)) return undefined;
  const command = isAlive(pid) ? commandOf(pid) : '';
  const serves = folder === cluster.folder && (command?.includes(cluster.folder) ?? true);
  if (serves) return { pid, port };
  rmSync(path, { force: true });
  return undefined;
}
