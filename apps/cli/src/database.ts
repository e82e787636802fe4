import type { DataSource } from 'typeorm';

/**
 * For verbs that work on the database and then end: gets it running, brings its schema up to
 * date, and leaves no server behind unless somebody else uses it.
 *
 * @param work gets a connected data source; its result is passed on
 * @throws ExplainedError when no database can be had
 */
export async function withDatabase<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  // Loaded here: `wayfare qr` never needs TypeORM.
  const [{ loadConfig }, { ensureDatabase }, { migrate }, { createDataSource }, { interruptible }] =
    await Promise.all([
      import('#platform/config'),
      import('#platform/postgres/index'),
      import('#platform/migrations'),
      import('#platform/database'),
      import('#platform/processes/shutdown'),
    ]);
  const { dataDir, databaseUrl, databasePoolSize } = loadConfig();
  const database = await ensureDatabase({ dataDir, databaseUrl });
  let dataSource: DataSource | undefined;
  return interruptible(
    async () => {
      await migrate(database.url);
      dataSource = await createDataSource(database.url, { poolSize: databasePoolSize });
      return work(dataSource);
    },
    async () => {
      await close(dataSource);
      await database.stop();
    },
  );
}

/** Work that was interrupted still holds connections, and a pool waits for all of them. */
const CLOSE_WITHIN_MS = 1_000;

async function close(dataSource: DataSource | undefined): Promise<void> {
  if (dataSource?.isInitialized !== true) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  await Promise.race([dataSource.destroy(), patience]);
  clearTimeout(timer);
}
