import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { PeriodicLook } from '#platform/periodic-look';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { matchOverdueCycles } from './overdue-cycles.js';
import { ReconDesk } from './recon-desk.js';
import { ReconciliationController } from './reconciliation.controller.js';

const LOOK_EVERY_MS = 60_000;
const RUNS_BY_ITSELF = Symbol('RunsByItself');

/**
 * Reconciliation behind the operator API. Expects the process's parts, a `DataSource`, and the
 * approvals and audit log of `OperatorsModule` globally.
 */
@Module({})
export class ReconciliationModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly look: PeriodicLook;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(CLOCK) clock: Clock,
    @Inject(ID_SOURCE) ids: IdSource,
    @Inject(RUNS_BY_ITSELF) private readonly runsByItself: boolean,
  ) {
    this.look = new PeriodicLook({
      what: 'the list of missing partner files',
      everyMs: LOOK_EVERY_MS,
      look: () => matchOverdueCycles(dataSource, clock.nowMs(), ids),
    });
  }

  /** @param runsByItself whether cycles whose files are overdue are matched without being asked */
  static forRoot({ runsByItself }: { readonly runsByItself: boolean }): DynamicModule {
    return {
      module: ReconciliationModule,
      controllers: [ReconciliationController],
      providers: [ReconDesk, { provide: RUNS_BY_ITSELF, useValue: runsByItself }],
    };
  }

  onApplicationBootstrap(): void {
    if (this.runsByItself) this.look.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.look.stop();
  }
}
