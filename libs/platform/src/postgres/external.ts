import pg from 'pg';
import { ExplainedError } from '../explained-error.js';

const OLDEST_VERSION = 150_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Where a URL points, without its password: fit for a message. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, username } = new URL(url);
    return `${username === '' ? '' : `${username}@`}${hostname}:${port || '5432'}${pathname}`;
  } catch {
    return 'an address that is no URL';
  }
}

function explain(error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string };
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is unknown';
    case '28P01':
    case '28000':
      return 'user or password were refused';
    case '3D000':
      return 'that database does not exist on the server';
    case '57P03':
      return 'the server is starting or shutting down';
    case '53300':
      return 'the server has no free connection';
    default:
      return message;
  }
}

/**
 * Checks the server of `DATABASE_URL` before anything depends on it.
 *
 * @throws ExplainedError naming the server (never the password) and what is wrong with it
 */
export async function checkExternal(url: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ExplainedError(
      'DATABASE_URL is no address of the form postgres://user:password@host:5432/name',
    );
  }
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'wayfare check',
  });
  client.on('error', () => undefined);
  let version: number;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    version = Number(rows[0]?.version);
  } catch (error) {
    throw new ExplainedError(
      `DATABASE_URL points at ${describeUrl(url)}, but ${explain(error)}. ` +
        'Mend it, or unset DATABASE_URL to use the PostgreSQL that comes with Wayfare.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  if (version >= OLDEST_VERSION) return;
  throw new ExplainedError(
    `DATABASE_URL points at PostgreSQL ${String(Math.floor(version / 10_000))}; ` +
      '15 or newer is needed.',
  );
}
