import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApprovalsController } from './approvals.controller.js';
import { Approvals } from './approvals.js';
import { AuditLog } from './audit-log.js';
import { loadOrCreateOperatorKey, OPERATOR_KEY } from './bootstrap-key.js';
import { DefaultGuard } from './guards.js';
import { OPEN_READS, OperatorAccess } from './operator-access.js';
import { OperatorKeys } from './operator-keys.js';
import { OperatorsController } from './operators.controller.js';

export interface OperatorsModuleOptions {
  /** Holds the root key. */
  readonly dataDir: string;
  /** Whether callers of this machine may read without a key. */
  readonly openReads: boolean;
}

/**
 * Who may do what: keys, the audit log, four eyes, and a guard before every route. Needs the
 * process's parts and its `DataSource`; exports `OperatorAccess`, `OperatorKeys`, `AuditLog`,
 * `Approvals` and `OPERATOR_KEY` to everybody.
 */
@Module({})
export class OperatorsModule {
  static forRoot({ dataDir, openReads }: OperatorsModuleOptions): DynamicModule {
    const shared = [OperatorAccess, OperatorKeys, AuditLog, Approvals];
    return {
      module: OperatorsModule,
      global: true,
      controllers: [OperatorsController, ApprovalsController],
      providers: [
        ...shared,
        { provide: OPERATOR_KEY, useFactory: () => loadOrCreateOperatorKey(dataDir) },
        { provide: OPEN_READS, useValue: openReads },
        { provide: APP_GUARD, useClass: DefaultGuard },
      ],
      exports: [...shared, OPERATOR_KEY],
    };
  }
}
