import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionsController, ROLE_OF, type RoleOf } from './connections.controller.js';
import { Connections } from './connections.js';
import { HUB_IDENTITY, loadHubIdentity } from './hub-identity.js';
import { OPERATOR_KEY, OperatorKeyGuard, loadOrCreateOperatorKey } from './operator-key.js';

export interface ConnectionsModuleOptions {
  /** Holds the hub's key and the operator key. */
  readonly dataDir: string;
  /** Which participants may be enrolled; absent: any. */
  readonly roleOf?: RoleOf;
  /** How often enrolments made by other processes are looked for. */
  readonly refreshEveryMs?: number;
}

/** Under this token Nest hands out how often to look again. */
const REFRESH_EVERY_MS = Symbol('RefreshEveryMs');

/** Reads the enrolments before the first call is served, and again from time to time. */
@Injectable()
class ConnectionsWatch implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Connections) private readonly connections: Connections,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(REFRESH_EVERY_MS) private readonly everyMs: number,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connections.refresh(this.dataSource.manager);
    this.timer = setInterval(() => {
      // A database that is away is reported by those who need it; old enrolments stay valid.
      this.connections.refresh(this.dataSource.manager).catch(() => undefined);
    }, this.everyMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}

/**
 * Enrolments, the hub's identity and the operator key. Needs the process's `DataSource`; exports
 * `Connections`, `HUB_IDENTITY`, `OPERATOR_KEY` and `OperatorKeyGuard`.
 */
@Module({})
export class ConnectionsModule {
  static forRoot(options: ConnectionsModuleOptions): DynamicModule {
    return {
      module: ConnectionsModule,
      global: true,
      controllers: [ConnectionsController],
      providers: [
        Connections,
        ConnectionsWatch,
        OperatorKeyGuard,
        { provide: HUB_IDENTITY, useFactory: () => loadHubIdentity(options.dataDir) },
        { provide: OPERATOR_KEY, useFactory: () => loadOrCreateOperatorKey(options.dataDir) },
        { provide: ROLE_OF, useFactory: () => options.roleOf },
        { provide: REFRESH_EVERY_MS, useValue: options.refreshEveryMs ?? 2_000 },
      ],
      exports: [Connections, HUB_IDENTITY, OPERATOR_KEY, OperatorKeyGuard],
    };
  }
}
