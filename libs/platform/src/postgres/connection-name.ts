/**
 * What `pg_stat_activity` shows for a connection: the part and the process it belongs to. A process
 * that is interrupted in the middle of its work ends its own connections by it, and only those.
 */
export function connectionName(part: string): string {
  return `${part} ${String(process.pid)}`;
}

/** An SQL `like` pattern for all connections of this process. */
export const OWN_CONNECTIONS = `% ${String(process.pid)}`;
