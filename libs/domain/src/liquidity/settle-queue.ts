import type { CurrencyCode } from '../currency.js';
import { invariant } from '../invariant.js';

/** One transfer that wants to settle, in the order in which it came. */
export interface QueuedTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Minor units, positive. */
  readonly minor: bigint;
  /** Rounds after the start in which it arrives, from 0 on. */
  readonly arrives: number;
}

/** Transfers of one currency, and what each participant has to pay them with. */
export interface LiquidityTrace {
  readonly currency: CurrencyCode;
  /** Minor units; a participant that is not named begins with nothing. */
  readonly balances: Readonly<Record<string, bigint>>;
  /** By arrival; of one sender, earlier ones are the more urgent. */
  readonly transfers: readonly QueuedTransfer[];
}

/**
 * How a queue is worked off when money is short:
 *
 * - `fifo`: each sender's oldest transfer, or none of its others
 * - `bypass`: a later, affordable transfer may pass a larger one that waits
 * - `offsetting`: FIFO, and two transfers that face each other settle together
 * - `multilateral`: FIFO, and the largest set that covers itself settles at once (M. Bech and
 *   K. Soramäki, "Gridlock resolution in interbank payment systems", Bank of Finland 9/2001):
 *   whoever could not pay its part gives back its youngest transfer, until all can
 */
export const QUEUE_ALGORITHMS = ['fifo', 'bypass', 'offsetting', 'multilateral'] as const;
export type QueueAlgorithm = (typeof QUEUE_ALGORITHMS)[number];

export interface QueueResult {
  readonly algorithm: QueueAlgorithm;
  /** Ids in the order of settlement; those of one step together. */
  readonly steps: readonly (readonly string[])[];
  readonly settledMinor: bigint;
  readonly settled: number;
  readonly unsettledMinor: bigint;
  /** In the order in which they came. */
  readonly unsettled: readonly string[];
  /** Sum over participants of how far each balance fell below its start. */
  readonly liquidityUsedMinor: bigint;
  /** Rounds from the first arrival until nothing more could settle. */
  readonly rounds: number;
  /** Sum of the rounds that settled transfers waited. */
  readonly waitedRounds: number;
  readonly balances: Readonly<Record<string, bigint>>;
}

/** Plays one trace by one algorithm. No balance ever goes below zero, nothing settles twice. */
export function settleQueue(trace: LiquidityTrace, algorithm: QueueAlgorithm): QueueResult {
  const desk = new Desk(trace);
  const rounds = [...new Set(trace.transfers.map(({ arrives }) => arrives))].sort((a, b) => a - b);
  let last = 0;
  for (const round of rounds) {
    desk.begin(round);
    while (settleOnce(desk, algorithm)) last = round;
  }
  return desk.result(algorithm, trace, rounds.length === 0 ? 0 : last - (rounds[0] ?? 0) + 1);
}

/** @returns whether anything settled, so that it is worth to look again */
function settleOnce(desk: Desk, algorithm: QueueAlgorithm): boolean {
  switch (algorithm) {
    case 'fifo':
      return settleHeads(desk);
    case 'bypass':
      return settleAffordable(desk);
    case 'offsetting':
      return settleHeads(desk) || settleFacingPair(desk);
    case 'multilateral':
      return settleHeads(desk) || settleCoveredSet(desk);
  }
}

function settleHeads(desk: Desk): boolean {
  let any = false;
  for (const queue of desk.queues()) {
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      if (!desk.canPay(head)) break;
      desk.settle([head]);
      any = true;
    }
  }
  return any;
}

function settleAffordable(desk: Desk): boolean {
  let any = false;
  for (const queue of desk.queues()) {
    for (const transfer of [...queue]) {
      if (!desk.canPay(transfer)) continue;
      desk.settle([transfer]);
      any = true;
    }
  }
  return any;
}

/** The heads of two queues that face each other, when the difference can be paid. */
function settleFacingPair(desk: Desk): boolean {
  for (const queue of desk.queues()) {
    const one = queue[0];
    if (one === undefined) continue;
    const other = desk.queueOf(one.to)[0];
    if (other?.to !== one.from) continue;
    if (!desk.covers([one, other])) continue;
    desk.settle([one, other]);
    return true;
  }
  return false;
}

/** Exact: the sets that keep each sender's order and cover themselves have one largest among them. */
function settleCoveredSet(desk: Desk): boolean {
  const kept = new Map<string, QueuedTransfer[]>();
  const balances = new Map<string, bigint>();
  for (const queue of desk.queues()) {
    for (const transfer of queue) {
      move(balances, transfer, (who) => desk.balanceOf(who), 1n);
    }
    if (queue[0] !== undefined) kept.set(queue[0].from, [...queue]);
  }
  const short = [...balances].filter(([, minor]) => minor < 0n).map(([who]) => who);
  for (let who = short.pop(); who !== undefined; who = short.pop()) {
    while ((balances.get(who) ?? 0n) < 0n) {
      const youngest = kept.get(who)?.pop();
      invariant(youngest !== undefined, `${who} is short without paying anything`);
      move(balances, youngest, (name) => desk.balanceOf(name), -1n);
      if ((balances.get(youngest.to) ?? 0n) < 0n) short.push(youngest.to);
    }
  }
  const set = [...kept.values()].flat();
  if (set.length === 0) return false;
  desk.settle(set);
  return true;
}

function move(
  balances: Map<string, bigint>,
  { from, to, minor }: QueuedTransfer,
  startOf: (who: string) => bigint,
  sign: 1n | -1n,
): void {
  balances.set(from, (balances.get(from) ?? startOf(from)) - sign * minor);
  balances.set(to, (balances.get(to) ?? startOf(to)) + sign * minor);
}

/** Balances and queues of one run. */
class Desk {
  private readonly balances: Map<string, bigint>;
  private readonly lowest: Map<string, bigint>;
  private readonly waiting = new Map<string, QueuedTransfer[]>();
  private readonly toCome: QueuedTransfer[];
  private readonly steps: string[][] = [];
  private readonly done = new Set<string>();
  private now = 0;
  private settledMinor = 0n;
  private waitedRounds = 0;

  constructor(trace: LiquidityTrace) {
    this.balances = new Map(Object.entries(trace.balances));
    this.lowest = new Map(this.balances);
    // The next one to come is the last, so that taking it costs nothing.
    this.toCome = trace.transfers
      .map((transfer, index) => ({ transfer, index }))
      .sort((a, b) => b.transfer.arrives - a.transfer.arrives || b.index - a.index)
      .map(({ transfer }) => transfer);
  }

  begin(round: number): void {
    this.now = round;
    for (let next = this.toCome.at(-1); next?.arrives === round; next = this.toCome.at(-1)) {
      this.toCome.pop();
      const queue = this.waiting.get(next.from);
      if (queue === undefined) this.waiting.set(next.from, [next]);
      else queue.push(next);
    }
  }

  /** By name, so that two runs of one trace are the same run. */
  queues(): QueuedTransfer[][] {
    return [...this.waiting]
      .filter(([, queue]) => queue.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, queue]) => queue);
  }

  queueOf(who: string): QueuedTransfer[] {
    return this.waiting.get(who) ?? [];
  }

  balanceOf(who: string): bigint {
    return this.balances.get(who) ?? 0n;
  }

  canPay(transfer: QueuedTransfer): boolean {
    return this.balanceOf(transfer.from) >= transfer.minor;
  }

  covers(transfers: readonly QueuedTransfer[]): boolean {
    const after = new Map<string, bigint>();
    for (const transfer of transfers) move(after, transfer, (who) => this.balanceOf(who), 1n);
    return [...after.values()].every((minor) => minor >= 0n);
  }

  /** All of them at one moment: only what is left afterwards must not be negative. */
  settle(transfers: readonly QueuedTransfer[]): void {
    invariant(this.covers(transfers), 'a settlement would overdraw somebody');
    for (const transfer of transfers) {
      invariant(!this.done.has(transfer.id), `${transfer.id} would settle twice`);
      this.done.add(transfer.id);
      move(this.balances, transfer, () => 0n, 1n);
      this.settledMinor += transfer.minor;
      this.waitedRounds += this.now - transfer.arrives;
      const queue = this.queueOf(transfer.from);
      queue.splice(queue.indexOf(transfer), 1);
    }
    for (const { from } of transfers) {
      const minor = this.balanceOf(from);
      if (minor < (this.lowest.get(from) ?? 0n)) this.lowest.set(from, minor);
    }
    this.steps.push(transfers.map(({ id }) => id));
  }

  result(algorithm: QueueAlgorithm, trace: LiquidityTrace, rounds: number): QueueResult {
    const unsettled = trace.transfers.filter(({ id }) => !this.done.has(id));
    const used = [...this.lowest].map(([who, low]) => (trace.balances[who] ?? 0n) - low);
    return {
      algorithm,
      steps: this.steps,
      settledMinor: this.settledMinor,
      settled: this.done.size,
      unsettledMinor: unsettled.reduce((sum, { minor }) => sum + minor, 0n),
      unsettled: unsettled.map(({ id }) => id),
      liquidityUsedMinor: used.reduce((sum, minor) => sum + minor, 0n),
      rounds,
      waitedRounds: this.waitedRounds,
      balances: Object.fromEntries([...this.balances].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
