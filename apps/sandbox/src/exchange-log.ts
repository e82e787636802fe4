import type { PartnerReply } from '#platform/partner-http/index';
import type { WireExchange } from '#platform/wire/index';

/** One signed exchange as a person follows it. */
export interface Step {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly operation: string;
  readonly resultStatus: string;
  readonly resultCode: string;
  readonly resultMessage: string;
  readonly ms: number;
}

const TRACES_KEPT = 2_000;

/**
 * Both directions of every partner's wire, gathered by trace: the hub passes a trace on, so what
 * a wallet began and what the acquirer was told in the end stand in one list.
 */
export class ExchangeLog {
  private readonly traces = new Map<string, Step[]>();

  constructor(private readonly enabled: boolean) {}

  /** A call a partner made to the hub. */
  called(from: string, operation: string, traceId: string, reply: PartnerReply): void {
    const result =
      reply.kind === 'answer'
        ? reply.result
        : { resultStatus: '?', resultCode: reply.reason, resultMessage: reply.detail };
    this.add(traceId, { from, to: 'hub', operation, ...result, ms: reply.elapsedMs });
  }

  /** A call a partner answered. */
  answered(to: string, exchange: WireExchange): void {
    const { operation, result, elapsedMs: ms } = exchange;
    this.add(exchange.traceId, { from: 'hub', to, operation, ...result, ms });
  }

  /** Oldest first. */
  steps(traceId: string): readonly Step[] {
    return this.traces.get(traceId) ?? [];
  }

  private add(traceId: string, step: Omit<Step, 'atMs'>): void {
    if (!this.enabled) return;
    const now = Date.now();
    const noted = { atMs: now - Math.round(step.ms), ...step, ms: Math.round(step.ms * 10) / 10 };
    const steps = this.traces.get(traceId);
    if (steps !== undefined) {
      steps.push(noted);
      steps.sort((a, b) => a.atMs - b.atMs);
      return;
    }
    this.traces.set(traceId, [noted]);
    const oldest = this.traces.keys().next().value;
    if (this.traces.size > TRACES_KEPT && oldest !== undefined) this.traces.delete(oldest);
  }
}
