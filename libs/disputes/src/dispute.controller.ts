import {
  disputeExplanation,
  disputePage,
  disputeQuery,
  participantDisputeQuery,
  type DisputeExplanation,
  type DisputePage,
  type DisputeQuery,
  type ParticipantDisputeQuery,
} from '#contracts/operator/disputes';
import { keyOfCursor, pageOf } from '#contracts/operator/paging';
import type { Dispute } from '#domain/disputes/dispute';
import { OwnParticipant } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { DisputeRepository } from './dispute-repository.js';
import { disputeExplanationView, disputeView } from './dispute-views.js';

/** Disputes for operators, and for the two parties of each. */
@ApiTags('disputes')
@Controller('api')
export class DisputeController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly disputes: DisputeRepository,
  ) {}

  @Get('disputes')
  @ApiOperation({ summary: 'Retrievals and escalations, newest first' })
  @ApiOkResponse({ standardSchema: disputePage })
  async list(@Query({ schema: disputeQuery }) query: DisputeQuery): Promise<DisputePage> {
    const cursor = keyOfCursor(query.cursor);
    const rows = await this.disputes.list(this.dataSource.manager, { ...query, cursor });
    return shown(rows, query.limit);
  }

  @Get('disputes/:id')
  @ApiOperation({ summary: 'One dispute: its clocks, its evidence, everything that happened' })
  @ApiOkResponse({ standardSchema: disputeExplanation })
  @ApiNotFoundResponse({ description: 'No dispute has this id' })
  async show(@Param('id') id: string): Promise<DisputeExplanation> {
    const dispute = await this.disputes.find(this.dataSource.manager, id);
    if (dispute === undefined) throw noDispute(id);
    return this.explain(dispute);
  }

  @Get('participants/:id/disputes')
  @OwnParticipant()
  @ApiOperation({ summary: 'The disputes a participant is a party to, newest first' })
  @ApiOkResponse({ standardSchema: disputePage })
  async listOwn(
    @Param('id') id: string,
    @Query({ schema: participantDisputeQuery }) query: ParticipantDisputeQuery,
  ): Promise<DisputePage> {
    const cursor = keyOfCursor(query.cursor);
    const filter = { ...query, cursor, party: id };
    return shown(await this.disputes.list(this.dataSource.manager, filter), query.limit);
  }

  @Get('participants/:id/disputes/:disputeId')
  @OwnParticipant()
  @ApiOperation({ summary: 'One dispute that a participant is a party to' })
  @ApiOkResponse({ standardSchema: disputeExplanation })
  @ApiNotFoundResponse({ description: 'The participant has no dispute with this id' })
  async showOwn(
    @Param('id') id: string,
    @Param('disputeId') disputeId: string,
  ): Promise<DisputeExplanation> {
    const dispute = await this.disputes.find(this.dataSource.manager, disputeId);
    // Another's dispute and none at all are told apart by nothing.
    if (dispute === undefined || (dispute.walletId !== id && dispute.acquirerId !== id)) {
      throw noDispute(disputeId);
    }
    return this.explain(dispute);
  }

  private async explain(dispute: Dispute): Promise<DisputeExplanation> {
    const { manager } = this.dataSource;
    return disputeExplanationView(
      dispute,
      await this.disputes.timeline(manager, dispute.id),
      await this.disputes.evidenceOf(manager, dispute.id),
    );
  }
}

function shown(rows: readonly Dispute[], limit: number): DisputePage {
  const page = pageOf(rows, limit, ({ id }) => id);
  return { items: page.items.map(disputeView), nextCursor: page.nextCursor };
}

function noDispute(id: string): Error {
  return problemOf({
    code: 'NOT_FOUND',
    detail: `There is no dispute ${id.slice(0, 80)}; ids look like dsp_01ks….`,
  });
}
