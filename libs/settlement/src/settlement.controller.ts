import { nettingProofFile, type NettingProofFile } from '#contracts/netting-proof';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import {
  defaultList,
  liquidityView,
  obligationList,
  obligationPage,
  obligationQuery,
  settlementPaymentPage,
  settlementPaymentQuery,
  type DefaultList,
  type LiquidityView,
  type ObligationList,
  type ObligationQuery,
  type ObligationView,
  type SettlementPaymentQuery,
  type SettlementPaymentView,
} from '#contracts/operator/settlement';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { listDefaults, readLiquidity } from './liquidity.js';
import { findRun, type SettlementRun } from './settlement-runs.js';
import {
  listObligations,
  listObligationsOfCycle,
  listSettlementPayments,
} from './settlement-views.js';

/** What is owed, what was paid, and the proof of both. */
@ApiTags('settlement')
@Controller('api')
export class SettlementController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('cycles/:id/obligations')
  @ApiOperation({ summary: 'What each participant pays or receives for a final cycle' })
  @ApiOkResponse({ standardSchema: obligationList })
  @ApiNotFoundResponse({ description: 'The cycle is not netted' })
  async ofCycle(@Param('id') id: string): Promise<ObligationList> {
    const { cycleId } = await this.nettedRun(id);
    const obligations = await listObligationsOfCycle(this.dataSource.manager, cycleId);
    return { cycle: cycleId, obligations };
  }

  @Get('cycles/:id/proof')
  @ApiOperation({ summary: 'The proof of a cycle’s netting, to be checked by anybody offline' })
  @ApiOkResponse({ standardSchema: nettingProofFile })
  @ApiNotFoundResponse({ description: 'The cycle is not netted' })
  async proof(@Param('id') id: string): Promise<NettingProofFile> {
    const { proof } = await this.nettedRun(id);
    if (proof === null) throw notNetted(id);
    return proof;
  }

  @Get('obligations')
  @ApiOperation({ summary: 'Obligations, newest first' })
  @ApiOkResponse({ standardSchema: obligationPage })
  async obligations(
    @Query({ schema: obligationQuery }) query: ObligationQuery,
  ): Promise<Page<ObligationView>> {
    const { participant, state, limit } = query;
    const after = keyOfCursor(query.cursor);
    const filter = { participant, state, after, limit: limit + 1 };
    const found = await listObligations(this.dataSource.manager, filter);
    return pageOf(found, limit, ({ id }) => id);
  }

  @Get('settlements')
  @ApiOperation({ summary: 'Payments from and to participants, newest first' })
  @ApiOkResponse({ standardSchema: settlementPaymentPage })
  async payments(
    @Query({ schema: settlementPaymentQuery }) query: SettlementPaymentQuery,
  ): Promise<Page<SettlementPaymentView>> {
    const { participant, state, limit } = query;
    const after = keyOfCursor(query.cursor);
    const filter = { participant, state, after, limit: limit + 1 };
    const found = await listSettlementPayments(this.dataSource.manager, filter);
    return pageOf(found, limit, ({ id }) => id);
  }

  @Get('liquidity')
  @ApiOperation({ summary: 'Room left under caps and cover, and what the next cycle may need' })
  @ApiOkResponse({ standardSchema: liquidityView })
  liquidity(): Promise<LiquidityView> {
    return readLiquidity(this.dataSource.manager);
  }

  @Get('defaults')
  @ApiOperation({ summary: 'Defaults, and which layers bore their losses' })
  @ApiOkResponse({ standardSchema: defaultList })
  defaults(): Promise<DefaultList> {
    return listDefaults(this.dataSource.manager);
  }

  private async nettedRun(id: string): Promise<SettlementRun> {
    const run = await findRun(this.dataSource.manager, id);
    if (run?.state !== 'netted') throw notNetted(id);
    return run;
  }
}

function notNetted(id: string): Error {
  return problemOf({
    code: 'NOT_FOUND',
    detail: `Cycle ${id.slice(0, 80)} is not netted; only final clearing cycles are.`,
  });
}
