import { Module } from '@nestjs/common';
import { DeadLetterController } from './dead-letter.controller.js';
import { ReplayDeadLetters } from './replay-dead-letters.js';

/**
 * What operators see and do of the queues; import it into the front door. It expects the approvals
 * and the audit log of `OperatorsModule` globally. The queues themselves are `ClearingModule`'s.
 */
@Module({ controllers: [DeadLetterController], providers: [ReplayDeadLetters] })
export class QueueOperationsModule {}
