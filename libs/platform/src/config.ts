import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ExplainedError } from './explained-error.js';
import { projectRoot } from './project-root.js';

/**
 * The Alipay+ inquiry timetable for push payments: how long after the last unknown answer each
 * next inquiry follows (reference: public Alipay+ integration guide, inquiry schedule).
 */
const PUSH_INQUIRIES_MS = '4000,4000,30000,60000,60000,60000,300000,300000';

function wholeNumber(
  least: number,
  most: number,
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    context.addIssue(`give a whole number from ${String(least)} to ${String(most)}`);
    return z.NEVER;
  });
}

function address(schemes: readonly string[], example: string): z.ZodString {
  return z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
      error: `give an address like ${example}`,
    });
}

const delays = z.string().transform((text, context) => {
  const values = text.split(',').map((part) => part.trim());
  if (values.every((part) => /^[1-9]\d{0,8}$/.test(part))) return values.map(Number);
  context.addIssue('give milliseconds separated by commas, e.g. 4000,30000,60000');
  return z.NEVER;
});

interface Setting {
  readonly schema: z.ZodType;
  /** As it would be written in the environment; absent means that the setting is optional. */
  readonly standard?: string;
  /** One sentence for `.env.example` and the documentation. */
  readonly about: string;
}

/** Every setting there is: the schema, `.env.example` and the documentation come from this table. */
export const SETTINGS = {
  PORT: {
    schema: wholeNumber(0, 65_535),
    standard: '4070',
    about: 'Port of the hub; 0 takes any free one.',
  },
  HOST: {
    schema: z.string().regex(/^\S+$/, 'give an address or a host name of this machine'),
    standard: '127.0.0.1',
    about: "Address the hub listens on; on any but this machine's own, reading needs a key too.",
  },
  PUBLIC_URL: {
    schema: address(['http:', 'https:'], 'https://hub.example.com').transform((url) =>
      url.replace(/\/+$/, ''),
    ),
    about: 'Where partners reach the hub, if not at HOST and PORT; named in messages to them.',
  },
  OPERATOR_READS: {
    schema: z.enum(['open-on-loopback', 'key'], { error: 'give open-on-loopback or key' }),
    standard: 'open-on-loopback',
    about: 'Who may read the operator API without a key: callers of this machine, or nobody.',
  },
  WAYFARE_DATA_DIR: {
    schema: z.string().transform((path) => (isAbsolute(path) ? path : resolve(projectRoot, path))),
    standard: '.wayfare',
    about: 'Folder for the database and other state; relative to the project.',
  },
  DATABASE_URL: {
    schema: address(
      ['postgres:', 'postgresql:'],
      'postgres://user:password@localhost:5432/wayfare',
    ),
    about: 'PostgreSQL 15 or newer to use instead of the one that comes along.',
  },
  REDIS_URL: {
    schema: address(['redis:', 'rediss:'], 'redis://localhost:6379'),
    about: 'Redis or Valkey to carry the queues instead of PostgreSQL.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: address(['http:', 'https:'], 'http://localhost:4318'),
    about:
      'OpenTelemetry collector (OTLP over HTTP) that gets the traces; without it there are none.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'give one of fatal, error, warn, info, debug, trace, silent',
    }),
    standard: 'info',
    about: 'Least level of the log: fatal, error, warn, info, debug, trace or silent.',
  },
  RATES_MAX_AGE_DAYS: {
    schema: wholeNumber(1, 3_650),
    standard: '7',
    about: 'Imported exchange rates older than this refuse to quote.',
  },
  REQUEST_TIME_SKEW_SECONDS: {
    schema: wholeNumber(1, 86_400),
    standard: '300',
    about: "How far a partner's request time may lie from this machine's clock.",
  },
  QUOTE_TTL_SECONDS: {
    schema: wholeNumber(5, 86_400),
    standard: '600',
    about: 'How long a quoted exchange rate stays locked.',
  },
  USER_CODE_TTL_SECONDS: {
    schema: wholeNumber(5, 3_600),
    standard: '60',
    about: 'How long a code shown by a payer can be paid.',
  },
  INQUIRY_DELAYS_MS: {
    schema: delays,
    standard: PUSH_INQUIRIES_MS,
    about: 'Waits before each inquiry about an unknown result; after the last one it is cancelled.',
  },
  PARTNER_TIMEOUT_MS: {
    schema: wholeNumber(100, 60_000),
    standard: '8000',
    about: 'How long the hub waits for a partner to answer.',
  },
  HUB_ANSWER_WITHIN_MS: {
    schema: wholeNumber(50, 60_000),
    standard: '7000',
    about: 'When the hub answers "unknown" at the latest; below the timeout of those who call it.',
  },
  DATABASE_POOL_SIZE: {
    schema: wholeNumber(2, 90),
    standard: '10',
    about: 'Database connections of one process.',
  },
  CLEARING_BATCH_SIZE: {
    schema: wholeNumber(1, 10_000),
    standard: '500',
    about: 'Payments that one clearing job posts at most.',
  },
  SIMULATION_PARTS: {
    schema: wholeNumber(0, 256),
    standard: '1',
    about:
      'Replications of queued simulations that a process plays at once; 0 leaves them to others.',
  },
  ISO20022_XSD_DIR: {
    schema: z.string().transform((path) => (isAbsolute(path) ? path : resolve(projectRoot, path))),
    about: 'Folder of ISO 20022 schemas (pacs.008.001.08.xsd, ...) for `wayfare iso validate`.',
  },
  INVARIANTS_EVERY_SECONDS: {
    schema: wholeNumber(0, 86_400),
    standard: '300',
    about: 'How often every invariant is checked for the alarms; 0 never.',
  },
  SETTLEMENT_BANK: {
    schema: z.enum(['simulated', 'none'], { error: 'give simulated or none' }),
    standard: 'simulated',
    about: 'Who answers settlement payments: a simulated bank, or operators alone (none).',
  },
  DECISION_LOG: {
    schema: z.enum(['on', 'off'], { error: 'give on or off' }).transform((word) => word === 'on'),
    standard: 'off',
    about: 'Whether every decided command is recorded, so that the simulator can apply it again.',
  },
  WORKERS_INLINE: {
    schema: z.enum(['yes', 'no'], { error: 'give yes or no' }).transform((word) => word === 'yes'),
    standard: 'yes',
    about: 'Whether the hub also clears (yes) or leaves that to worker processes (no).',
  },
  WORKER_METRICS_PORT: {
    schema: wholeNumber(0, 65_535),
    about: 'Where a worker process serves /metrics, on HOST; 0 takes any free port.',
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;
type Raw = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends { readonly standard: string }
    ? z.output<(typeof SETTINGS)[Name]['schema']>
    : z.output<(typeof SETTINGS)[Name]['schema']> | undefined;
};

/** The settings of one process, parsed once at its start. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Without a trailing slash. */
  readonly publicUrl: string | undefined;
  readonly operatorReads: Raw['OPERATOR_READS'];
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly otlpEndpoint: string | undefined;
  readonly logLevel: Raw['LOG_LEVEL'];
  readonly ratesMaxAgeDays: number;
  readonly requestTimeSkewSeconds: number;
  readonly quoteTtlSeconds: number;
  readonly userCodeTtlSeconds: number;
  readonly inquiryDelaysMs: readonly number[];
  readonly partnerTimeoutMs: number;
  readonly hubAnswerWithinMs: number;
  readonly databasePoolSize: number;
  readonly clearingBatchSize: number;
  readonly simulationParts: number;
  /** Absolute. */
  readonly isoSchemasDir: string | undefined;
  readonly invariantsEverySeconds: number;
  readonly settlementBank: Raw['SETTLEMENT_BANK'];
  readonly decisionLog: boolean;
  readonly workersInline: boolean;
  readonly workerMetricsPort: number | undefined;
}

/** Under this token Nest hands out the process's settings. */
export const CONFIG = Symbol('Config');

/** The variables of this process, and beneath them those of the project's own `.env`, if any. */
function ownEnvironment(): NodeJS.ProcessEnv {
  let file: string;
  try {
    file = readFileSync(join(projectRoot, '.env'), 'utf8');
  } catch {
    return process.env;
  }
  return { ...parseEnv(file), ...process.env };
}

/**
 * Reads the settings from an environment. An empty variable counts as unset, as in the files of
 * Compose and of most shells.
 *
 * @throws ExplainedError that lists every fault at once, each with its name and what to do
 */
export function loadConfig(environment: NodeJS.ProcessEnv = ownEnvironment()): Config {
  const faults: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const given = environment[name]?.trim();
    const text = given === undefined || given === '' ? setting.standard : given;
    if (text === undefined) continue;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`  ${name}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
  }
  if (faults.length > 0) {
    throw new ExplainedError(`the settings cannot be used:\n${faults.join('\n')}`);
  }
  return toConfig(values as Raw);
}

function toConfig(raw: Raw): Config {
  if (raw.HUB_ANSWER_WITHIN_MS >= raw.PARTNER_TIMEOUT_MS) {
    throw new ExplainedError(
      'the settings cannot be used:\n' +
        '  HUB_ANSWER_WITHIN_MS: give less than PARTNER_TIMEOUT_MS, ' +
        'or callers give up before the hub answers',
    );
  }
  return {
    port: raw.PORT,
    host: raw.HOST,
    publicUrl: raw.PUBLIC_URL,
    operatorReads: raw.OPERATOR_READS,
    dataDir: raw.WAYFARE_DATA_DIR,
    databaseUrl: raw.DATABASE_URL,
    redisUrl: raw.REDIS_URL,
    otlpEndpoint: raw.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: raw.LOG_LEVEL,
    ratesMaxAgeDays: raw.RATES_MAX_AGE_DAYS,
    requestTimeSkewSeconds: raw.REQUEST_TIME_SKEW_SECONDS,
    quoteTtlSeconds: raw.QUOTE_TTL_SECONDS,
    userCodeTtlSeconds: raw.USER_CODE_TTL_SECONDS,
    inquiryDelaysMs: raw.INQUIRY_DELAYS_MS,
    partnerTimeoutMs: raw.PARTNER_TIMEOUT_MS,
    hubAnswerWithinMs: raw.HUB_ANSWER_WITHIN_MS,
    databasePoolSize: raw.DATABASE_POOL_SIZE,
    clearingBatchSize: raw.CLEARING_BATCH_SIZE,
    simulationParts: raw.SIMULATION_PARTS,
    isoSchemasDir: raw.ISO20022_XSD_DIR,
    invariantsEverySeconds: raw.INVARIANTS_EVERY_SECONDS,
    settlementBank: raw.SETTLEMENT_BANK,
    decisionLog: raw.DECISION_LOG,
    workersInline: raw.WORKERS_INLINE,
    workerMetricsPort: raw.WORKER_METRICS_PORT,
  };
}

const ENV_EXAMPLE_HEAD = `# Settings of Wayfare, all optional: copy this file to .env and take the # away, or set them in the
# environment, which wins. Written by "npm run generate" from libs/platform/src/config.ts.
`;

/** The text of `.env.example`: every setting with its meaning and standard value, commented out. */
export function envExample(): string {
  const blocks = (Object.entries(SETTINGS) as [SettingName, Setting][]).map(
    ([name, { about, standard }]) => `# ${about}\n# ${name}=${standard ?? ''}\n`,
  );
  return `${ENV_EXAMPLE_HEAD}\n${blocks.join('\n')}`;
}
