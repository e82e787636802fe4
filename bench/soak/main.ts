import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { findRedisServer } from '#testkit/redis';
import { reportText } from './report.js';
import { runSoak, type SoakReport } from './soak.js';

const USAGE = `npm run soak -- [--minutes 5] [--seed 1] [--backend postgres|redis|both] [--json]

  --minutes    how long load and faults go on, on each kind of queue
  --seed       draws purchases and faults; the same seed draws the same
  --backend    what carries the queues (default both, or postgres where no Redis is installed)
  --per-second sales begun each second (default 6)
  --every      seconds between two faults (default 4)
  --json       the reports as one JSON document

Exits 0 when all is sound, 1 when it is not, 2 when asked wrongly.
`;

const BACKENDS = ['postgres', 'redis', 'both'] as const;

interface Asked {
  readonly seconds: number;
  readonly seed: number;
  readonly perSecond: number;
  readonly faultEveryMs: number;
  readonly redis: readonly boolean[];
  readonly json: boolean;
}

function asked(): Asked | 'help' | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      backend: { type: 'string', default: 'both' },
      'per-second': { type: 'string', default: '6' },
      every: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const [minutes, seed, perSecond, every] = [
    values.minutes,
    values.seed,
    values['per-second'],
    values.every,
  ].map(Number) as [number, number, number, number];
  const backend = BACKENDS.find((name) => name === values.backend);
  const fits = minutes > 0 && Number.isInteger(seed) && perSecond > 0 && every >= 0;
  if (backend === undefined || !fits) return undefined;
  return {
    ...{ seed, perSecond, json: values.json },
    seconds: minutes * 60,
    faultEveryMs: every * 1_000,
    redis: backend === 'both' ? [false, true] : [backend === 'redis'],
  };
}

/** Tells what is under way on standard error; standard output is the report's. */
function tell(line: string): void {
  process.stderr.write(`soak: ${line}\n`);
}

async function runAll(terms: Asked, signal: AbortSignal): Promise<SoakReport[]> {
  const reports: SoakReport[] = [];
  for (const onRedis of terms.redis) {
    const redisBinary = onRedis ? findRedisServer() : undefined;
    if (onRedis && redisBinary === undefined) {
      tell('no redis-server or valkey-server in PATH: queues on Redis are NOT tried');
      if (terms.redis.length === 1) process.exitCode = 1;
      continue;
    }
    const { seconds, seed, perSecond, faultEveryMs } = terms;
    const run = { seconds, seed, perSecond, faultEveryMs, redisBinary, workers: 2, tell, signal };
    const report = await runSoak(run);
    reports.push(report);
    if (!terms.json) process.stdout.write(`${reportText(report)}\n`);
    if (!report.ok) process.exitCode = 1;
  }
  return reports;
}

async function main(): Promise<void> {
  let terms: Asked | 'help' | undefined;
  try {
    terms = asked();
  } catch (error) {
    tell((error as Error).message);
  }
  if (terms === 'help' || terms === undefined) {
    (terms === 'help' ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = terms === 'help' ? 0 : 2;
    return;
  }
  const stopping = new AbortController();
  // A second Ctrl-C does not wait.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      tell('stopping everything that was started');
      stopping.abort(new Error(signal));
    });
  }
  try {
    const reports = await runAll(terms, stopping.signal);
    if (terms.json) process.stdout.write(`${JSON.stringify(reports, bigintAsText, 2)}\n`);
  } catch (error) {
    if (stopping.signal.aborted) {
      process.exitCode = 130;
      return;
    }
    tell((error as Error).stack ?? String(error));
    process.exitCode = 1;
  }
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

await main();
