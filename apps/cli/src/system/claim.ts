import { randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDataFolder } from '#platform/data-folder';
import { z } from 'zod';

/**
 * Two systems on one data folder would overwrite each other's addresses and write one journal of
 * the simulated partners from two processes. So whoever starts one claims the folder first.
 */
export interface Claim {
  release(): Promise<void>;
}

/** Somebody who stays (`start`) can be used by others; who plays one payment and ends cannot. */
export type Stay = 'serving' | 'passing';

const claimShape = z.object({ pid: z.int().positive(), stay: z.enum(['serving', 'passing']) });

/** Who holds a folder now. */
export type Holder = z.infer<typeof claimShape>;

/** `abandoned`: its holder was killed, and what that one had started may still be ending. */
export type ClaimState = Holder | 'free' | 'abandoned';

const CLAIM_FILE = 'system.json';
const REFRESH_MS = 2_000;
/** A number in an old claim may belong to another process by now; a living holder refreshes. */
const ABANDONED_MS = 60_000;

/** @returns the claim, or who was faster */
export async function claimFolder(dataDir: string, stay: Stay): Promise<Claim | Holder> {
  const path = join(prepareDataFolder(dataDir), CLAIM_FILE);
  const mine = JSON.stringify({ pid: process.pid, stay } satisfies Holder);
  const beside = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(beside, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all, and only where nothing is.
        await link(beside, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const state = await readClaim(dataDir);
      if (typeof state === 'object') return state;
      await rm(path, { force: true });
    }
  } finally {
    await rm(beside, { force: true });
  }
  const refreshing = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, REFRESH_MS);
  refreshing.unref();
  const release = async (): Promise<void> => {
    clearInterval(refreshing);
    const state = await readClaim(dataDir);
    if (typeof state === 'object' && state.pid === process.pid) await rm(path, { force: true });
  };
  return { release };
}

export function isClaim(result: Claim | Holder): result is Claim {
  return 'release' in result;
}

export async function readClaim(dataDir: string): Promise<ClaimState> {
  const path = join(dataDir, CLAIM_FILE);
  try {
    const holder = claimShape.parse(JSON.parse(await readFile(path, 'utf8')));
    const { mtimeMs } = await stat(path);
    return isAlive(holder.pid) && Date.now() - mtimeMs < ABANDONED_MS ? holder : 'abandoned';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'free' : 'abandoned';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
