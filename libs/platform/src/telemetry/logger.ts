import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { currentTrace } from './context.js';
import { formatLine } from './log-line.js';

export type { Logger } from 'pino';

export interface LoggerChoices {
  /** The first word of a line. */
  readonly name: string;
  readonly level: string;
  /** Default: standard error, one readable line each on a terminal, JSON elsewhere. */
  readonly destination?: DestinationStream;
}

/**
 * Field names that hold secrets, at the top or one level down. A payer's code is one: whoever
 * reads it in time can spend by it.
 */
const SECRETS = [
  'password',
  'privateKey',
  'privateKeyPem',
  'authorization',
  'signature',
  'secret',
  'token',
  'cookie',
  'databaseUrl',
  'redisUrl',
  'paymentCode',
];

function standardError(): DestinationStream {
  const { stderr } = process;
  if (!stderr.isTTY) return pino.destination({ dest: 2, sync: true });
  const colour = (process.env['NO_COLOR'] ?? '') === '';
  return { write: (line) => void stderr.write(formatLine(line, colour)) };
}

/** A logger whose every line carries the request it belongs to. Standard output stays the verb's. */
export function createLogger({ name, level, destination }: LoggerChoices): Logger {
  return pino(
    {
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => currentTrace() ?? {},
      serializers: { error: pino.stdSerializers.err },
      redact: {
        paths: SECRETS.flatMap((field) => [field, `*.${field}`]),
        censor: '(redacted)',
      },
    },
    destination ?? standardError(),
  );
}

/** Under this token Nest hands out the process's logger; tests put in one of their own. */
export const LOGGER = Symbol('Logger');

/**
 * The process's log, for composition roots: they set `logger.level` from the settings and hand it
 * on under `LOGGER`.
 */
export const logger: Logger = createLogger({ name: 'wayfare', level: 'info' });

/** Lets Nest's own messages go the same way; its start-up chatter is for debugging only. */
export function nestLogger(log: Logger = logger): LoggerService {
  const context = (rest: unknown[]): { context?: unknown } => {
    const last = rest.at(-1);
    return typeof last === 'string' ? { context: last } : {};
  };
  return {
    log: (message: unknown, ...rest: unknown[]) => {
      log.debug(context(rest), String(message));
    },
    debug: (message: unknown, ...rest: unknown[]) => {
      log.debug(context(rest), String(message));
    },
    verbose: (message: unknown, ...rest: unknown[]) => {
      log.trace(context(rest), String(message));
    },
    warn: (message: unknown, ...rest: unknown[]) => {
      log.warn(context(rest), String(message));
    },
    error: (message: unknown, ...rest: unknown[]) => {
      log.error({ ...context(rest), stack: rest[0] }, String(message));
    },
    fatal: (message: unknown, ...rest: unknown[]) => {
      log.fatal(context(rest), String(message));
    },
  };
}
