import { Module } from '@nestjs/common';
import { AcquirerController } from './acquirer.controller.js';
import { AcquirerRepository } from './acquirer-repository.js';

/** The acquiring side of the network. Needs the process's `DataSource`. */
@Module({
  controllers: [AcquirerController],
  providers: [AcquirerRepository],
  exports: [AcquirerRepository],
})
export class AcquirersModule {}
