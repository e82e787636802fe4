// Health of a clearing worker, which answers no requests of its own: it asks the database for its
// work several times a second, so a worker of this address that has not asked lately hangs.
//
//   worker-health.mjs [<seconds of silence allowed>]
//
// Exit 0 healthy, 1 not. Seen from the same container, hence from the same address.
import pg from 'pg';

const silentAfterSeconds = Number(process.argv[2] ?? 30);
const client = new pg.Client({
  connectionString: process.env.DATABASE_URL,
  application_name: 'wayfare-health',
  connectionTimeoutMillis: 3_000,
});

try {
  await client.connect();
  const { rowCount } = await client.query(
    `select from pg_stat_activity
      where application_name like 'wayfare-clearing%' and datname = current_database()
        and client_addr is not distinct from inet_client_addr()
        and greatest(query_start, state_change) > clock_timestamp() - make_interval(secs => $1)
      limit 1`,
    [silentAfterSeconds],
  );
  if (rowCount !== 1) throw new Error(`no worker here spoke for ${silentAfterSeconds} s`);
} catch (error) {
  process.stderr.write(`unhealthy: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await client.end().catch(() => undefined);
}
