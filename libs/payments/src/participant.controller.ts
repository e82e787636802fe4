import { approval, type ApprovalView } from '#contracts/operator/operators';
import { capsRequest, type CapsRequest } from '#contracts/operator/caps';
import { keyOfCursor, type Page } from '#contracts/operator/paging';
import {
  participantPaymentPage,
  participantPaymentQuery,
  participantPaymentTerms,
  type ParticipantPaymentQuery,
  type ParticipantPaymentTerms,
  type ParticipantPaymentView,
} from '#contracts/operator/participant-payments';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import { NetworkDirectory } from '#corridors';
import { CLOCK, type Clock } from '#platform/clock';
import {
  Approvals,
  NeedsScope,
  OwnParticipant,
  TheOperator,
  type OperatorCaller,
} from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { CAPS_CHANGE, ChangeCaps } from './change-caps.js';
import { isPartyTo, participantPaymentView, participantTermsView } from './participant-views.js';
import { PaymentRepository } from './payment-repository.js';

/** What a participant sees of its own payments, and what it may owe. */
@ApiTags('participants')
@Controller('api/participants/:id')
export class ParticipantController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly network: NetworkDirectory,
    private readonly caps: ChangeCaps,
    private readonly approvals: Approvals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('payments')
  @OwnParticipant()
  @ApiOperation({ summary: "A participant's payments, its own leg alone; newest first" })
  @ApiOkResponse({ standardSchema: participantPaymentPage })
  async list(
    @Param('id') id: string,
    @Query({ schema: participantPaymentQuery }) query: ParticipantPaymentQuery,
  ): Promise<Page<ParticipantPaymentView>> {
    const role = this.roleOf(id);
    const page = await this.payments.list(this.dataSource.manager, {
      state: query.state,
      limit: query.limit,
      // Only a place in the list: whoever's it was, the list is this participant's.
      cursor: keyOfCursor(query.cursor),
      ...(role === 'mpp' ? { wallet: id } : { acquirer: id }),
    });
    return {
      items: page.items.map((payment) => participantPaymentView(payment, role)),
      nextCursor:
        page.nextCursor === null
          ? null
          : Buffer.from(page.nextCursor, 'utf8').toString('base64url'),
    };
  }

  @Get('payments/:paymentId')
  @OwnParticipant()
  @ApiOperation({ summary: "One payment of a participant, with its own leg's terms" })
  @ApiOkResponse({ standardSchema: participantPaymentTerms })
  @ApiNotFoundResponse({ description: 'The participant has no payment with this id' })
  async show(
    @Param('id') id: string,
    @Param('paymentId') paymentId: string,
  ): Promise<ParticipantPaymentTerms> {
    const role = this.roleOf(id);
    const payment = await this.payments.find(this.dataSource.manager, paymentId);
    // Another's payment and none at all are told apart by nothing.
    if (payment === undefined || !isPartyTo(payment, role, id)) {
      const detail = `${id} has no payment ${paymentId.slice(0, 80)}.`;
      throw problemOf({ code: 'NOT_FOUND', detail });
    }
    return participantTermsView(payment, role, this.clock.nowMs());
  }

  @Post('caps')
  @NeedsScope('caps:write')
  @ApiOperation({
    summary: "Propose a change of a wallet's cap or prefund, or of an acquirer's refund cap",
  })
  @ApiCreatedResponse({ standardSchema: approval })
  @ApiNotFoundResponse({ description: 'No participant has this id' })
  async proposeCaps(
    @TheOperator() caller: OperatorCaller,
    @Param('id') id: string,
    @Body({ schema: capsRequest }) { reason, ...change }: CapsRequest,
  ): Promise<ApprovalView> {
    const party = await this.caps.find(this.dataSource.manager, id);
    if (party === undefined) throw noParticipant(id);
    const { currency, record } = party;
    const outcome = await this.approvals.propose(caller, {
      action: CAPS_CHANGE,
      payload: { participantId: id, currency, replacesVersion: record.version, ...change },
      reason,
    });
    if (!outcome.ok) throw problemOf(outcome.rejection);
    return outcome.value;
  }

  private roleOf(id: string): PartnerRole {
    const { wallets, acquirers } = this.network.current();
    if (wallets.has(id)) return 'mpp';
    if (acquirers.has(id)) return 'acqp';
    throw noParticipant(id);
  }
}

function noParticipant(id: string): Error {
  return problemOf({
    code: 'NOT_FOUND',
    detail: `There is no participant ${id.slice(0, 80)} in the network.`,
  });
}
