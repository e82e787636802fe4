import { createDataSource } from '#platform/database';
import { migrate } from '#platform/migrations';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Gives `work` a migrated, empty database of its own on the server under test. */
export async function withScratchDatabase<T>(
  serverUrl: string,
  name: string,
  work: (dataSource: DataSource, url: string) => Promise<T>,
): Promise<T> {
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = databaseUrl(serverUrl, name);
  try {
    await migrate(url);
    const dataSource = await createDataSource(url, { poolSize: 10 });
    try {
      return await work(dataSource, url);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}
