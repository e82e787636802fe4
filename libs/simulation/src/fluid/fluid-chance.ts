import { groundOf, type Ground } from '../answers/ground.js';
import { headlinesOf } from '../answers/answers-of.js';
import {
  HEADLINES,
  absoluteTolerance,
  type HeadlineId,
  type Headlines,
} from '../answers/headlines.js';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { PURPOSE, streamKey } from '../random/stream-key.js';
import { Xoshiro128 } from '../random/xoshiro128.js';
import { LEVEL, type MeanInterval } from '../statistics/intervals.js';
import { studentQuantile } from '../statistics/student-t.js';
import { MONEY, MONEY_COLUMNS, emptyTotals, type Totals } from '../totals.js';
import type { World } from '../world.js';
import { addAt, type FluidSums } from './fluid-sums.js';
import { playFluid } from './play-fluid.js';

/** Enough that Student's factor widens an interval by a twenty-fifth only. */
export const CHANCE_MOVES = 32;

/** Of the spread: a figure that bends more than this within it does not follow its slope. */
const MOST_BEND = 0.25;

/** Purchases that are left by rounding alone. */
const NOUGHT = 1e-6;

/** Where caps stop more than this share, one purchase depends on another too often to add squares. */
const MOST_CAPPED = 0.01;
/** Of a wallet's cap at the highest point expected: from there chance alone may reach it. */
const NEAR_CAP_PERCENT = 80;
/** Headlines that live at the cap itself: where one is near, nothing is known of these. */
const OF_CAPS: ReadonlySet<HeadlineId> = new Set([
  'successPercent',
  'capDeclinedUsd',
  'capBreachHours',
  'prefundBreachHours',
  'peakCapUsePercent',
  'hubFundingPeakUsd',
] satisfies HeadlineId[]);

/** Of a headline's tolerance: below it roundings of single fees do more, which are not in the counts. */
const LEAST_SPREAD = 0.01;

const HOURS = 24;
const COLUMNS = MONEY_COLUMNS.length;
/** The columns of totals that headlines are made of. */
const MOVED = [
  'money',
  'owes',
  'receives',
  'outcomes',
  'outcomeMinor',
  'refundedMinor',
] as const satisfies readonly (keyof Totals)[];

/**
 * What chance does to the headlines of one period that was not drawn, by the delta method: a
 * headline's variance is the sum, over all independent counts, of what it does when one of them
 * moves by its standard deviation. Moving each of a million counts alone would take hours, so all
 * are moved at once, up or down by signs drawn at random, and back the other way: in the mean over
 * such moves the square of half the difference is just that sum.
 *
 * The independent counts are purchases paid by wallet, acquirer and hour, their tickets, the
 * refunds of a day, and purchases lost by outcome. Where a headline bends within chance (the
 * highest of many days, hours above a limit) or nothing but roundings moves it, nothing is said: it
 * is missing from the intervals. So are those about caps where one is near, and all of them where
 * caps stop more than one in a hundred, so that purchases are no longer independent; up to that
 * the others are a little wider than played ones.
 */
export class FluidChance {
  private readonly sums: FluidSums;
  private readonly centre: Headlines;
  private readonly ground: Ground;
  private readonly scratch: Totals;
  private readonly signs: Signs;
  private readonly slopes = new Map<HeadlineId, { odd: number; even: number }>();
  /** Of what shops and agreements let through, by count: what caps stop. */
  private readonly capped: number;
  private done = 0;

  constructor(
    private readonly world: World,
    private readonly moves = CHANCE_MOVES,
  ) {
    this.sums = playFluid(world);
    this.centre = headlinesOf(world, this.sums.totals);
    this.ground = groundOf(world);
    this.scratch = emptyTotals(world);
    this.signs = new Signs();
    this.capped = cappedShare(this.sums.totals.outcomes);
    for (const { id } of HEADLINES) this.slopes.set(id, { odd: 0, even: 0 });
  }

  /** One move and its mirror image. @returns whether there are more to make */
  move(): boolean {
    if (this.capped > MOST_CAPPED || this.done >= this.moves) return false;
    const delta = this.shock();
    const [up, down] = [this.moved(delta, 1), this.moved(delta, -1)];
    for (const [id, slope] of this.slopes) {
      const odd = (up[id] - down[id]) / 2;
      const even = (up[id] + down[id]) / 2 - this.centre[id];
      slope.odd += odd * odd;
      slope.even += even * even;
    }
    this.done += 1;
    return this.done < this.moves;
  }

  /** By headline, of one period; those of which chance is not known are missing. */
  intervals(): ReadonlyMap<HeadlineId, MeanInterval> {
    const known = new Map<HeadlineId, MeanInterval>();
    if (this.done < 2) return known;
    const { world, centre } = this;
    const nearCaps = world.settlement.capsHold && centre.peakCapUsePercent > NEAR_CAP_PERCENT;
    for (const [id, { odd, even }] of this.slopes) {
      if (nearCaps && OF_CAPS.has(id)) continue;
      const mean = this.centre[id];
      const [spread, bend] = [Math.sqrt(odd / this.done), Math.sqrt(even / this.done)];
      if (spread === 0 ? bend > 0 || mean === 0 : bend > MOST_BEND * spread) continue;
      if (spread > 0 && spread < absoluteTolerance(id, this.centre) * LEAST_SPREAD) continue;
      known.set(id, {
        mean,
        halfWidth: studentQuantile(LEVEL, this.done) * spread,
        standardDeviation: spread,
        replications: 1,
      });
    }
    return known;
  }

  private moved(delta: Totals, sign: 1 | -1): Headlines {
    const { scratch, sums } = this;
    for (const name of MOVED) {
      const [into, from, by] = [scratch[name], sums.totals[name], delta[name]];
      for (let i = 0; i < into.length; i++) into[i] = (from[i] ?? 0) + sign * (by[i] ?? 0);
    }
    return headlinesOf(this.world, scratch);
  }

  private shock(): Totals {
    const { totals } = this.sums;
    const delta = emptyTotals(this.world);
    const count = totals.pairs.length;
    for (let cell = 0; cell < totals.refundedMinor.length; cell++) {
      if ((totals.money[cell * COLUMNS + MONEY.payments] ?? 0) <= 0) continue;
      this.shockDay(delta, Math.floor(cell / count), cell % count);
    }
    for (let cell = 0; cell < totals.outcomes.length; cell++) {
      if (cell % OUTCOMES.length !== OUTCOME.paid) this.shockLost(delta, cell);
    }
    return delta;
  }

  /** What one wallet pays at one acquirer on one clearing day, hour by hour. */
  private shockDay(delta: Totals, day: number, pair: number): void {
    const { totals, variances } = this.sums;
    const cell = day * totals.pairs.length + pair;
    const from = cell * COLUMNS;
    const payments = totals.money[from + MONEY.payments] ?? 0;
    const amount = totals.money[from + MONEY.paymentMinor] ?? 0;
    const square = variances.money[from + MONEY.paymentMinor] ?? 0;
    if (amount <= 0) return;
    // Of one ticket: its deviation against its mean.
    const spread = root((square * payments) / (amount * amount) - 1);
    const [moreOften, moreMoney] = this.shockHours(delta, day, pair, payments, spread);
    addAt(delta.money, from + MONEY.payments, moreOften);
    for (let column = 0; column < COLUMNS; column++) {
      if (column === MONEY.payments) continue;
      addAt(delta.money, from + column, (totals.money[from + column] ?? 0) * moreMoney);
    }
    const refunded = totals.refundedMinor[cell] ?? 0;
    const share = refunded / amount;
    const rest = root((variances.refundedMinor[cell] ?? 0) - share * share * square);
    addAt(delta.refundedMinor, cell, refunded * moreMoney + rest * this.signs.next());
    const flow = this.ground.flowOf[pair] ?? -1;
    const paid = flow * OUTCOMES.length + OUTCOME.paid;
    addAt(delta.outcomes, paid, moreOften);
    addAt(delta.outcomeMinor, paid, amount * moreMoney);
  }

  /** @returns payments more on the day, and money more as a share of the day's */
  private shockHours(
    delta: Totals,
    day: number,
    pair: number,
    payments: number,
    spread: number,
  ): readonly [moreOften: number, moreMoney: number] {
    const { totals } = this.sums;
    const count = totals.pairs.length;
    const first = day * HOURS * count + pair;
    let all = 0;
    for (let hour = 0; hour < HOURS; hour++) all += totals.owes[first + hour * count] ?? 0;
    let [moreOften, moreMoney] = [0, 0];
    for (let hour = 0; hour < HOURS; hour++) {
      const at = first + hour * count;
      const owes = totals.owes[at] ?? 0;
      const expected = (payments * owes) / all;
      if (!(expected > 0)) continue;
      const often = this.signs.next();
      const by = (often + spread * this.signs.next()) / Math.sqrt(expected);
      delta.owes[at] = owes * by;
      delta.receives[at] = (totals.receives[at] ?? 0) * by;
      moreOften += often * Math.sqrt(expected);
      moreMoney += (by * owes) / all;
    }
    return [moreOften, moreMoney];
  }

  private shockLost(delta: Totals, cell: number): void {
    const { totals, variances } = this.sums;
    const count = totals.outcomes[cell] ?? 0;
    if (count <= NOUGHT) return;
    const minor = totals.outcomeMinor[cell] ?? 0;
    const often = this.signs.next();
    const tickets = root((variances.outcomeMinor[cell] ?? 0) - (minor * minor) / count);
    delta.outcomes[cell] = Math.sqrt(count) * often;
    delta.outcomeMinor[cell] = (minor / Math.sqrt(count)) * often + tickets * this.signs.next();
  }
}

function cappedShare(outcomes: Float64Array): number {
  let [capped, paid] = [0, 0];
  for (let flow = 0; flow < outcomes.length; flow += OUTCOMES.length) {
    capped += outcomes[flow + OUTCOME.capExceeded] ?? 0;
    paid += outcomes[flow + OUTCOME.paid] ?? 0;
  }
  return capped > NOUGHT ? capped / (capped + paid) : 0;
}

/** 0 for what rounding made negative. */
function root(square: number): number {
  return square > 0 ? Math.sqrt(square) : 0;
}

/** Heads and tails, thirty-two from a number; the same ones always, a run's seed has no part in it. */
class Signs {
  private readonly random = new Xoshiro128(streamKey(0, 0, { code: 0, day: 0 }, PURPOSE.chance));
  private bits = 0;
  private left = 0;

  next(): 1 | -1 {
    if (this.left === 0) {
      this.bits = this.random.next();
      this.left = 32;
    }
    const sign = (this.bits & 1) === 1 ? 1 : -1;
    this.bits >>>= 1;
    this.left -= 1;
    return sign;
  }
}
