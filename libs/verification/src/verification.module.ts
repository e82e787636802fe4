import { Module } from '@nestjs/common';
import { InvariantWatchModule } from './invariant-watch.module.js';
import { InvariantsController } from './invariants.controller.js';

/** Proves the books of a running hub; needs a `DataSource` and the operator key. */
@Module({ imports: [InvariantWatchModule], controllers: [InvariantsController] })
export class VerificationModule {}
