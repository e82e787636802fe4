import {
  refundExplanation,
  refundPage,
  refundQuery,
  type RefundExplanation,
  type RefundPageView,
  type RefundQuery,
} from '#contracts/operator/refunds';
import { keyOfCursor } from '#contracts/operator/paging';
import { problemOf } from '#platform/problems';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { RefundRepository } from './refund-repository.js';
import { refundExplanationView, refundView } from './refund-views.js';

/** Refunds for operators: find one, see both legs and every answer of the wallet. */
@ApiTags('refunds')
@Controller('api/refunds')
export class RefundController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refunds: RefundRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Refunds, newest first' })
  @ApiOkResponse({ standardSchema: refundPage })
  async list(@Query({ schema: refundQuery }) query: RefundQuery): Promise<RefundPageView> {
    const page = await this.refunds.list(this.dataSource.manager, {
      ...query,
      cursor: keyOfCursor(query.cursor),
    });
    return {
      items: page.items.map(refundView),
      nextCursor:
        page.nextCursor === null
          ? null
          : Buffer.from(page.nextCursor, 'utf8').toString('base64url'),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One refund: both legs, when the wallet answered what, where booked' })
  @ApiOkResponse({ standardSchema: refundExplanation })
  @ApiNotFoundResponse({ description: 'No refund has this id' })
  async show(@Param('id') id: string): Promise<RefundExplanation> {
    const { manager } = this.dataSource;
    const refund = await this.refunds.find(manager, id);
    if (refund === undefined) {
      throw problemOf({
        code: 'NOT_FOUND',
        detail: `There is no refund ${id.slice(0, 80)}; ids look like ref_01ks….`,
      });
    }
    return refundExplanationView(refund, await this.refunds.timeline(manager, [refund.id]));
  }
}
