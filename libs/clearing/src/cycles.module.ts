import { Module } from '@nestjs/common';
import { CycleController } from './cycle.controller.js';

/** Shows cycles; import it into the front door. Turning them is `ClearingModule`'s, anywhere. */
@Module({ controllers: [CycleController] })
export class CyclesModule {}
