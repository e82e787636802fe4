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
  const [{ loadConfig }, { ensureDatabase }, { migrate }, { createDataSource }] = await Promise.all(
    [
      import('#platform/config'),
      import('#platform/postgres/index'),
      import('#platform/migrations'),
      import('#platform/database'),
    ],
  );
  const { dataDir, databaseUrl, databasePoolSize } = loadConfig();
  const database = await ensureDatabase({ dataDir, databaseUrl });
  try {
    await migrate(database.url);
    const dataSource = await createDataSource(database.url, { poolSize: databasePoolSize });
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}
