import { KnownPayerTraces } from '#payments';
import { PeriodicLook } from '#platform/periodic-look';
import {
  Inject,
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DisputeController } from './dispute.controller.js';
import { DisputeDesk } from './dispute-desk.js';
import { DisputeMessages } from './dispute-messages.js';
import { DisputeOperations } from './dispute-operations.js';
import { DisputeRepository } from './dispute-repository.js';
import { DisputeRunner } from './dispute-runner.js';
import { DisputeTraces } from './dispute-traces.js';

/** Clocks of days need no faster look; fresh messages are sent without waiting for it. */
const LOOK_EVERY_MS = 1_000;
const RUNS_BY_ITSELF = Symbol('RunsByItself');
const SERVICES = [
  DisputeRepository,
  DisputeDesk,
  DisputeMessages,
  DisputeOperations,
  DisputeRunner,
  DisputeTraces,
];

export interface DisputesModuleOptions {
  /** The module that exports the services of payments, as the app configured it. */
  readonly payments: NonNullable<ModuleMetadata['imports']>[number];
  /** Whether clocks act in this process; any number of processes may. */
  readonly runsByItself: boolean;
}

/** Disputes on the wire, behind the operator API, and on their clocks. */
@Module({})
export class DisputesModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly look: PeriodicLook;

  constructor(
    @Inject(DisputeRunner) runner: DisputeRunner,
    @Inject(DisputeMessages) private readonly messages: DisputeMessages,
    @Inject(DisputeTraces) traces: DisputeTraces,
    @Inject(KnownPayerTraces) payers: KnownPayerTraces,
    @Inject(RUNS_BY_ITSELF) private readonly runsByItself: boolean,
  ) {
    payers.add(traces);
    this.look = new PeriodicLook({
      what: 'the clocks of disputes',
      everyMs: LOOK_EVERY_MS,
      look: () => runner.runDue(),
    });
  }

  static forRoot({ payments, runsByItself }: DisputesModuleOptions): DynamicModule {
    return {
      module: DisputesModule,
      imports: [payments],
      controllers: [DisputeController],
      providers: [...SERVICES, { provide: RUNS_BY_ITSELF, useValue: runsByItself }],
      exports: SERVICES,
    };
  }

  onApplicationBootstrap(): void {
    if (this.runsByItself) this.look.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.look.stop();
    await this.messages.idle();
  }
}
