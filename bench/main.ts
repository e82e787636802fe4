import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { discardDatabase, ensureDatabase } from '#platform/postgres/index';
import { findRedisServer, openTestRedis } from '#testkit/redis';
import { benchClearing, type ClearingBenchOptions } from './clearing.js';
import { benchCycleClose, type CycleCloseOptions } from './cycle-close.js';
import { describeMachine } from './machine.js';
import { benchGrowth, type GrowthBenchOptions } from './growth.js';
import { benchNetting, type NettingBenchOptions } from './netting.js';
import { benchPayments, type PaymentBenchOptions } from './payments/payments.js';
import { runPgbench } from './pgbench.js';
import { onServer } from './scratch-database.js';
import { publish, publishSection } from './publish.js';
import { benchQr } from './qr.js';
import { sectionsOf, textOf, type Report } from './report.js';
import { benchSimulation, type SimulationBenchOptions } from './simulation/simulation.js';
import { benchStart } from './start.js';

const USUAL = ['start', 'payments', 'clearing', 'cycles', 'netting', 'qr', 'simulation'] as const;
const PARTS = [...USUAL, 'growth'] as const;
type Part = (typeof PARTS)[number];

const USAGE = `npm run bench [-- <part> …] [--json] [--publish] [--quick] [--payments <count>]

  parts      ${USUAL.join(', ')}, or all of these (the default);
             growth, which takes an hour or more and 7 GB of disk a million payments
  --payments how many growth puts into the database, 10000000 if not said
  --json     the figures as one JSON document
  --publish  writes the figures into docs/performance.md
  --quick    tiny counts: proves that it runs, measures nothing
`;

const QUICK = {
  payments: {
    callers: [8],
    warmUpSeconds: 1,
    sweepSeconds: 1,
    steadySeconds: 1,
    mostPerSecond: 300,
  },
  clearing: { entries: 500, batchSize: 100 },
  cycles: {
    callers: 8,
    warmUpSeconds: 1,
    steadySeconds: 4,
    closeEveryMs: 1_500,
    mostPerSecond: 300,
  },
  netting: { payments: 3_000 },
  growth: {
    payments: 2_000,
    callers: [8],
    rounds: 1,
    warmUpSeconds: 1,
    fewestTemplates: 1,
    seconds: 1,
    mostPerSecond: 300,
    verify: true,
  },
  simulation: { rounds: 3, days: 1, corridorDays: 10, wholeRuns: false },
  pgbenchSeconds: 1,
  startRounds: 1,
} as const;
const FULL = {
  payments: {},
  clearing: {},
  cycles: {},
  netting: {},
  growth: {},
  simulation: {},
  pgbenchSeconds: 30,
  startRounds: 3,
} satisfies {
  payments: Omit<PaymentBenchOptions, 'serverUrl'>;
  clearing: Omit<ClearingBenchOptions, 'serverUrl'>;
  cycles: Omit<CycleCloseOptions, 'serverUrl'>;
  netting: Omit<NettingBenchOptions, 'serverUrl'>;
  growth: Omit<GrowthBenchOptions, 'serverUrl'>;
  simulation: SimulationBenchOptions;
  pgbenchSeconds: number;
  startRounds: number;
};

/** The share of pgbench's transactions at 70 % of which latency has to be short. */
const REQUIRED_SHARE = 0.12;

/** Tells what is under way on standard error; standard output is the report's. */
function tell(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** What one part left to be written must not be charged to the next. */
const writeWhatIsLeft = (serverUrl: string): Promise<void> => onServer(serverUrl, 'CHECKPOINT');

async function measure(
  parts: ReadonlySet<Part>,
  quick: boolean,
  grownTo: number | undefined,
): Promise<Report> {
  const terms = quick ? QUICK : FULL;
  const loadBefore = (loadavg()[0] ?? 0) / cpus().length;
  const dataDir = await mkdtemp(join(tmpdir(), 'wayfare-bench-server-'));
  const { url: serverUrl, stop } = await ensureDatabase({ dataDir });
  try {
    const machine = await describeMachine(serverUrl);
    let report: Report = { at: new Date().toISOString().slice(0, 16), loadBefore, machine };
    if (parts.has('start')) {
      tell('start');
      report = { ...report, startSeconds: await benchStart(terms.startRounds) };
    }
    if (parts.has('payments') || parts.has('clearing')) {
      tell('pgbench');
      const pgbench = await runPgbench(serverUrl, terms.pgbenchSeconds);
      await writeWhatIsLeft(serverUrl);
      report = { ...report, pgbench };
    }
    if (parts.has('payments')) {
      tell('payments');
      const tps = report.pgbench?.transactionsPerSecond;
      const required = tps === undefined ? {} : { requiredPerSecond: tps * REQUIRED_SHARE };
      const payments = await benchPayments({ serverUrl, tell, ...required, ...terms.payments });
      report = { ...report, payments };
    }
    if (parts.has('clearing')) {
      tell('clearing');
      await writeWhatIsLeft(serverUrl);
      report = { ...report, clearing: await clearing(serverUrl, terms.clearing) };
    }
    if (parts.has('cycles')) {
      tell('cycles');
      await writeWhatIsLeft(serverUrl);
      const cycles = await benchCycleClose({ serverUrl, tell, ...terms.cycles });
      report = { ...report, cycles };
    }
    if (parts.has('netting')) {
      tell('netting');
      report = { ...report, netting: await benchNetting({ serverUrl, ...terms.netting }) };
    }
    if (parts.has('growth')) {
      tell('growth');
      const size = grownTo === undefined ? {} : { payments: grownTo };
      const growth = await benchGrowth({ serverUrl, tell, ...terms.growth, ...size });
      report = { ...report, growth };
    }
    if (parts.has('qr')) {
      tell('qr');
      report = { ...report, qr: await benchQr() };
    }
    if (parts.has('simulation')) {
      tell('simulation');
      report = { ...report, simulation: await benchSimulation({ tell, ...terms.simulation }) };
    }
    return report;
  } finally {
    await stop();
    await discardDatabase(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function clearing(serverUrl: string, terms: Omit<ClearingBenchOptions, 'serverUrl'>) {
  const binary = findRedisServer();
  if (binary === undefined) return benchClearing({ serverUrl, ...terms });
  const redis = await openTestRedis(binary);
  try {
    return await benchClearing({ serverUrl, redisUrl: redis.url, ...terms });
  } finally {
    await redis.close();
  }
}

function partsOf(words: readonly string[]): ReadonlySet<Part> | undefined {
  if (words.length === 0 || words.includes('all')) return new Set(USUAL);
  const parts = words.flatMap((word) => PARTS.find((part) => part === word) ?? []);
  return parts.length === words.length ? new Set(parts) : undefined;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      payments: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const parts = partsOf(positionals);
  const grownTo = values.payments === undefined ? undefined : Number(values.payments);
  const sizeIsSound = grownTo === undefined || (Number.isSafeInteger(grownTo) && grownTo > 0);
  if (values.help || parts === undefined || !sizeIsSound) {
    (values.help ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const whole = USUAL.every((part) => parts.has(part));
  const growthAlone = parts.size === 1 && parts.has('growth');
  if (values.publish && (values.quick || !(whole || growthAlone))) {
    throw new Error('only a full run of all parts is published, or growth by itself');
  }
  const report = await measure(parts, values.quick, grownTo);
  process.stdout.write(values.json ? jsonOf(report) : textOf(report));
  if (values.publish) {
    const page = growthAlone
      ? await publishSection(sectionsOf(report).join('\n\n'))
      : await publish(textOf(report));
    tell(`published in ${page}`);
  }
}

/** Money is text in JSON, as everywhere else. */
function jsonOf(report: Report): string {
  const text = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? value.toString() : value;
  return `${JSON.stringify(report, text, 2)}\n`;
}

await main();
