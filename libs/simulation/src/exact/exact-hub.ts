import type { CycleId, PaymentId, RefundId, WalletId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import { cancelWindowOpen } from '#domain/payments/cancel-window';
import {
  decideAdvance,
  type AdvanceCommand,
  type AdvanceDecision,
} from '#domain/payments/decide-advance';
import { decideOpen, type OpenCommand, type OpenDecision } from '#domain/payments/decide-open';
import type { Payment } from '#domain/payments/payment';
import type { ReserveContext } from '#domain/payments/reserve-payer';
import { contraEntry, entryForPayment } from '#domain/pricing/payment-entry';
import { isoDate } from '#domain/rates/calendar-day';
import { clearingDayNumber } from '#domain/clearing-day';
import type { HubCommand, RecordedCommand } from '#domain/recorded-command';
import { rejected } from '#domain/rejection';
import type { RouteTarget } from '#domain/routing/place';
import { decideAnswer } from '#domain/settlement/decide-answer';
import type { DecidedObligation } from '#domain/settlement/decide-obligations';
import { CycleBook } from './cycle-book.js';
import { ExactRefunds } from './exact-refunds.js';
import { ExposureBook } from './exposure-book.js';
import type { BookSink, HubPremises } from './hub-premises.js';

const NO_ROUTE = rejected('RATE_MISSING', 'No route, so no price.');

/**
 * A hub without a database: the rules of the live one, decided against maps instead of tables, in
 * the order in which commands are applied. It does nothing by itself; whoever drives it brings the
 * partners' answers and the clock. A recorded day of the live hub ends here in the same minor
 * units, and simulated years are played on it.
 */
export class ExactHub {
  readonly payments = new Map<PaymentId, Payment>();
  readonly exposures = new ExposureBook();
  readonly cycles: CycleBook;
  readonly refunds: ExactRefunds;
  readonly obligations = new Map<CycleId, readonly DecidedObligation[]>();
  private day = Number.NaN;
  private dayText = '';
  private entries = 0;

  /** @param books gets every journal entry; without it none is built */
  constructor(
    private readonly premises: HubPremises,
    private readonly books?: BookSink,
  ) {
    this.cycles = new CycleBook(premises);
    this.refunds = new ExactRefunds(premises, this.exposures, this.cycles, books);
  }

  apply({ command, nowMs, clearingMs }: RecordedCommand): void {
    switch (command.kind) {
      case 'open':
        this.open(command.command, command.target, nowMs);
        return;
      case 'advance':
        this.advance(command.paymentId, command.command, nowMs, clearingMs ?? nowMs);
        return;
      case 'refund': {
        const payment = this.payment(command.paymentId);
        const { acquirerOwes } = command;
        const after = this.refunds.accept(payment, command.command, nowMs, acquirerOwes);
        this.payments.set(payment.id, after.payment);
        return;
      }
      case 'refundAnswer':
        this.answerRefund(command.refundId, command.answer, nowMs, clearingMs ?? nowMs);
        return;
      case 'exposureTerms':
      case 'closeCycle':
      case 'finaliseCycle':
      case 'netCycle':
      case 'release':
        this.applyToBooks(command);
    }
  }

  /** Opens a payment for the payer that the command names. */
  open(command: OpenCommand, target: RouteTarget, nowMs: number): OpenDecision {
    const { payer, refusal } = command;
    const context =
      payer === null || refusal !== null
        ? undefined
        : this.reserveContext(payer.walletId, payer.customerId, target, command, nowMs);
    const decision = decideOpen(context, command, this.premises.policy, nowMs);
    this.exposures.apply(decision.change);
    this.payments.set(decision.payment.id, decision.payment);
    return decision;
  }

  /** @param clearingMs the clock that cut-offs go by */
  advance(
    paymentId: PaymentId,
    command: AdvanceCommand,
    nowMs: number,
    clearingMs: number,
  ): AdvanceDecision {
    const payment = this.payment(paymentId);
    const completes = command.kind === 'walletPaid' || command.kind === 'acquirerAccepted';
    const cycle =
      completes && payment.payer !== null
        ? this.cycles.assign(payment.payer.clearing, clearingMs)
        : undefined;
    const decision = decideAdvance(
      {
        payment,
        reserve:
          command.kind === 'identifyPayer'
            ? this.reserveContext(
                command.walletId,
                command.customerId,
                targetOf(payment),
                payment,
                nowMs,
              )
            : undefined,
        completion:
          cycle === undefined ? undefined : { cycleId: cycle.id, completedAtMs: clearingMs },
        cancelWindowOpen: command.kind !== 'cancel' || this.cancellable(payment, clearingMs),
        policy: this.premises.policy,
      },
      command,
      nowMs,
    );
    this.exposures.apply(decision.change);
    if (decision.record === null) return decision;
    this.payments.set(paymentId, decision.payment);
    if (decision.entry !== null) this.book(decision.payment, decision.entry);
    if (decision.entry === 'cleared' && cycle !== undefined) cycle.members += 1;
    return decision;
  }

  answerRefund(
    refundId: RefundId,
    answer: Parameters<ExactRefunds['answer']>[2],
    nowMs: number,
    clearingMs: number,
  ): void {
    const payment = this.payment(this.refunds.paymentOf(refundId));
    this.payments.set(
      payment.id,
      this.refunds.answer(payment, refundId, answer, nowMs, clearingMs),
    );
  }

  /** Turns a final cycle into what is to be paid, and lets go of what needs no payment. */
  net(cycleId: CycleId): readonly DecidedObligation[] {
    const decided = this.cycles.net(cycleId);
    this.obligations.set(cycleId, decided);
    return decided;
  }

  /** Confirmed in full, or nothing was due: exposure falls, and the books are even. */
  settle(cycleId: CycleId, obligation: DecidedObligation): void {
    const { participantId, currency, minor, exposureMinor } = obligation;
    if (obligation.state === 'settled') {
      this.exposures.release(participantId, currency, exposureMinor);
      return;
    }
    const incoming = minor > 0n;
    const size = incoming ? minor : -minor;
    const decided = decideAnswer(
      {
        id: 'spm_exact',
        obligation: {
          ...obligation,
          id: 'obl_exact',
          cycleId,
          settledMinor: 0n,
          coveredMinor: 0n,
          releasedMinor: 0n,
        },
        direction: incoming ? 'in' : 'out',
        minor: size,
        open: true,
      },
      { kind: 'confirmed', minor: size, bankReference: 'exact' },
      { id: 'ent_exact', cycleId },
    );
    invariant(decided.ok, 'a full confirmation is always taken');
    this.exposures.release(participantId, currency, decided.value.releasedMinor);
    this.exposures.findOrOpen(participantId, currency).standing -= minor;
  }

  /** Lets go of a payment that nothing can happen to any more, so that memory does not grow. */
  forget(paymentId: PaymentId): void {
    this.payments.delete(paymentId);
    this.refunds.forget(paymentId);
  }

  /** Sets terms, turns cycles, lets go of exposure. */
  applyToBooks(command: BookCommand): void {
    switch (command.kind) {
      case 'exposureTerms': {
        const held = this.exposures.findOrOpen(command.participantId, command.currency);
        held.cap = command.cap;
        held.prefund = command.prefund;
        held.reserved = command.reserved ?? held.reserved;
        held.outstanding = command.outstanding ?? held.outstanding;
        return;
      }
      case 'closeCycle':
        this.cycles.close(command.cycleId, command.clearing, command.endsAtMs);
        return;
      case 'finaliseCycle':
        this.cycles.finalise(command.cycleId);
        return;
      case 'netCycle':
        this.net(command.cycleId);
        return;
      case 'release':
        this.exposures.release(command.participantId, command.currency, command.minor);
    }
  }

  private reserveContext(
    walletId: WalletId,
    customerId: string,
    target: RouteTarget,
    payment: Pick<Payment, 'mode' | 'paymentAmount' | 'settlementCurrency'>,
    nowMs: number,
  ): ReserveContext {
    const { currency } = payment.paymentAmount;
    const route = this.premises.routeOf({ walletId, mode: payment.mode, target, currency });
    const usageDay = this.dayOf(nowMs);
    if (!route.ok) {
      return { route, quotes: NO_ROUTE, exposure: undefined, usedToday: 0n, usageDay };
    }
    const { wallet, corridor } = route.value;
    return {
      route,
      quotes: this.premises.rates.quotesFor(
        {
          payment: currency,
          payer: wallet.currency,
          settlement: payment.settlementCurrency,
          tier: corridor.fxTier,
        },
        nowMs,
      ),
      exposure: this.exposures.find(wallet.id, wallet.currency),
      usedToday: this.exposures.usedToday(walletId, customerId, usageDay),
      usageDay,
    };
  }

  private book(payment: Payment, entry: 'cleared' | 'cancelled'): void {
    const { payer, cycleId, acquirerId, id } = payment;
    invariant(payer !== null && cycleId !== null, `${id} is booked with its terms`);
    const { price } = payer;
    const sign = entry === 'cleared' ? 1n : -1n;
    const walletMinor = sign * price.walletOwes.minor;
    const acquirerMinor = -sign * price.acquirerReceives.minor;
    this.cycles.move({
      cycleId,
      wallet: payer.walletId,
      walletCurrency: price.walletOwes.currency,
      acquirer: acquirerId,
      acquirerCurrency: price.acquirerReceives.currency,
      items: entry === 'cleared' ? 1 : -1,
      way: 'there',
      walletMinor,
      acquirerMinor,
      walletHeld: walletMinor,
      acquirerHeld: 0n,
    });
    const account = this.exposures.findOrOpen(acquirerId, price.acquirerReceives.currency);
    account.standing += acquirerMinor;
    if (this.books === undefined) return;
    this.entries += 1;
    const parties = { walletId: payer.walletId, acquirerId };
    const ref = { id: `ent_${String(this.entries)}`, paymentId: id, cycleId } as const;
    const cleared = entryForPayment(price, parties, ref);
    this.books.post(entry === 'cleared' ? cleared : contraEntry(cleared, ref.id));
  }

  private cancellable(payment: Payment, atMs: number): boolean {
    if (payment.cycleId === null) return true;
    const cycle = this.cycles.cycles.get(payment.cycleId);
    return cancelWindowOpen(cycle === undefined ? null : { ...cycle, atMs });
  }

  private payment(id: PaymentId): Payment {
    const payment = this.payments.get(id);
    invariant(payment !== undefined, `payment ${id} was opened before it moves`);
    return payment;
  }

  /** ISO date of the clearing day, which daily limits count by. */
  private dayOf(nowMs: number): string {
    const day = clearingDayNumber(nowMs);
    if (day !== this.day) {
      this.day = day;
      this.dayText = isoDate(day);
    }
    return this.dayText;
  }
}

type BookCommand = Exclude<
  HubCommand,
  { readonly kind: 'open' | 'advance' | 'refund' | 'refundAnswer' }
>;

function targetOf(payment: Payment): RouteTarget {
  return {
    kind: 'acquirer',
    acquirerId: payment.acquirerId,
    ...(payment.merchantId === null ? {} : { merchantId: payment.merchantId }),
    ...(payment.storeId === null ? {} : { storeId: payment.storeId }),
  };
}
