import { Loop } from '#clearing';
import { CONFIG, type Config } from '#platform/config';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileSets } from './file-sets.js';
import { FilesController } from './files.controller.js';
import { filesRootOf } from './files-root.js';

const LOOK_EVERY_MS = 2_000;
const RETRY_MS = 5_000;

/**
 * Writes files wherever clearing runs, as soon as a cycle is netted. It expects `LOGGER`, `CONFIG`
 * and a `DataSource` to be provided globally.
 */
@Module({
  providers: [
    {
      provide: FileSets,
      inject: [DataSource, CONFIG, LOGGER],
      useFactory: (db: DataSource, config: Config, log: Logger) =>
        new FileSets(db, filesRootOf(config.dataDir), log),
    },
  ],
  exports: [FileSets],
})
export class FilesModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: Loop;

  constructor(@Inject(FileSets) sets: FileSets, @Inject(LOGGER) log: Logger) {
    this.loop = new Loop({
      name: 'files',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run: () => sets.writeDue(() => this.loop.stopping),
      log,
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.loop.stop();
  }
}

/** Files over the API. */
@Module({ controllers: [FilesController] })
export class FilesApiModule {}
