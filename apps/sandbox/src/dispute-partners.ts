import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  acquirerInitiateEscalationRequest,
  acquirerInitiateRetrievalRequest,
  OPERATION_TIMEOUTS_MS,
  readWire,
  walletResponseEscalationRequest,
  walletResponseRetrievalRequest,
} from '#contracts/partner-wire/index';
import { toWireAmount, type Money } from '#domain/money';
import type { PartnerResult } from '#domain/rejection';
import { newTraceId } from '#platform/telemetry/context';
import type { WireAnswer, WireCall, WireOperationHandler } from '#platform/wire/index';
import type { PartnerLine } from './partner-line.js';
import { resultOfReply } from './wallet-app.js';
import { SUCCESS } from './wire-words.js';

/** How a simulated acquirer answers, chosen by the last word of the dispute's reason. */
export const DISPUTE_BEHAVIOURS = {
  refuse: { responseCode: '0003', refundType: 'REFUSE_REFUND' },
  half: { responseCode: '0002', refundType: 'ACCEPT_PARTIAL_REFUND' },
  silent: undefined,
  ok: { responseCode: '0001', refundType: 'ACCEPT_REFUND' },
} as const;

const ROLES = ['hub'] as const;
/** The hub must hear the acknowledgement before the answer, as from a person who reads first. */
const READING_MS = 200;

export interface StartDispute {
  /** The hub's id of the payment. */
  readonly paymentId: string;
  /** Given for an escalation; absent for a retrieval. */
  readonly amount?: { readonly currency: string; readonly value: string } | undefined;
  readonly reason?: string | undefined;
}

/** A wallet's part: it starts disputes and hears how they end. */
export class WalletDisputes {
  constructor(private readonly line: PartnerLine) {}

  static handlers(): [string, WireOperationHandler][] {
    return [
      [
        'disputes/responseRetrieval',
        {
          roles: ROLES,
          handle: (call) => hear(readWire(walletResponseRetrievalRequest, call.body)),
        },
      ],
      [
        'disputes/responseEscalation',
        {
          roles: ROLES,
          handle: (call) => hear(readWire(walletResponseEscalationRequest, call.body)),
        },
      ],
    ];
  }

  async start({ paymentId, amount, reason }: StartDispute): Promise<{
    readonly result: PartnerResult;
    readonly disputeRequestId: string;
  }> {
    const operation =
      amount === undefined ? 'disputes/initiateRetrieval' : 'disputes/initiateEscalation';
    const disputeRequestId = `dispute_${randomBytes(12).toString('hex')}`;
    const reply = await this.line.call({
      operation,
      traceId: newTraceId(),
      timeoutMs: OPERATION_TIMEOUTS_MS[operation],
      body: {
        disputeRequestId,
        paymentRequestId: paymentId,
        ...(amount === undefined ? {} : { escalationAmount: amount }),
        ...(reason === undefined ? {} : { disputeReason: reason }),
      },
    });
    return { result: resultOfReply(reply), disputeRequestId };
  }
}

/** An acquirer's part: it acknowledges a dispute, and answers it a moment later. */
export class AcquirerDisputes {
  constructor(private readonly line: PartnerLine) {}

  handlers(): [string, WireOperationHandler][] {
    return [
      ['disputes/initiateRetrieval', { roles: ROLES, handle: (call) => this.retrieval(call) }],
      ['disputes/initiateEscalation', { roles: ROLES, handle: (call) => this.escalation(call) }],
    ];
  }

  private async retrieval(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerInitiateRetrievalRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, disputeReason } = read.value;
    const behaviour = behaviourOf(disputeReason);
    const body = { disputeRequestId, responseCode: behaviour?.responseCode };
    if (behaviour !== undefined) void this.answer('disputes/responseRetrieval', call, body);
    return Promise.resolve({ result: SUCCESS });
  }

  private async escalation(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerInitiateEscalationRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, disputeReason, escalationAmount } = read.value;
    const behaviour = behaviourOf(disputeReason);
    if (behaviour !== undefined) {
      const { refundType } = behaviour;
      const refundAmount =
        refundType === 'ACCEPT_PARTIAL_REFUND'
          ? { refundAmount: toWireAmount(halfOf(escalationAmount)) }
          : {};
      const body = { disputeRequestId, refundType, ...refundAmount };
      void this.answer('disputes/responseEscalation', call, body);
    }
    return Promise.resolve({ result: SUCCESS });
  }

  private async answer(
    operation: 'disputes/responseRetrieval' | 'disputes/responseEscalation',
    { traceId }: WireCall,
    body: object,
  ): Promise<void> {
    await sleep(READING_MS, undefined, { ref: false });
    const timeoutMs = OPERATION_TIMEOUTS_MS[operation];
    await this.line.call({ operation, traceId, timeoutMs, body });
  }
}

function hear(read: ReturnType<typeof readWire>): Promise<WireAnswer> {
  return Promise.resolve(read.ok ? { result: SUCCESS } : read);
}

function behaviourOf(reason = ''): (typeof DISPUTE_BEHAVIOURS)[keyof typeof DISPUTE_BEHAVIOURS] {
  const word = reason.toLowerCase().split(/\W+/).at(-1) ?? '';
  return Object.hasOwn(DISPUTE_BEHAVIOURS, word)
    ? DISPUTE_BEHAVIOURS[word as keyof typeof DISPUTE_BEHAVIOURS]
    : DISPUTE_BEHAVIOURS.ok;
}

function halfOf({ currency, minor }: Money): Money {
  return { currency, minor: minor > 1n ? minor / 2n : minor };
}
