import { Module } from '@nestjs/common';
import { InvariantsController } from './invariants.controller.js';

/** Proves the books of a running hub; needs a `DataSource` and the operator key. */
@Module({ controllers: [InvariantsController] })
export class VerificationModule {}
