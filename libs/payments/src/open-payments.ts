import type { PaymentId } from '#domain/ids';
import { decideOpen, type OpenCommand } from '#domain/payments/decide-open';
import type { Instruction, Payment } from '#domain/payments/payment';
import type { Rejection } from '#domain/rejection';
import type { RouteTarget } from '#domain/routing/place';
import { NetworkDirectory } from '#corridors';
import { Batcher } from '#platform/batcher';
import { CLOCK, type Clock } from '#platform/clock';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { traceOpening } from './payment-spans.js';
import { recordDecisions, type DecidedNow } from './decision-log.js';
import { PaymentRepository } from './payment-repository.js';
import { QuoteDesk } from './quote-desk.js';
import {
  claimRequests,
  conflictOf,
  requestKeyOf,
  type RequestKey,
  type StoredRequest,
} from './request-keys.js';
import { ReservationContext, type PayerWish } from './reservation-context.js';
import { CROWD_LINGER_MS, PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import { lockUserCodes, markCodesUsed, refusalOfCode, type UserCode } from './user-codes.js';

/** A request to open a payment, before its keys are claimed and its payer is looked up. */
export interface OpenRequest {
  readonly command: OpenCommand;
  /** All must be new; the first one is the caller's, whose repeat gets the stored answer. */
  readonly keys: readonly RequestKey[];
  /** The code shown by the payer, in user-presented mode; it names wallet and customer. */
  readonly userCode: string | null;
  readonly target: RouteTarget;
}

export type OpenResult =
  | { readonly kind: 'opened'; readonly payment: Payment; readonly instruction: Instruction | null }
  /** The same request came before; answer from the payment. */
  | { readonly kind: 'repeat'; readonly paymentId: PaymentId }
  | { readonly kind: 'conflict'; readonly rejection: Rejection };

/** Opens payments in batches: gather, decide one by one, commit together. */
@Injectable()
export class OpenPayments {
  private readonly batcher: Batcher<OpenRequest, OpenResult>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly network: NetworkDirectory,
    private readonly quotes: QuoteDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {
    this.batcher = new Batcher((requests) => this.run(requests), {
      maxSize: settings.batchSize,
      crowdLingerMs: CROWD_LINGER_MS,
    });
  }

  async open(request: OpenRequest): Promise<OpenResult> {
    const startMs = Date.now();
    const result = await this.batcher.submit(request);
    if (result.kind === 'opened') traceOpening(result.payment.id, result.payment, startMs);
    return result;
  }

  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async run(requests: readonly OpenRequest[]): Promise<OpenResult[]> {
    const { results, confirmQuotes } = await this.dataSource.transaction((tx) =>
      this.decideAll(tx, requests),
    );
    confirmQuotes();
    return results;
  }

  private async decideAll(
    tx: EntityManager,
    requests: readonly OpenRequest[],
  ): Promise<{ results: OpenResult[]; confirmQuotes: () => void }> {
    const claims = requests.flatMap((request) =>
      request.keys.map((key) => ({ ...key, paymentId: request.command.id })),
    );
    const shown = requests.flatMap((request) => request.userCode ?? []);
    const [winners, codes] = await Promise.all([
      claimRequests(tx, claims),
      lockUserCodes(tx, shown),
    ]);
    const nowMs = this.clock.nowMs();
    const wishes = requests.map((request) => wishOf(request, codes));
    const reservations = await ReservationContext.gather(tx, {
      network: this.network.current(),
      quotes: this.quotes,
      nowMs,
      wishes: wishes.filter((wish) => wish !== undefined),
      also: [],
    });
    const opened: OpenedPayment[] = [];
    const results = requests.map((request, index): OpenResult => {
      const lost = lostClaim(request, winners);
      if (lost !== undefined) return lost;
      const decided = this.decideOne(
        { ...request, command: withReuse(request, winners) },
        wishes[index],
        { codes, reservations, nowMs },
      );
      opened.push(decided);
      return { kind: 'opened', payment: decided.payment, instruction: decided.instruction };
    });
    return { results, confirmQuotes: await this.commit(tx, opened, reservations) };
  }

  private decideOne(
    request: OpenRequest,
    wish: PayerWish | undefined,
    batch: {
      readonly codes: Map<string, UserCode>;
      readonly reservations: ReservationContext;
      readonly nowMs: number;
    },
  ): OpenedPayment {
    const { userCode } = request;
    const refusal =
      request.command.refusal ??
      (userCode === null ? null : refusalOfCode(batch.codes.get(userCode), batch.nowMs));
    const payer =
      wish === undefined ? null : { walletId: wish.walletId, customerId: wish.customerId };
    const command: OpenCommand = { ...request.command, payer, refusal };
    const decision = {
      ...decideOpen(
        refusal === null && wish !== undefined ? batch.reservations.contextFor(wish) : undefined,
        command,
        this.settings.dutyPolicy,
        batch.nowMs,
      ),
      decided: {
        nowMs: batch.nowMs,
        clearingMs: null,
        command: { kind: 'open', command, target: request.target },
      } satisfies DecidedNow,
    };
    batch.reservations.apply(decision.change);
    const code = userCode === null ? undefined : batch.codes.get(userCode);
    // A code is spent by whatever was decided about its payer, not by a till's own mistake.
    if (code === undefined || refusal !== null) return { ...decision, usedCode: null };
    batch.codes.set(code.code, { ...code, usedBy: decision.payment.id });
    return { ...decision, usedCode: code.code };
  }

  private async commit(
    tx: EntityManager,
    opened: readonly OpenedPayment[],
    reservations: ReservationContext,
  ): Promise<() => void> {
    const payments = opened.map(({ payment }) => payment);
    const records = opened.flatMap((decided) => decided.records);
    const uses = opened.flatMap(({ usedCode, payment }) =>
      usedCode === null ? [] : [{ code: usedCode, paymentId: payment.id }],
    );
    const [confirmQuotes] = await Promise.all([
      this.quotes.store(tx),
      this.payments.insert(tx, payments),
      this.payments.record(tx, records),
      markCodesUsed(tx, uses),
      reservations.commit(tx),
      this.settings.decisionLog
        ? recordDecisions(
            tx,
            opened.map(({ decided }) => decided),
          )
        : undefined,
    ]);
    return confirmQuotes;
  }
}

type OpenedPayment = ReturnType<typeof decideOpen> & {
  readonly usedCode: string | null;
  readonly decided: DecidedNow;
};

function wishOf(request: OpenRequest, codes: ReadonlyMap<string, UserCode>): PayerWish | undefined {
  const { command, userCode } = request;
  const payer = userCode === null ? command.payer : codes.get(userCode);
  if (payer === null || payer === undefined) return undefined;
  return {
    walletId: payer.walletId,
    customerId: payer.customerId,
    paymentCurrency: command.paymentAmount.currency,
    settlementCurrency: command.settlementCurrency,
    route: {
      walletId: payer.walletId,
      mode: command.mode,
      target: request.target,
      currency: command.paymentAmount.currency,
    },
  };
}

/** Whether the caller's own key belongs to another payment, and what that means. */
function lostClaim(
  request: OpenRequest,
  winners: ReadonlyMap<string, StoredRequest>,
): OpenResult | undefined {
  const [key] = request.keys;
  const winner = key === undefined ? undefined : winners.get(requestKeyOf(key));
  if (key === undefined || winner === undefined || winner.paymentId === request.command.id) {
    return undefined;
  }
  const rejection = conflictOf(winner, key);
  return rejection === undefined
    ? { kind: 'repeat', paymentId: winner.paymentId }
    : { kind: 'conflict', rejection };
}

/**
 * The caller's key is new, but a key of the other side is not (an acquirer gave two orders one
 * id): that is a refusal to be stored, not a repeat, since the caller asked for something new.
 */
function withReuse(request: OpenRequest, winners: ReadonlyMap<string, StoredRequest>): OpenCommand {
  const reused = request.keys.find((key) => {
    const winner = winners.get(requestKeyOf(key));
    return winner !== undefined && winner.paymentId !== request.command.id;
  });
  if (reused === undefined) return request.command;
  return {
    ...request.command,
    refusal: {
      code: 'REPEAT_REQ_INCONSISTENT',
      detail: `${reused.participantId} used ${reused.requestId} for another payment before.`,
    },
  };
}
