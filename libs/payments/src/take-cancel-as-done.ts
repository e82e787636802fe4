import { takeCancelAsDone, type TakeCancelAsDone as Wish } from '#contracts/operator/cancels';
import type { CycleId } from '#domain/ids';
import { walletCancelEndsAtMs } from '#domain/payments/cancel-window';
import type { Payment } from '#domain/payments/payment';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { findCycle, readHubClock } from '#ledger';
import { Approvals, type Actors, type Effect } from '#platform/operators/index';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdvancePayments } from './advance-payments.js';
import { PaymentRepository } from './payment-repository.js';

/** The name under which it is proposed. */
export const TAKE_CANCEL_AS_DONE = 'payments.takeCancelAsDone';

/**
 * A wallet that will not confirm a cancel keeps its payment's cycle from being final, and with it
 * what everybody else in it is owed. Once the wallet's own window is over, two persons may book the
 * cancel without it (docs/decisions/0040-a-cancel-nobody-confirms.md).
 */
@Injectable()
export class TakeCancelAsDone implements OnModuleInit {
  constructor(
    @Inject(Approvals) private readonly approvals: Approvals,
    private readonly payments: PaymentRepository,
    private readonly advances: AdvancePayments,
  ) {}

  onModuleInit(): void {
    this.approvals.register(TAKE_CANCEL_AS_DONE, {
      scope: 'payments:write',
      schema: takeCancelAsDone,
      subject: ({ paymentId }) => paymentId,
      describe: ({ paymentId }) =>
        `Book the cancel of ${paymentId} although its wallet has not confirmed it: nobody pays for ` +
        'the payment, its cycle can become final, and the wallet is asked on.',
      check: (tx, wish) => this.check(tx, wish),
      execute: (tx, wish, actors) => this.execute(tx, wish, actors),
    });
  }

  private async check(tx: EntityManager, { paymentId }: Wish): Promise<Outcome<Payment>> {
    const payment = await this.payments.find(tx, paymentId);
    if (payment === undefined) {
      return rejected('NOT_FOUND', `There is no payment ${paymentId}.`, 'paymentId');
    }
    if (payment.state !== 'cancelling' || payment.cycleId === null) {
      const detail = `Payment ${paymentId} holds up no cycle by a cancel: it is ${payment.state}.`;
      return rejected('PRECONDITION_FAILED', detail);
    }
    const untilMs = await this.walletHasUntilMs(tx, payment.cycleId);
    if ((await readHubClock(tx)) < untilMs) {
      const until = new Date(untilMs).toISOString();
      const detail = `The wallet has until ${until} to confirm the cancel of ${paymentId}; propose it then.`;
      return rejected('PRECONDITION_FAILED', detail);
    }
    return accepted(payment);
  }

  private async execute(
    tx: EntityManager,
    wish: Wish,
    { approvalId, proposer, approver, reason }: Actors,
  ): Promise<Outcome<Effect>> {
    const checked = await this.check(tx, wish);
    if (!checked.ok) return checked;
    const { id, duty } = checked.value;
    const decision = await this.advances.advanceWithin(tx, id, {
      kind: 'cancelTakenAsDone',
      reason: `Taken as done by ${proposer} and ${approver} (${approvalId}): ${reason}`,
    });
    if (decision === undefined) return rejected('NOT_FOUND', `There is no payment ${id}.`);
    if (decision.rejection !== null) return { ok: false, rejection: decision.rejection };
    const { state, cycleId } = decision.payment;
    return accepted({
      before: { state: 'cancelling', attempts: duty?.attempt ?? 0 },
      after: { state, cycle: cycleId },
    });
  }

  /** UTC milliseconds of the clock that cut-offs go by. */
  private async walletHasUntilMs(tx: EntityManager, cycleId: CycleId): Promise<number> {
    const cycle = await findCycle(tx, cycleId);
    if (cycle === undefined || cycle.kind === 'settlement' || cycle.endsAtMs === null) {
      throw new Error(`cycle ${cycleId} is missing`);
    }
    return walletCancelEndsAtMs(cycle.kind, cycle.endsAtMs);
  }
}
