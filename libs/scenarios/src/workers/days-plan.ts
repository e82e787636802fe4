import { addPart } from '#simulation/fast/part-totals';
import type { DayRange } from '#simulation/fast/play-fast';
import { emptyTotals, TOTALS_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import type { PlanTerms, PlayReplicationsWatch, ReplicationPlan } from './replication-plan.js';
import { ReplicationsInOrder } from './replications-in-order.js';
import type { ThreadResult, ThreadTask } from './thread-words.js';

/** So that no thread waits long for the last one, and a lost task costs little. */
const PURCHASES_PER_TASK = 1_500_000;

interface Underway {
  readonly totals: Totals;
  /** Parts that are still to come. */
  parts: number;
}

/** For the fast kernel: cuts replications into stretches of days and puts the parts together. */
export class DaysPlan implements ReplicationPlan {
  private readonly ranges: readonly DayRange[];
  private readonly playing = new Map<number, Underway>();
  private readonly waitingForCaps: ThreadTask[] = [];
  private readonly order: ReplicationsInOrder;
  private readonly end: number;
  private nextReplicate: number;
  private nextRange = 0;

  constructor(
    private readonly world: World,
    private readonly terms: PlanTerms & { readonly purchasesPerTask?: number },
    private readonly watch: PlayReplicationsWatch,
  ) {
    const { first, count, purchasesPerTask } = terms;
    this.ranges = rangesOf(world, purchasesPerTask ?? PURCHASES_PER_TASK);
    this.nextReplicate = first;
    this.order = new ReplicationsInOrder(first, watch.onReplication);
    this.end = first + count;
  }

  get tasks(): number {
    return this.ranges.length * this.terms.count;
  }

  next(): ThreadTask | undefined {
    const capTask = this.waitingForCaps.shift();
    if (capTask !== undefined) return capTask;
    const replicate = this.nextReplicate;
    const range = this.ranges[this.nextRange];
    const isAhead = this.order.isFarAhead(replicate, this.terms.jobs);
    if (replicate >= this.end || range === undefined || isAhead) return undefined;
    if (this.nextRange === 0) {
      const parts = this.ranges.length;
      this.playing.set(replicate, { totals: emptyTotals(this.world), parts });
    }
    this.nextRange += 1;
    if (this.nextRange === this.ranges.length) {
      this.nextRange = 0;
      this.nextReplicate += 1;
    }
    return { kind: 'days', replicate, range };
  }

  done(task: ThreadTask, { totals, purchases }: ThreadResult): void {
    const underway = this.playing.get(task.replicate);
    if (underway === undefined) throw new Error('a part of a replication that is not under way');
    if (task.kind !== 'days') {
      for (const name of TOTALS_COLUMNS) underway.totals[name].set(totals[name]);
      this.finish(task.replicate, underway);
      return;
    }
    addPart(underway.totals, totals, task.range.fromDay);
    this.watch.onPurchases?.(purchases);
    underway.parts -= 1;
    if (underway.parts > 0) return;
    if (this.world.settlement.capsHold) {
      const { replicate } = task;
      this.waitingForCaps.push({ kind: 'caps', replicate, totals: underway.totals });
    } else {
      this.finish(task.replicate, underway);
    }
  }

  private finish(replicate: number, { totals }: Underway): void {
    this.playing.delete(replicate);
    this.order.add(replicate, totals);
  }
}

/** Stretches of days with about as many expected purchases as a task should have. */
function rangesOf(world: World, purchasesPerTask: number): DayRange[] {
  const ranges: DayRange[] = [];
  let [fromDay, expected] = [0, 0];
  for (let day = 0; day < world.days; day++) {
    for (const { intended } of world.flows) expected += intended[day] ?? 0;
    if (expected >= purchasesPerTask || day === world.days - 1) {
      ranges.push({ fromDay, untilDay: day + 1 });
      [fromDay, expected] = [day + 1, 0];
    }
  }
  return ranges;
}
