import { CONFIG, type Config } from '#platform/config';
import { PeriodicLook } from '#platform/periodic-look';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { METRICS } from '#platform/telemetry/metrics';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CHECKS } from './checks.js';
import { InvariantWatch, measureInvariants } from './invariant-watch.js';
import { measureObligations } from './obligation-metrics.js';

/** Several processes share the looks, so each asks more often than it looks. */
const MOST_BETWEEN_ASKING_MS = 30_000;

/** Watches the invariants; for hubs and worker processes alike. */
@Module({})
export class InvariantWatchModule implements OnApplicationBootstrap, OnModuleDestroy {
  private looks: PeriodicLook | undefined;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) private readonly metrics: Registry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    measureInvariants(this.metrics, this.dataSource);
    measureObligations(this.metrics, this.dataSource);
    const everyMs = this.config.invariantsEverySeconds * 1_000;
    if (everyMs === 0) return;
    const watch = new InvariantWatch(this.dataSource, this.log, { everyMs, checks: CHECKS });
    this.looks = new PeriodicLook({
      what: 'the invariants',
      everyMs: Math.min(everyMs, MOST_BETWEEN_ASKING_MS),
      look: () => watch.look(),
    });
    this.looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.looks?.stop();
  }
}
