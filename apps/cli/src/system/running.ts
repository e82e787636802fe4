import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from './claim.js';
import { SandboxControl } from './sandbox-control.js';

/** A hub and the simulated partners around it, ready to be used. */
export interface System {
  readonly hubUrl: string;
  readonly sandbox: SandboxControl;
  readonly dataDir: string;
  /** Whether it goes on when the command that uses it has ended. */
  readonly stays: boolean;
}

const addressShape = z.looseObject({ pid: z.int().positive() });
const hubShape = addressShape.extend({ url: z.string() });

/** As long as a part may take to finish what it has in hand, and a little more. */
const ENDED_WITHIN_MS = 25_000;
const POLL_MS = 100;

/** The system whose addresses lie in the folder, if it answers. */
export async function findRunning(dataDir: string): Promise<System | undefined> {
  try {
    const { url } = hubShape.parse(JSON.parse(await readFile(join(dataDir, 'hub.json'), 'utf8')));
    const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) });
    const sandbox = await SandboxControl.read(dataDir);
    if (!health.ok || !(await sandbox.answers())) return undefined;
    return { hubUrl: url, sandbox, dataDir, stays: true };
  } catch {
    // No file, a stale one, or nobody at the address: then there is no running system.
    return undefined;
  }
}

/**
 * When the process that held the folder was killed, its hub and partners notice and end in order
 * by themselves. Until then they hold the port and write the journal.
 */
export async function untilOrphansEnd(dataDir: string): Promise<void> {
  const deadlineMs = performance.now() + ENDED_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const living = await Promise.all([isThere(dataDir, 'hub'), isThere(dataDir, 'sandbox')]);
    if (!living.includes(true)) return;
    await sleep(POLL_MS);
  }
}

async function isThere(dataDir: string, part: 'hub' | 'sandbox'): Promise<boolean> {
  try {
    const text = await readFile(join(dataDir, `${part}.json`), 'utf8');
    return isAlive(addressShape.parse(JSON.parse(text)).pid);
  } catch {
    return false;
  }
}
