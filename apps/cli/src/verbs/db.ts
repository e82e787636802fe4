import type { Command } from 'commander';

/**
 * `wayfare db`: for those who look into the database with their own tools, and for the one job
 * that migrates before many processes start.
 */
export function registerDb(program: Command): void {
  const db = program.command('db').description('The database: its address and its schema');

  db.command('migrate')
    .description('Bring the schema up to date and end')
    .action(async () => {
      const applied = await onDatabase(async ({ url, migrate }) => migrate(url));
      const names = applied.map((name) => `  ${name}\n`).join('');
      process.stdout.write(`${String(applied.length)} migrations applied\n${names}`);
    });

  db.command('url')
    .description('Print the address of the running database, with its password')
    .action(async () => {
      await onDatabase(({ url, started }) => {
        process.stdout.write(`${url}\n`);
        if (!started) return;
        process.stderr.write(
          'wayfare: nothing else uses the database, so it stops now; it listens while ' +
            '`wayfare start` or `wayfare db serve` runs\n',
        );
      });
    });

  db.command('serve')
    .description('Keep the database running until Ctrl-C')
    .action(async () => {
      await onDatabase(async ({ url, migrate }) => {
        await migrate(url);
        process.stdout.write(`${url}\n`);
        // Ctrl-C ends it; until then something must keep the process from ending by itself.
        await new Promise(() => setInterval(() => undefined, 60_000));
      });
    });
}

interface OpenDatabase {
  readonly url: string;
  readonly started: boolean;
  readonly migrate: (url: string) => Promise<string[]>;
}

async function onDatabase<T>(work: (database: OpenDatabase) => T | Promise<T>): Promise<T> {
  const [{ loadConfig }, { ensureDatabase }, { migrate }, { interruptible }] = await Promise.all([
    import('#platform/config'),
    import('#platform/postgres/index'),
    import('#platform/migrations'),
    import('#platform/processes/shutdown'),
  ]);
  const { dataDir, databaseUrl } = loadConfig();
  const database = await ensureDatabase({ dataDir, databaseUrl });
  return interruptible(
    async () => work({ url: database.url, started: database.started, migrate }),
    () => database.stop(),
  );
}
