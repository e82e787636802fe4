import {
  breakActionRequest,
  breakDetail,
  breakPage,
  breakQuery,
  matchView,
  reconciliationView,
  type BreakActionRequest,
  type BreakDetail,
  type BreakQuery,
  type BreakView,
  type MatchView,
  type ReconciliationView,
} from '#contracts/operator/reconciliation';
import type { Page } from '#contracts/operator/paging';
import type { Outcome } from '#domain/rejection';
import { NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReconDesk } from './recon-desk.js';

/** Where partners and the hub disagree, for operators. */
@ApiTags('reconciliation')
@Controller('api')
export class ReconciliationController {
  constructor(@Inject(ReconDesk) private readonly desk: ReconDesk) {}

  @Get('breaks')
  @ApiOperation({ summary: 'Breaks, newest first' })
  @ApiOkResponse({ standardSchema: breakPage })
  list(@Query({ schema: breakQuery }) query: BreakQuery): Promise<Page<BreakView>> {
    return this.desk.list(query);
  }

  @Get('breaks/:id')
  @ApiOperation({ summary: 'One break with everything that happened to it' })
  @ApiOkResponse({ standardSchema: breakDetail })
  @ApiNotFoundResponse({ description: 'No break has this id' })
  async show(@Param('id') id: string): Promise<BreakDetail> {
    return valueOf(await this.desk.show(id));
  }

  @Post('breaks/:id/actions')
  @HttpCode(200)
  @NeedsScope('settlement:write')
  @ApiOperation({
    summary: 'Acknowledge, explain or reopen a break',
    description:
      'Repairs and write-offs take four eyes: propose `breaks.repair` or `breaks.writeOff`.',
  })
  @ApiOkResponse({ standardSchema: breakDetail })
  @ApiNotFoundResponse({ description: 'No break has this id' })
  async act(
    @Param('id') id: string,
    @Body({ schema: breakActionRequest }) { action, reason }: BreakActionRequest,
    @TheOperator() operator: OperatorCaller,
  ): Promise<BreakDetail> {
    return valueOf(await this.desk.act(id, action, reason, operator));
  }

  @Get('cycles/:id/reconciliation')
  @ApiOperation({ summary: 'Files of a cycle that have landed, and what is wrong with them' })
  @ApiOkResponse({ standardSchema: reconciliationView })
  @ApiNotFoundResponse({ description: 'No clearing cycle has this id' })
  async overview(@Param('id') id: string): Promise<ReconciliationView> {
    return valueOf(await this.desk.overview(id));
  }

  @Post('cycles/:id/reconciliation/runs')
  @HttpCode(200)
  @NeedsScope('settlement:write')
  @ApiOperation({ summary: 'Match all files of a cycle again, and note those that have not come' })
  @ApiOkResponse({ standardSchema: matchView })
  @ApiNotFoundResponse({ description: 'No clearing cycle has this id' })
  async run(@Param('id') id: string, @TheOperator() operator: OperatorCaller): Promise<MatchView> {
    return { ...valueOf(await this.desk.run(id, operator)) };
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw problemOf(outcome.rejection);
  return outcome.value;
}
