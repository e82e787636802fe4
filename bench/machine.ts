import { arch, cpus, platform, release, totalmem } from 'node:os';
import { createDataSource } from '#platform/database';

/** Where figures come from; nobody can compare them without. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  /** The server's own words on what survives a power cut. */
  readonly durability: string;
}

export async function describeMachine(serverUrl: string): Promise<Machine> {
  const processors = cpus();
  const dataSource = await createDataSource(serverUrl, { poolSize: 1 });
  try {
    const rows = await dataSource.query<{ name: string; setting: string }[]>(
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes')`,
    );
    const setting = new Map(rows.map((row) => [row.name, row.setting]));
    const durable = ['fsync', 'synchronous_commit', 'full_page_writes'];
    return {
      cpu: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${release()} ${arch()}`,
      node: process.version,
      postgres: setting.get('server_version') ?? 'unknown',
      durability: durable.map((name) => `${name} ${setting.get(name) ?? '?'}`).join(', '),
    };
  } finally {
    await dataSource.destroy();
  }
}
