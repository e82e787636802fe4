import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  fxPath,
  fxPathQuery,
  fxQuote,
  fxRates,
  type FxPathQuery,
  type FxPathView,
  type FxQuoteView,
  type FxRatesView,
} from '#contracts/operator/fx';
import type { Clock } from '#platform/clock';
import { problemOf } from '#platform/problems';
import { FX_CLOCK } from './fx-clock.js';
import { viewOfPath, viewOfQuote, viewOfRates } from './fx-views.js';
import { findQuote } from './quotes.repository.js';
import { RateDesk } from './rate-desk.js';

/** Lets an operator see which figures prices come from, and how a pair is reached. */
@ApiTags('fx')
@Controller('api')
export class FxController {
  constructor(
    @Inject(RateDesk) private readonly desk: RateDesk,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(FX_CLOCK) private readonly clock: Clock,
  ) {}

  @Get('fx/rates')
  @ApiOperation({ summary: 'Exchange rates and mark-up tiers in force' })
  @ApiOkResponse({ standardSchema: fxRates })
  async rates(): Promise<FxRatesView> {
    await this.desk.refreshIfChanged(this.dataSource.manager);
    return viewOfRates(this.desk);
  }

  @Get('fx/path')
  @ApiOperation({ summary: 'How a currency pair is reached, and its price by tier' })
  @ApiOkResponse({ standardSchema: fxPath })
  async path(@Query({ schema: fxPathQuery }) query: FxPathQuery): Promise<FxPathView> {
    await this.desk.refreshIfChanged(this.dataSource.manager);
    const view = viewOfPath(this.desk, query.base, query.counter, this.clock.nowMs());
    if (!view.ok) throw problemOf(view.rejection);
    return view.value;
  }

  @Get('quotes/:id')
  @ApiOperation({ summary: 'A locked quote, as a payment carries it' })
  @ApiOkResponse({ standardSchema: fxQuote })
  @ApiNotFoundResponse({ description: 'No quote has this id' })
  async quote(@Param('id') id: string): Promise<FxQuoteView> {
    const quote = await findQuote(this.dataSource.manager, id);
    if (quote === undefined) {
      throw problemOf({ code: 'NOT_FOUND', detail: `There is no quote ${id}.` });
    }
    return viewOfQuote(quote, this.clock.nowMs());
  }
}
