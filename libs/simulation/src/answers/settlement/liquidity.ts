import type { NettingModel } from '../../world.js';
import type { Ground } from '../ground.js';
import { add } from '../tally.js';
import type { CycleFlows } from './cycle-flows.js';
import { REFUND_HOUR } from './refund-flows.js';

/** Deepest net debits of one clearing day and currency, minor units. */
export interface LiquidityDay {
  readonly clearingDay: number;
  readonly currency: number;
  readonly lower: number;
  readonly used: number;
  readonly upper: number;
  /** What of it is the hub's own. */
  readonly hub: number;
}

/** By index of currency: sums over clearing days, and the day that used most. */
export interface LiquiditySums {
  readonly lower: Float64Array;
  readonly used: Float64Array;
  readonly upper: Float64Array;
  readonly hub: Float64Array;
  readonly peak: Float64Array;
  /** −1 where nothing was used. */
  readonly peakDay: Int32Array;
}

/**
 * How much money participants, and the hub that stands between them, need in a currency during a
 * clearing day. Everybody begins at nothing; a net debit is how far payments made exceed those
 * received so far. Upper bound: everything settles in its
 * hour. Lower bound: one net at the day's end. The design lies between: netting looks only at the
 * ends of cycles, `gross` at every hour. Cycles end on hours, hence lower ≤ used ≤ upper.
 */
export function liquidityOf(
  ground: Ground,
  flows: CycleFlows,
  each?: (day: LiquidityDay) => void,
): LiquiditySums {
  const { world, clearingDays } = ground;
  const currencies = world.currencies.length;
  const zeros = (): Float64Array => new Float64Array(currencies);
  const sums: LiquiditySums = {
    lower: zeros(),
    used: zeros(),
    upper: zeros(),
    hub: zeros(),
    peak: zeros(),
    peakDay: new Int32Array(currencies).fill(-1),
  };
  const step = looksEvery(world.settlement.netting, flows.hoursPerCycle);
  const day = new LiquidityOfDay(currencies);
  for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
    day.play(flows, clearingDay, step);
    for (let currency = 0; currency < currencies; currency++) {
      const found = { clearingDay, currency, ...day.of(currency) };
      if (found.upper === 0) continue;
      add(sums.lower, currency, found.lower);
      add(sums.used, currency, found.used);
      add(sums.upper, currency, found.upper);
      add(sums.hub, currency, found.hub);
      if (found.used > (sums.peak[currency] ?? 0)) {
        sums.peak[currency] = found.used;
        sums.peakDay[currency] = clearingDay;
      }
      each?.(found);
    }
  }
  return sums;
}

/** Hours between the moments at which the design lets money move. */
function looksEvery(netting: NettingModel, hoursPerCycle: number): number {
  switch (netting) {
    case 'gross':
      return 1;
    case 'bilateral':
    case 'multilateral':
      return hoursPerCycle;
  }
}

class LiquidityOfDay {
  private readonly lower: Float64Array;
  private readonly used: Float64Array;
  private readonly upper: Float64Array;
  private readonly hub: Float64Array;
  /** The hub's net debit by hour and currency: what participants are ahead by. */
  private readonly hubPath: Float64Array;

  constructor(private readonly currencies: number) {
    this.lower = new Float64Array(currencies);
    this.used = new Float64Array(currencies);
    this.upper = new Float64Array(currencies);
    this.hub = new Float64Array(currencies);
    this.hubPath = new Float64Array(24 * currencies);
  }

  play(flows: CycleFlows, clearingDay: number, step: number): void {
    for (const column of [this.lower, this.used, this.upper, this.hub, this.hubPath])
      column.fill(0);
    const { participants } = flows;
    for (let participant = 0; participant < participants.count; participant++) {
      this.playParticipant(flows, clearingDay, participant, step);
    }
    for (let currency = 0; currency < this.currencies; currency++) {
      const path = (hour: number): number => this.hubPath[hour * this.currencies + currency] ?? 0;
      const found = deepest(path, step);
      add(this.lower, currency, found.lower);
      add(this.used, currency, found.used);
      add(this.upper, currency, found.upper);
      this.hub[currency] = found.used;
    }
  }

  of(currency: number): Omit<LiquidityDay, 'clearingDay' | 'currency'> {
    return {
      lower: this.lower[currency] ?? 0,
      used: this.used[currency] ?? 0,
      upper: this.upper[currency] ?? 0,
      hub: this.hub[currency] ?? 0,
    };
  }

  private playParticipant(
    { participants, hours, refundDays }: CycleFlows,
    clearingDay: number,
    participant: number,
    step: number,
  ): void {
    const currency = participants.currency[participant] ?? 0;
    const sign = participant < participants.wallets ? 1 : -1;
    let debit = 0;
    const path = (hour: number): number => {
      debit += sign * (hours[(clearingDay * 24 + hour) * participants.count + participant] ?? 0);
      if (hour === REFUND_HOUR) {
        debit -= sign * (refundDays[clearingDay * participants.count + participant] ?? 0);
      }
      add(this.hubPath, hour * this.currencies + currency, -debit);
      return debit;
    };
    const found = deepest(path, step);
    add(this.lower, currency, found.lower);
    add(this.used, currency, found.used);
    add(this.upper, currency, found.upper);
  }
}

/** The deepest of a day's net debits: at its end, at the ends of steps, in any hour. */
function deepest(
  path: (hour: number) => number,
  step: number,
): { readonly lower: number; readonly used: number; readonly upper: number } {
  let [lower, used, upper] = [0, 0, 0];
  for (let hour = 0; hour < 24; hour++) {
    const debit = path(hour);
    if (debit > upper) upper = debit;
    if ((hour + 1) % step === 0 && debit > used) used = debit;
    lower = Math.max(debit, 0);
  }
  return { lower, used, upper };
}
