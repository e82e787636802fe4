import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionsController, ROLE_OF, type RoleOf } from './connections.controller.js';
import { PeriodicLook } from '../periodic-look.js';
import { Connections } from './connections.js';
import { HUB_IDENTITY, loadHubIdentity } from './hub-identity.js';

export interface ConnectionsModuleOptions {
  /** Holds the hub's key. */
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
  private readonly looks: PeriodicLook;

  constructor(
    @Inject(Connections) private readonly connections: Connections,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(REFRESH_EVERY_MS) everyMs: number,
  ) {
    const look = (): Promise<void> => connections.refresh(dataSource.manager);
    this.looks = new PeriodicLook({ what: 'the enrolments', everyMs, look });
  }

  async onModuleInit(): Promise<void> {
    await this.connections.refresh(this.dataSource.manager);
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}

/**
 * Enrolments and the hub's identity. Needs the process's `DataSource` and `OperatorsModule`;
 * exports `Connections` and `HUB_IDENTITY`.
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
        { provide: HUB_IDENTITY, useFactory: () => loadHubIdentity(options.dataDir) },
        { provide: ROLE_OF, useFactory: () => options.roleOf },
        { provide: REFRESH_EVERY_MS, useValue: options.refreshEveryMs ?? 2_000 },
      ],
      exports: [Connections, HUB_IDENTITY],
    };
  }
}
