import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#platform/config';
import { discardDatabase, ensureDatabase } from '#platform/postgres/index';
import { createLogger } from '#platform/telemetry/logger';
import { openApiOf } from '../../apps/hub/src/openapi.js';
import { createHub } from '../../apps/hub/src/start-hub.js';

/**
 * The document `docs/openapi.json`, as the hub describes itself. The hub is put together for it on
 * a database that holds nothing, because only the real application knows all its routes.
 *
 * @param databaseUrl of any database that answers; nothing is read from it or written to it
 */
export async function openApiJson(databaseUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wayfare-openapi-'));
  try {
    const config = loadConfig({ WAYFARE_DATA_DIR: folder, WORKERS_INLINE: 'no' });
    const logger = createLogger({ name: 'hub', level: 'silent' });
    const app = await createHub({ config, databaseUrl }, logger);
    const document = openApiOf(app);
    await app.close();
    return `${JSON.stringify(document, undefined, 2)}\n`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same on a server of its own, started for the moment and thrown away. */
export async function openApiJsonAlone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wayfare-generate-'));
  const dataDir = join(folder, 'data');
  const database = await ensureDatabase({ dataDir, durable: false });
  try {
    return await openApiJson(database.url);
  } finally {
    await database.stop();
    await discardDatabase(dataDir);
    await rm(folder, { recursive: true, force: true });
  }
}
