import {
  initiateEscalationRequest,
  initiateRetrievalRequest,
  parseWireTime,
  readWire,
  responseEscalationRequest,
  responseRetrievalRequest,
} from '#contracts/partner-wire/index';
import type { DisputeAnswer } from '#domain/disputes/answer-dispute';
import type { Dispute } from '#domain/disputes/dispute';
import { accepted, type Outcome, type PartnerResult } from '#domain/rejection';
import type { WireAnswer, WireCall, WireOperationHandler } from '#platform/wire/wire-call';
import { Injectable } from '@nestjs/common';
import { DisputeDesk, type Taken } from './dispute-desk.js';
import { DisputeMessages } from './dispute-messages.js';
import { isoOf } from './dispute-row.js';

const SUCCESS: PartnerResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};

/** What wallets and acquirers may call at the hub about disputes. */
@Injectable()
export class DisputeOperations {
  constructor(
    private readonly desk: DisputeDesk,
    private readonly messages: DisputeMessages,
  ) {}

  handlers(): Map<string, WireOperationHandler> {
    const wallets = ['mpp'] as const;
    const acquirers = ['acqp'] as const;
    return new Map<string, WireOperationHandler>([
      [
        'disputes/initiateRetrieval',
        { roles: wallets, handle: (call) => this.startRetrieval(call) },
      ],
      [
        'disputes/initiateEscalation',
        { roles: wallets, handle: (call) => this.startEscalation(call) },
      ],
      [
        'disputes/responseRetrieval',
        { roles: acquirers, handle: (call) => this.answerRetrieval(call) },
      ],
      [
        'disputes/responseEscalation',
        { roles: acquirers, handle: (call) => this.answerEscalation(call) },
      ],
    ]);
  }

  private async startRetrieval(call: WireCall): Promise<WireAnswer> {
    const read = readWire(initiateRetrievalRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, paymentRequestId, disputeReason, evidence } = read.value;
    const taken = await this.desk.start({
      kind: 'retrieval',
      walletId: call.participantId,
      walletRequestId: disputeRequestId,
      paymentId: paymentRequestId,
      reason: disputeReason ?? null,
      amount: null,
      evidence: evidence ?? null,
      traceId: call.traceId,
    });
    return this.startAnswer(taken);
  }

  private async startEscalation(call: WireCall): Promise<WireAnswer> {
    const read = readWire(initiateEscalationRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, paymentRequestId, disputeReason, evidence } = read.value;
    const taken = await this.desk.start({
      kind: 'escalation',
      walletId: call.participantId,
      walletRequestId: disputeRequestId,
      paymentId: paymentRequestId,
      reason: disputeReason ?? null,
      amount: read.value.escalationAmount,
      evidence: evidence ?? null,
      traceId: call.traceId,
    });
    return this.startAnswer(taken);
  }

  private async answerRetrieval(call: WireCall): Promise<WireAnswer> {
    const read = readWire(responseRetrievalRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, responseCode, evidence } = read.value;
    const answer: DisputeAnswer = { kind: 'retrieval', responseCode };
    const { participantId } = call;
    const taken = await this.desk.answer(participantId, disputeRequestId, answer, evidence ?? null);
    return this.acknowledge(taken);
  }

  private async answerEscalation(call: WireCall): Promise<WireAnswer> {
    const read = readWire(responseEscalationRequest, call.body);
    if (!read.ok) return read;
    const { disputeRequestId, refundType, refundAmount, plannedRefundTime, evidence } = read.value;
    const answer: DisputeAnswer = {
      kind: 'escalation',
      refundType,
      refundAmount: refundAmount ?? null,
      plannedRefundAtMs:
        plannedRefundTime === undefined ? null : (parseWireTime(plannedRefundTime) ?? null),
    };
    const { participantId } = call;
    const taken = await this.desk.answer(participantId, disputeRequestId, answer, evidence ?? null);
    return this.acknowledge(taken);
  }

  private startAnswer(taken: Outcome<Taken>): WireAnswer {
    const told = this.told(taken);
    if (!told.ok) return told;
    const { walletRequestId, paymentId, answerDueAtMs } = told.value;
    return {
      result: SUCCESS,
      disputeRequestId: walletRequestId,
      paymentRequestId: paymentId,
      responseDueTime: isoOf(answerDueAtMs),
    };
  }

  private acknowledge(taken: Outcome<Taken>): WireAnswer {
    const told = this.told(taken);
    return told.ok ? { result: SUCCESS, disputeRequestId: told.value.id } : told;
  }

  /** Passes a fresh dispute or answer on behind the reply. */
  private told(taken: Outcome<Taken>): Outcome<Dispute> {
    if (!taken.ok) return taken;
    const { dispute, fresh } = taken.value;
    if (fresh) this.messages.follow(dispute);
    return accepted(dispute);
  }
}
