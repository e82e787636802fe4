import type { PaymentId, RefundId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { Payment } from '#domain/payments/payment';
import { decideRefundAnswer, type RefundAnswer } from '#domain/refunds/advance-refund';
import { decideRefund, standing, type RefundCommand } from '#domain/refunds/decide-refund';
import { positionsOf } from '#domain/refunds/price-refund';
import { entryForRefund, type RefundBooking } from '#domain/refunds/refund-entry';
import { stands, type Refund } from '#domain/refunds/refund';
import { REFUND_GAPS_MS } from '#domain/refunds/refund-timetable';
import type { CycleBook } from './cycle-book.js';
import type { ExposureBook } from './exposure-book.js';
import type { BookSink, HubPremises } from './hub-premises.js';

/** The refunds of an exact hub: the live hub's rules over the refunds of each payment. */
export class ExactRefunds {
  /** By payment, oldest first. */
  private readonly byPayment = new Map<PaymentId, Refund[]>();
  private readonly payments = new Map<RefundId, PaymentId>();
  /** What acquirers give back by refunds that are not booked yet, by acquirer and currency. */
  private readonly underWay = new Map<string, bigint>();
  private entries = 0;

  constructor(
    private readonly premises: HubPremises,
    private readonly exposures: ExposureBook,
    private readonly cycles: CycleBook,
    private readonly books: BookSink | undefined,
  ) {}

  paymentOf(id: RefundId): PaymentId {
    const payment = this.payments.get(id);
    invariant(payment !== undefined, `refund ${id} was asked for before it is answered`);
    return payment;
  }

  list(): Refund[] {
    return [...this.byPayment.values()].flat();
  }

  /** @param acquirerOwes what the acquirer owes by what was read; null takes it from the books */
  accept(
    payment: Payment,
    command: RefundCommand,
    nowMs: number,
    acquirerOwes: bigint | null,
  ): { readonly refund: Refund; readonly payment: Payment } {
    const { acquirerId, settlementCurrency } = payment;
    const known = this.byPayment.get(payment.id) ?? [];
    const account = this.exposures.findOrOpen(acquirerId, settlementCurrency);
    const { refund } = decideRefund(
      {
        payment,
        before: known.filter(stands),
        cap: {
          acquirerName: this.premises.nameOf(acquirerId),
          limit: account.cap + account.prefund,
          used: account.reserved + account.outstanding,
          owes:
            acquirerOwes ??
            account.standing + (this.underWay.get(`${acquirerId}/${settlementCurrency}`) ?? 0n),
        },
        takeoverMs: this.premises.policy.takeoverMs,
      },
      command,
      nowMs,
    );
    this.byPayment.set(payment.id, [...known, refund]);
    this.payments.set(refund.id, payment.id);
    account.reserved += refund.heldMinor;
    this.countUnderWay(refund, 1n);
    const counted = stands(refund) ? refund.amount.minor : 0n;
    return { refund, payment: { ...payment, refundedMinor: payment.refundedMinor + counted } };
  }

  /** @returns the payment as it is afterwards */
  answer(
    payment: Payment,
    id: RefundId,
    answer: RefundAnswer,
    nowMs: number,
    clearingMs: number,
  ): Payment {
    const all = this.byPayment.get(payment.id) ?? [];
    const refund = all.find((one) => one.id === id);
    invariant(refund !== undefined && payment.payer !== null, `refund ${id} is of ${payment.id}`);
    const { walletId, clearing, price } = payment.payer;
    const walletCurrency = price.payToAmount.currency;
    const cycle =
      answer.kind === 'walletRefunded' && refund.state === 'processing'
        ? this.cycles.assign(clearing, clearingMs)
        : undefined;
    const decision = decideRefundAnswer(
      {
        refund,
        completion:
          cycle === undefined ? undefined : { cycleId: cycle.id, completedAtMs: clearingMs },
        booking: this.bookingOf(payment, all, nowMs),
        walletOutstanding: this.exposures.find(walletId, walletCurrency)?.outstanding ?? 0n,
        gapsMs: REFUND_GAPS_MS,
      },
      answer,
      nowMs,
    );
    if (decision.record === null) return payment;
    const after = decision.refund;
    if (after.state !== 'processing') this.countUnderWay(refund, -1n);
    this.byPayment.set(
      payment.id,
      all.map((one) => (one.id === id ? after : one)),
    );
    this.exposures.add(walletId, walletCurrency, 0n, decision.walletOutstanding);
    this.exposures.add(
      payment.acquirerId,
      payment.settlementCurrency,
      decision.acquirerReserved,
      decision.acquirerOutstanding,
    );
    if (after.state === 'succeeded') this.book(payment, after);
    if (cycle !== undefined) cycle.members += 1;
    return { ...payment, refundedMinor: payment.refundedMinor + decision.refunded };
  }

  forget(paymentId: PaymentId): void {
    for (const { id } of this.byPayment.get(paymentId) ?? []) this.payments.delete(id);
    this.byPayment.delete(paymentId);
  }

  private book(payment: Payment, refund: Refund): void {
    const { price, booking, cycleId, walletId, acquirerId } = refund;
    invariant(
      price !== null && booking !== null && cycleId !== null && walletId !== null,
      `refund ${refund.id} succeeded with its terms`,
    );
    const { walletCredit, acquirerDebit } = price;
    this.cycles.move({
      cycleId,
      wallet: walletId,
      walletCurrency: walletCredit.currency,
      acquirer: acquirerId,
      acquirerCurrency: acquirerDebit.currency,
      items: 1,
      way: 'back',
      walletMinor: -walletCredit.minor,
      acquirerMinor: acquirerDebit.minor,
      walletHeld: -(refund.releasedMinor ?? 0n),
      acquirerHeld: refund.heldMinor,
    });
    this.exposures.findOrOpen(acquirerId, acquirerDebit.currency).standing += acquirerDebit.minor;
    if (this.books === undefined) return;
    this.entries += 1;
    this.books.post(
      entryForRefund(
        price,
        booking,
        { walletId, acquirerId },
        {
          id: `ent_r${String(this.entries)}`,
          refundId: refund.id,
          paymentId: payment.id,
          cycleId,
        },
      ),
    );
  }

  /** The day's mids; without them the payment's own. */
  private bookingOf(payment: Payment, all: readonly Refund[], nowMs: number): RefundBooking {
    const { payer } = payment;
    invariant(payer !== null, 'only what was paid is refunded');
    const today = this.premises.rates.usdMids(
      {
        payment: payment.paymentAmount.currency,
        payer: payer.price.payToAmount.currency,
        settlement: payer.price.settlementAmount.currency,
      },
      nowMs,
    );
    const mids = today.ok ? today.value : payer.fees.usd;
    const booked = standing(all.filter(({ state }) => state === 'succeeded')).map(positionsOf);
    return {
      usd: { payer: mids.payer, settlement: mids.settlement },
      ofToday: today.ok,
      positionsBefore: {
        payer: booked.reduce((sum, positions) => sum + positions.payer, 0n),
        settlement: booked.reduce((sum, positions) => sum + positions.settlement, 0n),
      },
    };
  }

  private countUnderWay({ state, acquirerId, price }: Refund, sign: 1n | -1n): void {
    if (state !== 'processing' || price === null) return;
    const key = `${acquirerId}/${price.acquirerDebit.currency}`;
    this.underWay.set(key, (this.underWay.get(key) ?? 0n) + sign * price.acquirerDebit.minor);
  }
}
