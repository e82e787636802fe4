import {
  acquirerPageSchema,
  acquirerQuerySchema,
  acquirerSchema,
  type AcquirerQuery,
  type AcquirerView,
} from '#contracts/operator/network';
import type { Page } from '#contracts/operator/paging';
import { toWireAmount } from '#domain/money';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AcquirerRepository, type AcquirerRecord } from './acquirer-repository.js';

/** Lets people see which acquirers serve a market, through which schemes and modes. */
@ApiTags('network')
@Controller('api/acquirers')
export class AcquirerController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(AcquirerRepository) private readonly acquirers: AcquirerRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Acquirers, by id' })
  @ApiOkResponse({ standardSchema: acquirerPageSchema })
  async list(
    @Query({ schema: acquirerQuerySchema }) query: AcquirerQuery,
  ): Promise<Page<AcquirerView>> {
    const page = await this.acquirers.listPage(this.dataSource.manager, query);
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One acquirer, current version' })
  @ApiOkResponse({ standardSchema: acquirerSchema })
  @ApiNotFoundResponse({ description: 'No acquirer has this id' })
  async find(@Param('id') id: string): Promise<AcquirerView> {
    const acquirer = await this.acquirers.findCurrent(this.dataSource.manager, id);
    if (acquirer === undefined) {
      throw problemOf({ code: 'NOT_FOUND', detail: `There is no acquirer ${id}.` });
    }
    return viewOf(acquirer);
  }
}

function viewOf(acquirer: AcquirerRecord): AcquirerView {
  return {
    id: acquirer.id,
    version: acquirer.version,
    effectiveFrom: acquirer.effectiveFrom.toISOString(),
    name: acquirer.name,
    market: acquirer.market,
    city: acquirer.city,
    currency: acquirer.currency,
    settlementCurrency: acquirer.settlementCurrency,
    schemes: [...acquirer.schemes],
    modes: [...acquirer.modes],
    orderCodePrefix: acquirer.orderCodePrefix,
    refundCap: toWireAmount(acquirer.refundCap),
    priority: acquirer.priority,
    status: acquirer.status,
    fictional: acquirer.fictional,
    provenance: acquirer.provenance,
  };
}
