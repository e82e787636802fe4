import { Module, type DynamicModule } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { CLOCK, systemClock, type Clock } from './clock.js';
import { CONFIG, type Config } from './config.js';
import { ID_SOURCE, randomIds, type IdSource } from './id-source.js';
import { LOGGER, type Logger } from './telemetry/logger.js';
import { METRICS } from './telemetry/metrics.js';
import { TracingModule } from './telemetry/tracing.module.js';

export interface ProcessParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: unguessable. */
  readonly ids?: IdSource;
  /** What traces call this process; default: `hub`. */
  readonly part?: string;
}

/** Hands every module what a process has one of: settings, log, figures, clock and ids. */
@Module({})
export class ProcessModule {
  static forRoot(parts: ProcessParts): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: parts.config },
      { provide: LOGGER, useValue: parts.logger },
      { provide: METRICS, useValue: parts.metrics },
      { provide: CLOCK, useValue: parts.clock ?? systemClock },
      { provide: ID_SOURCE, useValue: parts.ids ?? randomIds() },
    ];
    const imports = [TracingModule.forRoot(parts.part ?? 'hub', parts.config)];
    return { module: ProcessModule, global: true, imports, providers, exports: providers };
  }
}
