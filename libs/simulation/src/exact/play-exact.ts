import type { PaymentId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { AdvanceDecision } from '#domain/payments/decide-advance';
import type { Replication } from '../fast/draw-bin.js';
import { tablesOf, type FastTables } from '../fast/fast-tables.js';
import { OUTCOME, type SimulatedOutcome } from '../outcomes.js';
import { ln } from '../random/exact-math.js';
import { amountAt, quantileTable, type QuantileTable } from '../random/quantile-table.js';
import { unitOf } from '../random/xoshiro128.js';
import type { Totals } from '../totals.js';
import { countWait } from '../waits.js';
import type { World } from '../world.js';
import { Arrivals } from './arrivals.js';
import { CycleTurns, openAccounts } from './cycle-turns.js';
import { NO_TRACE, Till } from './till.js';
import { countOutcome, countPaid, countRefunded, type CountedPurchase } from './count-payment.js';
import { declinedAs, POOR, RISKY } from './declines.js';
import { EventHeap } from './event-heap.js';
import { ExactHub } from './exact-hub.js';
import type { BookSink } from './hub-premises.js';
import { worldPremises, type WorldPremises } from './world-premises.js';

const DAY_MS = 86_400_000;
/** The till's own call carries the result until then; later ones are told by a notification. */
const TILL_WAITS_MS = 7_000;
/** Longest answer of a wallet that is drawn; beyond, it is as good as none. */
const LONGEST_ANSWER_MS = 3_600_000;
/** Purchases between two words to whoever watches: some fifty words a second. */
const TELL_EVERY = 2_048;

/** How a play went, beside its totals. */
export interface ExactReport {
  /** Purchases drawn, and those of them that came to the hub. */
  readonly purchases: number;
  readonly payments: number;
  /** Commands the hub decided. */
  readonly commands: number;
}

export interface ExactOptions {
  /** Gets every journal entry; costs about a third of the speed. */
  readonly books?: BookSink;
  /** Told every few thousand purchases how many ended or were taken up since; says whether to go on. */
  readonly onPurchases?: (count: number) => boolean;
}

const EVENTS = [
  'answer',
  'unknown',
  'inquiry',
  'cancel',
  'refund',
  'refundAnswer',
  'cycle',
] as const;
type EventKind = (typeof EVENTS)[number];
const KINDS = 8;

/** A payment under way, or paid and to be refunded. */
interface Flight {
  readonly id: PaymentId;
  readonly purchase: CountedPurchase;
  readonly day: number;
  readonly luck: number;
  /** When the wallet knows; never, where it times out. */
  readonly answersAtMs: number;
  readonly refundWord: number;
}

/**
 * Plays a world payment by payment through an exact hub: arrivals in order of time, wallets that
 * take their time to answer, inquiries by the timetable, cancels, cycles that close, value dates,
 * confirmed settlement, refunds. Slower than columns, and bound by every rule of the live hub.
 *
 * @returns undefined when `onPurchases` ended it: then the totals are of no use
 */
export function playExact(
  world: World,
  run: Replication,
  totals: Totals,
  options: ExactOptions = {},
): ExactReport | undefined {
  return new ExactPlay(world, run, totals, options).play();
}

class ExactPlay {
  private readonly tables: FastTables;
  private readonly premises: WorldPremises;
  private readonly hub: ExactHub;
  private readonly arrivals: Arrivals;
  private readonly events = new EventHeap();
  private readonly flights: (Flight | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly cycles: CycleTurns;
  private readonly till: Till;
  private readonly answers: QuantileTable;
  private readonly timeoutMs: number;
  private purchases = 0;
  private payments = 0;
  private commands = 0;
  private untold = 0;

  constructor(
    private readonly world: World,
    run: Replication,
    private readonly totals: Totals,
    private readonly options: ExactOptions,
  ) {
    this.tables = tablesOf(world);
    this.premises = worldPremises(world);
    this.hub = new ExactHub(this.premises, options.books);
    this.arrivals = new Arrivals(this.tables, run, totals);
    this.timeoutMs = this.premises.policy.takeoverMs - 1_000;
    this.answers = quantileTable({
      medianMinor: world.conduct.answerMedianMs,
      sigma: world.conduct.answerSigma,
      minMinor: 1,
      maxMinor: LONGEST_ANSWER_MS,
      stepMinor: 1,
    });
    this.till = new Till(world, this.arrivals);
    this.cycles = new CycleTurns(world, this.hub, (atMs, duty) => {
      this.plan(atMs, 'cycle', duty);
    });
    openAccounts(world, this.hub);
  }

  play(): ExactReport | undefined {
    const { days, flows } = this.world;
    for (let day = 0; day < days; day++) {
      const waiting = this.arrivals.count;
      let drawn = 0;
      for (let flow = 0; flow < flows.length; flow++) drawn += this.arrivals.draw(flow, day);
      this.purchases += drawn;
      if (!this.tell(drawn - (this.arrivals.count - waiting))) return undefined;
      const untilMs = day + 1 < days ? this.dayStartMs(day + 1) : Infinity;
      const order = this.arrivals.orderUntil(untilMs);
      for (let at = 0; at < order.length; at++) {
        this.arrive(order[at] ?? 0);
        if (!this.tell(1)) return undefined;
      }
      this.arrivals.drop(untilMs);
    }
    if (this.untold > 0 && this.options.onPurchases?.(this.untold) === false) return undefined;
    // Past the last purchase: answers, cycles, value dates and refunds still to come.
    this.happenUntil(Infinity);
    const { purchases, payments, commands } = this;
    return { purchases, payments, commands };
  }

  /** @returns whether to go on */
  private tell(purchases: number): boolean {
    this.untold += purchases;
    if (this.untold < TELL_EVERY) return true;
    const count = this.untold;
    this.untold = 0;
    return this.options.onPurchases?.(count) !== false;
  }

  /** When the first of the destinations begins a day. */
  private dayStartMs(day: number): number {
    const { destinations, firstDay } = this.world;
    const easternmost = destinations.reduce(
      (most, { utcOffsetMinutes }) => Math.max(most, utcOffsetMinutes),
      -DAY_MS,
    );
    return (firstDay + day) * DAY_MS - easternmost * 60_000;
  }

  private arrive(at: number): void {
    const { arrivals, hub, world } = this;
    const nowMs = arrivals.instantMs[at] ?? 0;
    this.happenUntil(nowMs);
    const flow = arrivals.flow[at] ?? 0;
    const day = arrivals.day[at] ?? 0;
    const amountMinor = arrivals.amountMinor[at] ?? 0;
    const acquirer = arrivals.acquirer[at] ?? 0;
    this.payments += 1;
    const command = this.till.commandAt(at, this.payments, nowMs);
    const target = this.premises.targets[flow]?.[acquirer];
    invariant(target !== undefined, 'every flow has a way to every acquirer');
    this.premises.rates.setDay(day);
    this.commands += 1;
    const { payment } = hub.open(command, target, nowMs);
    if (payment.state === 'declined') {
      const corridor = world.flows[flow]?.corridor;
      const fits =
        corridor !== undefined &&
        command.paymentAmount.minor >= corridor.minPayment.minor &&
        command.paymentAmount.minor <= corridor.maxPayment.minor;
      this.end(flow, amountMinor, fits ? declinedAs(payment) : 'outsideCorridorLimits', payment.id);
      return;
    }
    const luck = arrivals.conduct[at] ?? 0;
    const timesOut = luck >= this.tables.conduct.riskRefused && luck < this.tables.conduct.timedOut;
    const waitMs = amountAt(this.answers, arrivals.answer[at] ?? 0);
    const wallet = arrivals.wallet[at] ?? 0;
    const slot = this.fly({
      id: payment.id,
      purchase: {
        flow,
        area: arrivals.area[at] ?? 0,
        category: arrivals.category[at] ?? 0,
        amountMinor,
        pair: this.tables.pairOf[wallet * this.tables.acquirers + acquirer] ?? 0,
      },
      day,
      luck,
      answersAtMs: timesOut ? Infinity : nowMs + waitMs,
      refundWord: arrivals.refund[at] ?? 0,
    });
    if (!timesOut && waitMs <= this.timeoutMs) this.plan(nowMs + waitMs, 'answer', slot);
    else this.plan(nowMs + this.timeoutMs, 'unknown', slot);
  }

  private happenUntil(nowMs: number): void {
    const { events } = this;
    for (;;) {
      const atMs = events.nextMs;
      if (atMs > nowMs || events.size === 0) return;
      const payload = events.pop();
      const slot = Math.floor(payload / KINDS);
      this.happen(EVENTS[payload % KINDS] ?? 'cycle', slot, atMs);
    }
  }

  private happen(kind: EventKind, slot: number, nowMs: number): void {
    if (kind === 'cycle') {
      this.commands += 1;
      this.cycles.turn(slot, nowMs);
      return;
    }
    const flight = this.flights[slot];
    invariant(flight !== undefined, 'an event is about a payment under way');
    this.commands += 1;
    switch (kind) {
      case 'answer':
        this.resolve(flight, slot, nowMs, true);
        return;
      case 'unknown':
        this.notKnown(flight, slot, 0, nowMs);
        return;
      case 'inquiry': {
        const attempt = this.hub.payments.get(flight.id)?.duty?.attempt ?? 0;
        if (nowMs >= flight.answersAtMs) this.resolve(flight, slot, nowMs, false);
        else this.notKnown(flight, slot, attempt, nowMs);
        return;
      }
      case 'cancel':
        countWait(this.totals.waits, 'cancelled', this.sinceMs(flight.id, nowMs));
        this.hub.advance(flight.id, { kind: 'cancelConfirmed' }, nowMs, nowMs);
        this.land(flight, slot, 'timedOut');
        return;
      case 'refund':
        this.refund(flight, slot, nowMs);
        return;
      case 'refundAnswer':
        this.setDayAt(nowMs);
        this.hub.answerRefund(
          refundOf(flight),
          { kind: 'walletRefunded', walletRefundId: null },
          nowMs,
          nowMs,
        );
        this.cycles.meet(this.hub.cycles.assign('daily', nowMs).id);
        this.hub.forget(flight.id);
        this.release(slot);
    }
  }

  /** The wallet's final word. */
  private resolve(flight: Flight, slot: number, nowMs: number, inTime: boolean): void {
    const { conduct } = this.tables;
    const { luck, id, purchase } = flight;
    const waitMs = this.sinceMs(id, nowMs);
    const acquirerWaits = inTime && waitMs <= TILL_WAITS_MS;
    countWait(this.totals.waits, 'answered', waitMs);
    if (luck < conduct.riskRefused) {
      const poor = luck < conduct.insufficientFunds;
      this.hub.advance(
        id,
        { kind: 'walletRefused', decline: poor ? POOR : RISKY, acquirerWaits },
        nowMs,
        nowMs,
      );
      this.land(flight, slot, poor ? 'insufficientFunds' : 'riskRefused');
      return;
    }
    const paid = this.hub.advance(
      id,
      { kind: 'walletPaid', walletPaymentId: null, acquirerWaits },
      nowMs,
      nowMs,
    );
    invariant(paid.payment.cycleId !== null, 'what is paid falls into a cycle');
    this.cycles.meet(paid.payment.cycleId);
    const { world, totals } = this;
    countPaid(totals, world.firstDay, world.categories.length, purchase, paid.payment);
    if (!acquirerWaits) this.hub.advance(id, { kind: 'acquirerNotified' }, nowMs, nowMs);
    if (luck < conduct.refunded) {
      this.hub.forget(id);
      this.release(slot);
      return;
    }
    this.plan(nowMs + this.refundDays(flight.refundWord) * DAY_MS, 'refund', slot);
  }

  private notKnown(flight: Flight, slot: number, attempt: number, nowMs: number): void {
    const command = { kind: 'walletUnknown', reason: 'no answer', attempt } as const;
    const decision = this.hub.advance(flight.id, command, nowMs, nowMs);
    this.follow(decision, slot, nowMs);
  }

  private follow({ payment, instruction }: AdvanceDecision, slot: number, nowMs: number): void {
    if (instruction?.kind === 'cancelAtWallet') {
      this.plan(nowMs + this.world.conduct.answerMedianMs, 'cancel', slot);
      return;
    }
    const { duty } = payment;
    invariant(duty?.kind === 'inquireWallet', 'what is not known is asked again');
    this.plan(duty.dueAtMs, 'inquiry', slot);
  }

  private refund(flight: Flight, slot: number, nowMs: number): void {
    const payment = this.hub.payments.get(flight.id);
    invariant(payment !== undefined && payment.completedAtMs !== null, 'what was paid is refunded');
    const command = {
      id: refundOf(flight),
      acquirerRequestId: refundOf(flight),
      amount: payment.paymentAmount,
      reason: null,
      traceId: NO_TRACE,
    };
    const { refund, payment: after } = this.hub.refunds.accept(payment, command, nowMs, null);
    this.hub.payments.set(flight.id, after);
    if (refund.state === 'declined') {
      this.hub.forget(flight.id);
      this.release(slot);
      return;
    }
    countRefunded(this.totals, this.world.firstDay, flight.purchase, payment.completedAtMs);
    this.plan(nowMs + this.world.conduct.answerMedianMs, 'refundAnswer', slot);
  }

  /** Days until a refund: at least one, geometric about the mean. */
  private refundDays(word: number): number {
    const mean = Math.max(1, this.world.conduct.refundAfterDays);
    return mean === 1 ? 1 : 1 + Math.floor(ln(unitOf(word)) / ln(1 - 1 / mean));
  }

  private sinceMs(id: PaymentId, nowMs: number): number {
    return nowMs - (this.hub.payments.get(id)?.createdAtMs ?? nowMs);
  }

  private setDayAt(nowMs: number): void {
    const day = Math.floor((nowMs - this.dayStartMs(0)) / DAY_MS);
    this.premises.rates.setDay(Math.min(Math.max(day, 0), this.world.days - 1));
  }

  private land(flight: Flight, slot: number, outcome: SimulatedOutcome): void {
    const { flow, amountMinor } = flight.purchase;
    this.end(flow, amountMinor, outcome, flight.id);
    this.release(slot);
  }

  private end(flow: number, amountMinor: number, outcome: SimulatedOutcome, id: PaymentId): void {
    countOutcome(this.totals, flow, OUTCOME[outcome], amountMinor);
    this.hub.forget(id);
  }

  private fly(flight: Flight): number {
    const slot = this.free.pop() ?? this.flights.length;
    this.flights[slot] = flight;
    return slot;
  }

  private release(slot: number): void {
    this.flights[slot] = undefined;
    this.free.push(slot);
  }

  private plan(atMs: number, kind: EventKind, slot: number): void {
    this.events.push(atMs, slot * KINDS + EVENTS.indexOf(kind));
  }
}

function refundOf(flight: Flight): `ref_${string}` {
  return `ref_${flight.id.slice(4)}`;
}
