import { Loop } from '#clearing';
import type { OutboxBell } from '#ledger';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource, EntityManager } from 'typeorm';
import type { SettlementPaymentId } from '#domain/settlement/obligation';
import { dateHeldObligations } from './date-held.js';
import type { PrefundDesk } from './prefund-desk.js';
import { answerOfSimulatedBank, findBehaviour, type BankOrder } from './settlement-bank.js';
import type { SettlementDesk } from './settlement-desk.js';
import type { SettlementRuns } from './settlement-runs.js';

const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 5_000;
/** When a bank that said nothing is asked again. */
const ASK_AGAIN_MS = 60_000;
const ASK_AT_ONCE = 50;

export interface SettlementKeeperTerms {
  /** Whether the simulated settlement bank answers; else operators bring what their bank said. */
  readonly simulatedBank: boolean;
}

/**
 * Settles by itself: nets final cycles, instructs what is due, asks the bank. Any number may run;
 * every step finds its work in rows and locks it.
 */
export class SettlementKeeper {
  private readonly loop: Loop;

  constructor(
    private readonly dataSource: DataSource,
    private readonly parts: {
      readonly runs: SettlementRuns;
      readonly desk: SettlementDesk;
      readonly prefunds: PrefundDesk;
      readonly bell: OutboxBell;
    },
    private readonly terms: SettlementKeeperTerms,
    private readonly log: Logger,
  ) {
    this.loop = new Loop({
      name: 'settlement',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run: () => this.turn(),
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Does everything whose time has come. */
  async turn(): Promise<void> {
    const { runs, desk, prefunds, bell } = this.parts;
    const netted = await runs.runDue();
    if (netted.length > 0) await prefunds.followAgreedTerms(this.dataSource);
    await this.dataSource.transaction(dateHeldObligations);
    let instructed: number;
    do {
      instructed = await this.dataSource.transaction((tx) => desk.instructDue(tx));
    } while (instructed > 0);
    const answered = this.terms.simulatedBank ? await this.askBank() : 0;
    if (netted.length > 0 || answered > 0) bell.ring();
  }

  /** @returns how many payments the bank answered */
  private async askBank(): Promise<number> {
    let answered = 0;
    for (;;) {
      const orders = await this.dataSource.transaction(claimOrders);
      for (const order of orders) {
        const behaviour = await findBehaviour(this.dataSource.manager, order.participantId);
        const answer = answerOfSimulatedBank(order, behaviour);
        if (answer === null) continue;
        const outcome = await this.dataSource.transaction((tx) =>
          this.parts.desk.answer(tx, order.paymentId, answer, 'simulated bank'),
        );
        if (outcome.ok) answered += 1;
        else this.log.warn({ order, outcome }, 'an answer of the bank came too late');
      }
      if (orders.length < ASK_AT_ONCE) return answered;
    }
  }
}

/** Takes payments to ask about, and lets nobody else ask for a while. */
async function claimOrders(tx: EntityManager): Promise<BankOrder[]> {
  const [rows] = await tx.query<
    [
      {
        id: SettlementPaymentId;
        participant_id: string;
        currency: string;
        direction: 'in' | 'out';
        minor: string;
      }[],
      number,
    ]
  >(
    `UPDATE settlement_payments p SET ask_at = hub_clock() + $1 * interval '1 millisecond'
     FROM obligations o
     WHERE o.id = p.obligation_id AND p.id IN (
       SELECT id FROM settlement_payments
       WHERE state = 'instructed' AND ask_at <= hub_clock()
       ORDER BY ask_at, id LIMIT ${ASK_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING p.id, o.participant_id, o.currency, p.direction, p.minor`,
    [ASK_AGAIN_MS],
  );
  return rows.map((row) => ({
    paymentId: row.id,
    participantId: row.participant_id,
    currency: row.currency,
    direction: row.direction,
    minor: BigInt(row.minor),
  }));
}
