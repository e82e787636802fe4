import type { DataSource } from 'typeorm';

export interface TableSize {
  readonly table: string;
  /** With indexes and what is stored aside. */
  readonly bytes: number;
  readonly rows: number;
}

/** Rows read by walking whole tables since the database began, and about how many there are. */
export type TableReads = ReadonlyMap<string, { readonly walked: number; readonly rows: number }>;

const LARGEST = 8;
/** A smaller table is walked because that is quickest. */
const LARGE = 10_000;

export async function readSizes(
  dataSource: DataSource,
): Promise<{ readonly databaseBytes: number; readonly tables: readonly TableSize[] }> {
  const [whole] = await dataSource.query<{ bytes: string }[]>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  const rows = await dataSource.query<{ name: string; bytes: string; n: string }[]>(
    `SELECT relname AS name, pg_total_relation_size(oid) AS bytes, reltuples::bigint AS n
     FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
     ORDER BY 2 DESC LIMIT ${String(LARGEST)}`,
  );
  return {
    databaseBytes: Number(whole?.bytes ?? 0),
    tables: rows.map(({ name, bytes, n }) => ({
      table: name,
      bytes: Number(bytes),
      rows: Number(n),
    })),
  };
}

export async function readReads(dataSource: DataSource): Promise<TableReads> {
  const rows = await dataSource.query<{ name: string; walked: string; n: string }[]>(
    `SELECT s.relname AS name, s.seq_tup_read AS walked, c.reltuples::bigint AS n
     FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid`,
  );
  return new Map(
    rows.map(({ name, walked, n }) => [name, { walked: Number(walked), rows: Number(n) }]),
  );
}

/** Large tables that were walked at least once in between, with how often. */
export function readsBetween(before: TableReads, after: TableReads): string[] {
  return [...after].flatMap(([table, { walked, rows }]) => {
    const times = (walked - (before.get(table)?.walked ?? 0)) / rows;
    return rows >= LARGE && times >= 1 ? [`${table} ${times.toFixed(0)} times`] : [];
  });
}
