import type { DisputeId } from '#domain/ids';
import { RefundCalls } from '#payments';
import { CLOCK, type Clock } from '#platform/clock';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DisputeDesk } from './dispute-desk.js';
import { DisputeMessages } from './dispute-messages.js';
import { DisputeRepository } from './dispute-repository.js';

const AT_ONCE = 32;
/** Longer than a call to a partner, so that a message is not sent twice while it is on its way. */
const LEASE_MS = 15_000;

/**
 * Lets the clocks of disputes act and sends what is owed about them. Any number of processes may:
 * a step locks what it moves and looks again, and each message is taken by one.
 */
@Injectable()
export class DisputeRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly disputes: DisputeRepository,
    private readonly desk: DisputeDesk,
    private readonly messages: DisputeMessages,
    private readonly refundCalls: RefundCalls,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Does what is due now; returns how much that was. */
  async runDue(): Promise<number> {
    const { manager } = this.dataSource;
    const due = await this.disputes.listClockDue(manager, AT_ONCE, this.clock.nowMs());
    let done = 0;
    for (const id of due) if (await this.act(id)) done += 1;
    const owed = await this.disputes.claimMessages(manager, AT_ONCE, this.clock.nowMs(), LEASE_MS);
    for (const dispute of owed) {
      await this.messages.send(dispute).catch((fault: unknown) => {
        this.logger.error({ err: fault, disputeId: dispute.id }, 'a message of a dispute faulted');
      });
    }
    return done + owed.length;
  }

  /** One dispute that faults must not hold up the others. */
  private async act(id: DisputeId): Promise<boolean> {
    try {
      const step = await this.desk.tick(id);
      if (step === undefined) return false;
      // Whoever dies before this leaves the refund's own duty behind.
      if (step.refund?.refund.state === 'processing')
        await this.refundCalls.perform(step.refund, 0);
      return true;
    } catch (fault) {
      this.logger.error({ err: fault, disputeId: id }, 'the clock of a dispute faulted');
      return false;
    }
  }
}
