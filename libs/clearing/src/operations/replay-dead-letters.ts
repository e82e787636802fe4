import { deadLetterReplay, type DeadLetterReplay } from '#contracts/operator/dead-letters';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { Approvals, type Effect } from '#platform/operators/index';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  collectDeadLetters,
  findDeadLetter,
  replayDeadLetter,
  type DeadLetter,
} from './dead-letters.js';

/** The name under which a replay is proposed. */
export const DEAD_LETTER_REPLAY = 'deadLetters.replay';

/**
 * Trying again what failed moves money or tells a partner something, and its cause may not be gone,
 * so one person proposes it and another looks first.
 */
@Injectable()
export class ReplayDeadLetters implements OnModuleInit {
  constructor(@Inject(Approvals) private readonly approvals: Approvals) {}

  onModuleInit(): void {
    this.approvals.register(DEAD_LETTER_REPLAY, {
      scope: 'queues:write',
      schema: deadLetterReplay,
      subject: ({ id }) => id,
      describe: ({ id, firstFailedAt }) => `Try ${id} again, which fails since ${firstFailedAt}.`,
      check: (tx, replay) => this.check(tx, replay),
      execute: (tx, replay) => this.execute(tx, replay),
    });
  }

  private async check(tx: EntityManager, replay: DeadLetterReplay): Promise<Outcome<DeadLetter>> {
    const letter = await findDeadLetter(tx, replay.id);
    if (letter === undefined) return rejected('NOT_FOUND', `Nothing has failed as ${replay.id}.`);
    if (letter.endedAt !== null) {
      return rejected('PRECONDITION_FAILED', `${letter.id} is done since ${letter.endedAt}.`);
    }
    if (letter.firstFailedAt !== replay.firstFailedAt) {
      const detail = `${letter.id} was done and has failed again since; propose it anew.`;
      return rejected('PRECONDITION_FAILED', detail);
    }
    return accepted(letter);
  }

  private async execute(tx: EntityManager, replay: DeadLetterReplay): Promise<Outcome<Effect>> {
    await collectDeadLetters(tx);
    const checked = await this.check(tx, replay);
    if (!checked.ok) return checked;
    const { id, reason, attempts } = checked.value;
    if (!(await replayDeadLetter(tx, checked.value))) {
      return rejected('PRECONDITION_FAILED', `${id} has nothing left to be done.`);
    }
    return accepted({ before: { reason, attempts }, after: { due: 'now' } });
  }
}
