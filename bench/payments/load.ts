import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import { verifyMessage } from '#platform/signing/sign';
import { PAY_PATH, type Order } from './orders.js';
import { WireLane, type RawAnswer } from './wire-client.js';

/** What one stretch of load came to. */
export interface LoadResult {
  readonly sent: number;
  readonly succeeded: number;
  /** Answers that are no success, by result code; and exchanges that broke, as `connection`. */
  readonly failures: Readonly<Record<string, number>>;
  readonly verified: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Of this many answers one is read and its signature verified. */
const VERIFY_EVERY = 50;
/** Connections of an open load; arrivals beyond them wait, and the wait counts. */
const OPEN_LANES = 256;

/** A till that sends prepared orders to the hub; orders are used up. */
export class Load {
  private readonly latenciesMs: number[] = [];
  private readonly failures: Record<string, number> = {};
  private succeeded = 0;
  private verified = 0;

  private constructor(private readonly target: { port: number; host: string; hubKey: KeyObject }) {}

  /** So many callers, each sending its next request when it has its answer. */
  static async closed(
    target: { port: number; host: string; hubKey: KeyObject },
    orders: Order[],
    callers: number,
    seconds: number,
  ): Promise<LoadResult> {
    const load = new Load(target);
    const lanes = await load.openLanes(callers);
    const startedMs = performance.now();
    const endMs = startedMs + seconds * 1_000;
    await Promise.all(
      lanes.map(async (lane) => {
        while (performance.now() < endMs) {
          const order = orders.pop();
          if (order === undefined) return;
          await load.pay(lane, order, performance.now());
        }
      }),
    );
    return load.close(lanes, startedMs);
  }

  /**
   * Requests at a steady rate, whether answers come or not. Latency counts from the moment a
   * request was due, so that a stall is paid for by everyone who would have come meanwhile.
   */
  static async open(
    target: { port: number; host: string; hubKey: KeyObject },
    orders: Order[],
    perSecond: number,
    seconds: number,
  ): Promise<LoadResult> {
    const load = new Load(target);
    const lanes = await load.openLanes(OPEN_LANES);
    const free = [...lanes];
    const due: { order: Order; atMs: number }[] = [];
    const underway = new Set<Promise<void>>();
    const dispatch = (): void => {
      for (let lane = free.pop(); lane !== undefined; lane = free.pop()) {
        const next = due.shift();
        if (next === undefined) {
          free.push(lane);
          return;
        }
        const used = lane;
        const paid = load.pay(used, next.order, next.atMs).then(() => {
          free.push(used);
          underway.delete(paid);
          dispatch();
        });
        underway.add(paid);
      }
    };
    const startedMs = performance.now();
    const total = Math.min(orders.length, Math.round(perSecond * seconds));
    for (let sent = 0; sent < total;) {
      const elapsedMs = performance.now() - startedMs;
      for (; sent < total && (sent * 1_000) / perSecond <= elapsedMs; sent++) {
        const order = orders.pop();
        if (order !== undefined) due.push({ order, atMs: startedMs + (sent * 1_000) / perSecond });
      }
      dispatch();
      await sleep(1);
    }
    while (underway.size > 0 || due.length > 0) await Promise.race([...underway, sleep(5)]);
    return load.close(lanes, startedMs);
  }

  private async openLanes(count: number): Promise<WireLane[]> {
    const { port, host } = this.target;
    const lanes = Array.from({ length: count }, () => new WireLane(port, host));
    await Promise.all(lanes.map((lane) => lane.open()));
    return lanes;
  }

  private async pay(lane: WireLane, order: Order, fromMs: number): Promise<void> {
    try {
      const answer = await lane.send(order.bytes);
      this.latenciesMs.push(performance.now() - fromMs);
      this.count(answer, order);
    } catch {
      this.fail('connection');
      await lane.open().catch(() => sleep(50));
    }
  }

  private count(answer: RawAnswer, order: Order): void {
    const sampled = this.latenciesMs.length % VERIFY_EVERY === 1;
    const success = answer.body.includes('"resultStatus":"S"');
    if (answer.status === 200 && success && !(sampled && !this.isTrue(answer, order))) {
      this.succeeded += 1;
      return;
    }
    if (success) this.fail(answer.status === 200 ? 'untrue answer' : String(answer.status));
    else this.fail(/"resultCode":"(\w+)"/.exec(answer.body.toString())?.[1] ?? 'unreadable');
  }

  /** Signed by the hub, and of the payment that was asked for. */
  private isTrue(answer: RawAnswer, order: Order): boolean {
    this.verified += 1;
    const header = (name: string): string =>
      new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(answer.head)?.[1] ?? '';
    const message = {
      method: 'POST',
      path: PAY_PATH,
      clientId: header('client-id'),
      time: header('response-time'),
      body: answer.body,
    };
    const body = JSON.parse(answer.body.toString('utf8')) as {
      paymentAmount?: { currency?: string; value?: string };
      acquirerId?: string;
    };
    return (
      verifyMessage(message, header('signature'), this.target.hubKey) === 'valid' &&
      body.acquirerId === order.acquirerId &&
      body.paymentAmount?.currency === order.currency &&
      body.paymentAmount.value === String(order.minor)
    );
  }

  private fail(code: string): void {
    this.failures[code] = (this.failures[code] ?? 0) + 1;
  }

  private close(lanes: readonly WireLane[], startedMs: number): LoadResult {
    const seconds = (performance.now() - startedMs) / 1_000;
    for (const lane of lanes) lane.close();
    const sorted = Float64Array.from(this.latenciesMs).sort();
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
    const failed = Object.values(this.failures).reduce((sum, count) => sum + count, 0);
    return {
      sent: this.succeeded + failed,
      succeeded: this.succeeded,
      failures: this.failures,
      verified: this.verified,
      seconds,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      maxMs: at(1),
    };
  }
}
