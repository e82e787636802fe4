import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setHubClock } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import { prepareDataFolder } from '#platform/data-folder';
import { createDataSource } from '#platform/database';
import { ExplainedError } from '#platform/explained-error';
import { migrate } from '#platform/migrations';
import { discardDatabase, ensureDatabase } from '#platform/postgres/index';
import { createLogger } from '#platform/telemetry/logger';
import { startHub } from '../../../../hub/src/index.js';
import { startChild } from '../../system/child.js';
import { freePort } from '../../system/free-port.js';
import { SandboxControl } from '../../system/sandbox-control.js';
import { OperatorApi } from './operator-api.js';

/** The folder of the last rehearsal, inside the data folder: kept, so that people can look. */
export const REHEARSAL_FOLDER = 'rehearsal';

const UNTIL_MS = 60_000;
const POLL_MS = 100;

/**
 * A hub and its partners on a database of their own, whose clock is moved by hand: days pass in
 * seconds, and everything that happens on them is done by the very processes that do it for real.
 */
export interface Rehearsal {
  readonly hubUrl: string;
  readonly folder: string;
  readonly operator: OperatorApi;
  readonly sandbox: SandboxControl;
  /** Moves the clock; it runs on from there. Never back. */
  readonly moveTo: (iso: string) => Promise<void>;
  /** Asks again until there is an answer. */
  readonly until: <T>(what: string, ask: () => Promise<T | undefined>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** @param startsAt ISO time with offset: what the clock shows when the play begins */
export async function openRehearsal(config: Config, startsAt: string): Promise<Rehearsal> {
  const path = join(config.dataDir, REHEARSAL_FOLDER);
  await discardDatabase(path);
  await rm(path, { recursive: true, force: true });
  const folder = prepareDataFolder(path);
  // Not the user's own server: time is bent here, and everything is thrown away at the next play.
  const database = await ensureDatabase({ dataDir: folder });
  const ending: (() => Promise<void>)[] = [() => database.stop()];
  const close = async (): Promise<void> => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    await migrate(database.url);
    const dataSource = await createDataSource(database.url, { poolSize: 2 });
    ending.push(() => dataSource.destroy());
    let shiftMs = 0;
    const clock: Clock = { nowMs: () => Date.now() + shiftMs };
    const moveTo = async (iso: string): Promise<void> => {
      const atMs = Date.parse(iso);
      shiftMs = atMs - Date.now();
      await setHubClock(dataSource.manager, atMs);
    };
    await moveTo(startsAt);
    const port = await freePort();
    const hub = await startHub({
      config: {
        ...config,
        ...{ dataDir: folder, databaseUrl: undefined, redisUrl: undefined },
        ...{ host: '127.0.0.1', port, publicUrl: undefined },
        ...{ workersInline: true, settlementBank: 'simulated' },
      },
      databaseUrl: database.url,
      logger: createLogger({ name: 'hub', level: process.env['LOG_LEVEL'] ?? 'error' }),
      clock,
    });
    ending.push(hub.close);
    const sandbox = await startChild(
      'sandbox',
      { WAYFARE_DATA_DIR: folder, HUB_URL: hub.url, DATABASE_URL: '', REDIS_URL: '' },
      new AbortController().signal,
    );
    ending.push(() => sandbox.stop());
    return {
      hubUrl: hub.url,
      folder,
      operator: await OperatorApi.ofFolder(hub.url, folder),
      sandbox: await SandboxControl.read(folder),
      moveTo,
      until,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + UNTIL_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) {
      throw new ExplainedError(`the rehearsal waited a minute for this, in vain: ${what}`);
    }
    await sleep(POLL_MS);
  }
}
