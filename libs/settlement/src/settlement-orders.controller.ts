import {
  bankBehaviour,
  confirmation,
  failure,
  prefundOrder,
  prefundView,
  settlementPaymentView,
  type BankBehaviourRequest,
  type Confirmation,
  type Failure,
  type PrefundOrderRequest,
  type PrefundView,
  type SettlementPaymentView,
} from '#contracts/operator/settlement';
import type { BankAnswer } from '#domain/settlement/decide-answer';
import { OutboxBell } from '#ledger';
import { AuditLog, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Body, Controller, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { PrefundDesk } from './prefund-desk.js';
import { setBehaviour } from './settlement-bank.js';
import { SettlementDesk } from './settlement-desk.js';
import { amountOf, findSettlementPayment } from './settlement-views.js';

/** What operators tell about money: what arrived, what did not, and who laid down cover. */
@ApiTags('settlement')
@Controller('api')
@NeedsScope('settlement:write')
export class SettlementOrdersController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SettlementDesk) private readonly desk: SettlementDesk,
    @Inject(PrefundDesk) private readonly prefunds: PrefundDesk,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(OutboxBell) private readonly bell: OutboxBell,
  ) {}

  @Post('settlements/:id/confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'The bank moved the money, or a part of it' })
  @ApiOkResponse({ standardSchema: settlementPaymentView })
  @ApiNotFoundResponse({ description: 'No settlement payment has this id' })
  async confirm(
    @Param('id') id: string,
    @Body({ schema: confirmation }) { minor, bankReference }: Confirmation,
    @TheOperator() operator: OperatorCaller,
  ): Promise<SettlementPaymentView> {
    const before = await findSettlementPayment(this.dataSource.manager, id);
    const asked = minor ?? before?.amount.value ?? '0';
    const answer: BankAnswer = { kind: 'confirmed', minor: BigInt(asked), bankReference };
    return this.answer(id, answer, operator);
  }

  @Post('settlements/:id/fail')
  @HttpCode(200)
  @ApiOperation({ summary: 'The bank did not move the money; it is tried again next business day' })
  @ApiOkResponse({ standardSchema: settlementPaymentView })
  @ApiNotFoundResponse({ description: 'No settlement payment has this id' })
  fail(
    @Param('id') id: string,
    @Body({ schema: failure }) { reason }: Failure,
    @TheOperator() operator: OperatorCaller,
  ): Promise<SettlementPaymentView> {
    return this.answer(id, { kind: 'failed', reason }, operator);
  }

  @Post('participants/:id/prefund')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cover that a participant laid down, or takes back' })
  @ApiOkResponse({ standardSchema: prefundView })
  @ApiNotFoundResponse({ description: 'The participant has no exposure account there' })
  async prefund(
    @Param('id') participantId: string,
    @Body({ schema: prefundOrder }) order: PrefundOrderRequest,
    @TheOperator() operator: OperatorCaller,
  ): Promise<PrefundView> {
    const view = await this.dataSource.transaction(async (tx) => {
      const minor = BigInt(order.minor);
      const by = operator.person;
      const moved = await this.prefunds.move(tx, { ...order, participantId, minor, by });
      if (!moved.ok) throw problemOf(moved.rejection);
      const { id, prefundMinor } = moved.value;
      await this.audit.record(tx, {
        caller: operator,
        scope: 'settlement:write',
        action: `prefund.${order.kind}`,
        subject: participantId,
        after: { movement: id, currency: order.currency, prefund: prefundMinor.toString() },
      });
      return { id, participant: participantId, prefund: amountOf(order.currency, prefundMinor) };
    });
    this.bell.ring();
    return view;
  }

  @Put('settlement-bank/:participant')
  @ApiOperation({ summary: 'How the simulated settlement bank treats a participant' })
  @ApiOkResponse({ standardSchema: bankBehaviour })
  async behave(
    @Param('participant') participant: string,
    @Body({ schema: bankBehaviour }) behaviour: BankBehaviourRequest,
    @TheOperator() operator: OperatorCaller,
  ): Promise<BankBehaviourRequest> {
    await this.dataSource.transaction(async (tx) => {
      await setBehaviour(tx, participant.slice(0, 64), behaviour);
      await this.audit.record(tx, {
        caller: operator,
        scope: 'settlement:write',
        action: 'settlement-bank.behave',
        subject: participant,
        after: { ...behaviour },
      });
    });
    return behaviour;
  }

  private async answer(
    id: string,
    answer: BankAnswer,
    operator: OperatorCaller,
  ): Promise<SettlementPaymentView> {
    const view = await this.dataSource.transaction(async (tx) => {
      const before = await findSettlementPayment(tx, id);
      const outcome = await this.desk.answer(tx, id, answer, operator.person);
      if (!outcome.ok) throw problemOf(outcome.rejection);
      const after = await findSettlementPayment(tx, id);
      await this.audit.record(tx, {
        caller: operator,
        scope: 'settlement:write',
        action: `settlement.${answer.kind}`,
        subject: id,
        before: before === undefined ? null : { state: before.state },
        after: { state: after?.state, confirmed: after?.confirmed.value },
      });
      return after;
    });
    this.bell.ring();
    if (view === undefined) throw new Error(`settlement payment ${id} vanished`);
    return view;
  }
}
