import { PaymentRepository } from './payment-repository.js';
import { CLOCK, type Clock } from '#platform/clock';
import { LOGGER, type Logger } from '#platform/telemetry/logger';
import { Inject, Injectable } from '@nestjs/common';
import type { Payment } from '#domain/payments/payment';
import type { Refund } from '#domain/refunds/refund';
import { DataSource } from 'typeorm';
import { AdvancePayments } from './advance-payments.js';
import { PartnerCalls } from './partner-calls.js';
import { RefundCalls } from './refund-calls.js';
import { RefundRepository } from './refund-repository.js';

/** How many duties one look takes over. */
const CLAIM_LIMIT = 64;
/** Longer than any partner call, so that a duty is not taken twice while it is being done. */
const LEASE_MS = 15_000;
/** Pause between looks when nothing was due. */
const IDLE_MS = 250;

/**
 * Does what the hub still owes: inquiries by the timetable, cancels, pushes, notifications,
 * refunds and expiries. Any number of these may run, in any process; the database hands each duty to one.
 */
@Injectable()
export class DutyRunner {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = true;

  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly advances: AdvancePayments,
    private readonly calls: PartnerCalls,
    private readonly refunds: RefundRepository,
    private readonly refundCalls: RefundCalls,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.stopped = false;
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.calls.idle();
  }

  /** Does what is due now; returns how much that was. */
  async runDue(): Promise<number> {
    const { manager } = this.dataSource;
    const nowMs = this.clock.nowMs();
    const due = await this.payments.claimDuties(manager, CLAIM_LIMIT, nowMs, LEASE_MS);
    const refunds = await this.refunds.claimDue(manager, CLAIM_LIMIT, nowMs, LEASE_MS);
    await Promise.all([
      ...due.map((payment) => this.run(payment)),
      ...refunds.map((refund) => this.askAgain(refund)),
    ]);
    return due.length + refunds.length;
  }

  /** A refund that was accepted is asked of the wallet until it answers finally. */
  private async askAgain(refund: Refund): Promise<void> {
    try {
      const payment = await this.payments.find(this.dataSource.manager, refund.paymentId);
      if (payment === undefined) throw new Error(`payment ${refund.paymentId} is missing`);
      await this.refundCalls.perform({ refund, payment }, refund.duty?.attempt ?? 0);
    } catch (fault) {
      this.logger.error({ err: fault, refundId: refund.id }, 'a refund faulted');
    }
  }

  private async run(payment: Payment): Promise<void> {
    const { duty } = payment;
    if (duty === null) return;
    try {
      if (duty.kind === 'expireOrder') {
        const decision = await this.advances.advance(payment.id, { kind: 'expire' });
        if (decision !== undefined) this.calls.follow(decision);
      } else {
        await this.calls.perform(payment, duty.kind, duty.attempt);
      }
    } catch (fault) {
      // The lease runs out and the duty is taken again; nothing is lost but time.
      this.logger.error({ err: fault, paymentId: payment.id, duty: duty.kind }, 'a duty faulted');
    }
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, delayMs);
  }

  private async look(): Promise<void> {
    let done = 0;
    try {
      done = await this.runDue();
    } catch (fault) {
      this.logger.warn({ err: fault }, 'duties could not be looked up; the database may be away');
    }
    this.schedule(done >= CLAIM_LIMIT ? 0 : IDLE_MS);
  }
}
