import { invariant } from '#domain/invariant';
import type { Ground } from '../ground.js';
import { add } from '../tally.js';
import type { CycleFlows } from './cycle-flows.js';
import type { ParticipantTerms } from './value-dates.js';

/** One participant's obligation of one cycle, as `decideObligations` would have it; minor units. */
export interface SimulatedObligation {
  readonly cycle: number;
  readonly clearingDay: number;
  readonly participant: number;
  /** Positive: the participant pays the hub. */
  readonly own: number;
  readonly carriedIn: number;
  readonly minor: number;
  readonly state: 'due' | 'carried' | 'held' | 'settled';
  /** Days since 1970-01-01; −1 unless due. */
  readonly valueDate: number;
}

/** What the value dates make of the flows, by participant unless said otherwise. */
export interface ObligationSums {
  readonly pays: Float64Array;
  readonly receives: Float64Array;
  readonly cycles: Float64Array;
  readonly open: Float64Array;
  readonly peakDue: Float64Array;
  /** Days since 1970-01-01; −1 where nothing is due. */
  readonly peakDueOn: Int32Array;
  /** Value settled, and value times hours until then, and until the end of the value date. */
  readonly settledValue: Float64Array;
  readonly waitedHours: Float64Array;
  readonly mostHours: Float64Array;
  /** Value settled within one hour. */
  readonly withinHour: Float64Array;
  readonly counts: { due: number; carried: number; held: number };
  /** `[(valueDate − firstClearingDay) * participants + participant]`: signed, minor units. */
  readonly dueOn: Float64Array;
  readonly dueDays: number;
}

/** Value dates after the last clearing day: the longest run of holidays and some more. */
const SLACK_DAYS = 60;

/**
 * Turns each cycle's nets into obligations, by the rule of the hub's `decideObligations`: below
 * the minimum they are carried to the participant's next one, without a value date they are held,
 * all others are due on it. A test holds the two against each other.
 */
export function obligationsOf(
  ground: Ground,
  flows: CycleFlows,
  each?: (obligation: SimulatedObligation) => void,
): ObligationSums {
  const { participants, cycles, cyclesPerDay } = flows;
  const run = new ObligationRun(ground, flows, each);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const clearingDay = Math.floor(cycle / cyclesPerDay);
    const counters = countersOf(ground, flows, cycle);
    for (let participant = 0; participant < participants.count; participant++) {
      run.decide(cycle, clearingDay, participant, counters[participant] ?? 0);
    }
  }
  return run.finish();
}

/** Index of the currency that most of a participant's flows of a cycle came from, as the hub has it. */
function countersOf(ground: Ground, flows: CycleFlows, cycle: number): Int32Array {
  const { pairs, world } = ground;
  const { participants } = flows;
  const count = world.currencies.length;
  const weights = new Float64Array(participants.count * count);
  const refunds = cycle % flows.cyclesPerDay === flows.refundCycle;
  const clearingDay = Math.floor(cycle / flows.cyclesPerDay);
  pairs.forEach(({ wallet, acquirer }, pair) => {
    const cell = cycle * pairs.length + pair;
    const back = clearingDay * pairs.length + pair;
    const credit = refunds ? (flows.refunds.creditMinor[back] ?? 0) : 0;
    const debit = refunds ? (flows.refunds.debitMinor[back] ?? 0) : 0;
    const [payer, shop] = [ground.walletCurrency[pair] ?? 0, ground.settlementCurrency[pair] ?? 0];
    add(weights, wallet * count + shop, (flows.owes[cell] ?? 0) + credit);
    add(
      weights,
      (participants.wallets + acquirer) * count + payer,
      (flows.receives[cell] ?? 0) + debit,
    );
  });
  return Int32Array.from({ length: participants.count }, (_, participant) => {
    let best = -1;
    for (let currency = 0; currency < count; currency++) {
      const weight = weights[participant * count + currency] ?? 0;
      if (weight === 0) continue;
      const most = best < 0 ? 0 : (weights[participant * count + best] ?? 0);
      const earlier = (world.currencies[currency] ?? '') < (world.currencies[best] ?? '');
      if (best < 0 || weight > most || (weight === most && earlier)) best = currency;
    }
    return best < 0 ? (participants.currency[participant] ?? 0) : best;
  });
}

/** Gross value that waits to be settled, with the moments it was paid at. */
interface Pending {
  carried: number;
  value: number;
  /** Sum of value times clearing hour. */
  moment: number;
  lastHourValue: number;
  lastHour: number;
}

class ObligationRun {
  private readonly sums: ObligationSums;
  private readonly terms: readonly ParticipantTerms[];
  private readonly pending: readonly Pending[];

  constructor(
    private readonly ground: Ground,
    private readonly flows: CycleFlows,
    private readonly each: ((obligation: SimulatedObligation) => void) | undefined,
  ) {
    const { count, ids, currency } = flows.participants;
    const zeros = (): Float64Array => new Float64Array(count);
    const dueDays = ground.clearingDays + SLACK_DAYS;
    this.sums = {
      pays: zeros(),
      receives: zeros(),
      cycles: zeros(),
      open: zeros(),
      peakDue: zeros(),
      peakDueOn: new Int32Array(count).fill(-1),
      settledValue: zeros(),
      waitedHours: zeros(),
      mostHours: zeros(),
      withinHour: zeros(),
      counts: { due: 0, carried: 0, held: 0 },
      dueOn: new Float64Array(dueDays * count),
      dueDays,
    };
    const { currencies } = ground.world;
    this.terms = ids.map((id, n) =>
      ground.valueDates.termsOf(id, currencies[currency[n] ?? 0] ?? ''),
    );
    this.pending = ids.map(() => ({
      carried: 0,
      value: 0,
      moment: 0,
      lastHourValue: 0,
      lastHour: 0,
    }));
  }

  decide(cycle: number, clearingDay: number, participant: number, counter: number): void {
    const pending = this.pending[participant];
    const terms = this.terms[participant];
    if (pending === undefined || terms === undefined) return;
    const own = this.gather(cycle, clearingDay, participant, pending);
    if (own === 0 && pending.value === 0 && pending.carried === 0) return;
    const carriedIn = pending.carried;
    const minor = own + carriedIn;
    const currency = this.flows.participants.currency[participant] ?? 0;
    const valueDate =
      terms.missing === null
        ? this.ground.valueDates.valueDate(clearingDay, currency, counter, terms.lag)
        : -1;
    const state =
      minor === 0
        ? 'settled'
        : Math.abs(minor) < terms.minimumMinor
          ? 'carried'
          : valueDate < 0
            ? 'held'
            : 'due';
    this.book(participant, state, minor, valueDate, pending);
    const due = state === 'due' ? valueDate : -1;
    this.each?.({ cycle, clearingDay, participant, own, carriedIn, minor, state, valueDate: due });
  }

  finish(): ObligationSums {
    const { sums, ground } = this;
    const { count } = this.flows.participants;
    this.pending.forEach(({ carried }, participant) => {
      add(sums.open, participant, carried);
    });
    for (let day = 0; day < sums.dueDays; day++) {
      for (let participant = 0; participant < count; participant++) {
        const minor = sums.dueOn[day * count + participant] ?? 0;
        if (Math.abs(minor) > (sums.peakDue[participant] ?? 0)) {
          sums.peakDue[participant] = Math.abs(minor);
          sums.peakDueOn[participant] = ground.firstClearingDay + day;
        }
        if (day >= ground.clearingDays) add(sums.open, participant, minor);
      }
    }
    return sums;
  }

  /** Adds the cycle's gross value to what waits; @returns the participant's net, it pays positive */
  private gather(
    cycle: number,
    clearingDay: number,
    participant: number,
    pending: Pending,
  ): number {
    const { hoursPerCycle, participants, hours, refundDays } = this.flows;
    let value = 0;
    for (let hour = cycle * hoursPerCycle; hour < (cycle + 1) * hoursPerCycle; hour++) {
      const inHour = hours[hour * participants.count + participant] ?? 0;
      value += inHour;
      pending.moment += inHour * (hour + 0.5);
      pending.lastHourValue = inHour;
      pending.lastHour = hour;
    }
    pending.value += value;
    const refunds = cycle % this.flows.cyclesPerDay === this.flows.refundCycle;
    const back = refunds ? (refundDays[clearingDay * participants.count + participant] ?? 0) : 0;
    return participant < participants.wallets ? value - back : back - value;
  }

  private book(
    participant: number,
    state: SimulatedObligation['state'],
    minor: number,
    valueDate: number,
    pending: Pending,
  ): void {
    const { sums, ground, flows } = this;
    add(sums.cycles, participant, 1);
    switch (state) {
      case 'carried':
        sums.counts.carried += 1;
        pending.carried = minor;
        return;
      case 'held':
        sums.counts.held += 1;
        add(sums.open, participant, minor);
        break;
      case 'settled':
        break;
      case 'due': {
        sums.counts.due += 1;
        add(minor > 0 ? sums.pays : sums.receives, participant, Math.abs(minor));
        const day = valueDate - ground.firstClearingDay;
        invariant(day < sums.dueDays, 'a value date lies within the days that are kept');
        add(sums.dueOn, day * flows.participants.count + participant, minor);
        this.wait(participant, day * 24, pending);
      }
    }
    pending.carried = 0;
    pending.value = 0;
    pending.moment = 0;
  }

  private wait(participant: number, valueDateHour: number, pending: Pending): void {
    const { sums } = this;
    const confirmed = valueDateHour + this.ground.world.settlement.confirmedAtHour;
    const { value, moment } = pending;
    add(sums.settledValue, participant, value);
    add(sums.waitedHours, participant, value * confirmed - moment);
    add(sums.mostHours, participant, value * (valueDateHour + 24) - moment);
    if (confirmed - (pending.lastHour + 0.5) <= 1) {
      add(sums.withinHour, participant, pending.lastHourValue);
    }
  }
}
