import { CorridorsModule } from '#corridors';
import { LedgerModule } from '#ledger';
import {
  Inject,
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AcquirerOperations } from './acquirer-operations.js';
import { AdvancePayments } from './advance-payments.js';
import { ChangeCaps } from './change-caps.js';
import { DutyRunner } from './duty-runner.js';
import { ExplainPayment } from './explain-payment.js';
import { InitiatePayments } from './initiate-payments.js';
import { OpenPayments } from './open-payments.js';
import { ParticipantController } from './participant.controller.js';
import { PartnerCalls } from './partner-calls.js';
import { KnownPayerTraces } from './payer-traces.js';
import { PaymentController } from './payment.controller.js';
import { PaymentRepository } from './payment-repository.js';
import { PrivacyController } from './privacy.controller.js';
import { QuoteDesk } from './quote-desk.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import { RefundCalls } from './refund-calls.js';
import { RefundController } from './refund.controller.js';
import { RefundOperations } from './refund-operations.js';
import { RefundPayments } from './refund-payments.js';
import { RefundRepository } from './refund-repository.js';
import { TakeCancelAsDone } from './take-cancel-as-done.js';
import { WalletOperations } from './wallet-operations.js';

const SERVICES = [
  PaymentRepository,
  QuoteDesk,
  OpenPayments,
  AdvancePayments,
  PartnerCalls,
  InitiatePayments,
  AcquirerOperations,
  WalletOperations,
  DutyRunner,
  RefundRepository,
  RefundPayments,
  RefundCalls,
  RefundOperations,
  ExplainPayment,
  KnownPayerTraces,
];

export interface PaymentsModuleOptions {
  readonly settings: PaymentSettings;
  /** The module that exports `RateDesk`, as the app configured it. */
  readonly fx: NonNullable<ModuleMetadata['imports']>[number];
  /** Whether this process does what is owed to partners; any number of processes may. */
  readonly runDuties: boolean;
}

const RUN_DUTIES = Symbol('RunDuties');

/**
 * Payments from the first request to the staged entry. Expects the process's parts, `DataSource`,
 * `Connections` and `PartnerHttp` globally.
 */
@Module({})
export class PaymentsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly duties: DutyRunner,
    private readonly calls: PartnerCalls,
    private readonly refundCalls: RefundCalls,
    @Inject(RUN_DUTIES) private readonly runDuties: boolean,
  ) {}

  static forRoot({ settings, fx, runDuties }: PaymentsModuleOptions): DynamicModule {
    return {
      module: PaymentsModule,
      imports: [CorridorsModule, LedgerModule, fx],
      controllers: [PaymentController, RefundController, ParticipantController, PrivacyController],
      providers: [
        { provide: PAYMENT_SETTINGS, useValue: settings },
        { provide: RUN_DUTIES, useValue: runDuties },
        ...SERVICES,
        ChangeCaps,
        TakeCancelAsDone,
      ],
      exports: SERVICES,
    };
  }

  onApplicationBootstrap(): void {
    if (this.runDuties) this.duties.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.duties.stop();
    await this.calls.idle();
    await this.refundCalls.idle();
  }
}
