import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './database.js';
import type { DataSourceChoices } from './database.js';

/** Gives every module the process's one `DataSource`, and closes it on shutdown. */
@Module({})
export class DatabaseModule {
  static forRoot(url: string, choices: DataSourceChoices = {}): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(url, choices),
          autoLoadEntities: true,
          // The database was checked before Nest was started; what fails now is to be seen.
          retryAttempts: 1,
        }),
      ],
      exports: [TypeOrmModule],
    };
  }
}
