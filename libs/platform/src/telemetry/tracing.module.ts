import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { startTracing, type RunningTracing } from './tracing.js';

const TRACING = Symbol('Tracing');

/** Traces this process where a collector is named; it is part of `ProcessModule`. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(TRACING) private readonly tracing: RunningTracing) {}

  /** @param part e.g. `hub` */
  static forRoot(part: string, config: Pick<Config, 'otlpEndpoint'>) {
    return {
      module: TracingModule,
      providers: [
        {
          provide: TRACING,
          useFactory: () => startTracing({ part, endpoint: config.otlpEndpoint }),
        },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracing.close();
  }
}
