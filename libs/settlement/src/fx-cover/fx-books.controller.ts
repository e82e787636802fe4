import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  coverList,
  fxDayQuery,
  fxStatement,
  type CoverListView,
  type FxDayQuery,
  type FxStatementView,
} from '#contracts/operator/fx-books';
import type { Outcome } from '#domain/rejection';
import { NeedsScope } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { readCovers } from './cover-reading.js';
import { readFxStatement } from './fx-statement.js';

/** The hub's own result, for those who may see its books. */
@ApiTags('fx')
@Controller('api/fx')
export class FxBooksController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('pnl')
  @NeedsScope('ledger:read')
  @ApiOperation({ summary: 'The hub’s result of a clearing day, tied to its books' })
  @ApiOkResponse({ standardSchema: fxStatement })
  @ApiNotFoundResponse({ description: 'That day had no cut-off' })
  async statement(@Query({ schema: fxDayQuery }) { day }: FxDayQuery): Promise<FxStatementView> {
    return valueOf(
      await this.dataSource.transaction('REPEATABLE READ', (tx) => readFxStatement(tx, day)),
    );
  }

  @Get('covers')
  @NeedsScope('ledger:read')
  @ApiOperation({ summary: 'Cover trades of a clearing day, with every quote there was' })
  @ApiOkResponse({ standardSchema: coverList })
  @ApiNotFoundResponse({ description: 'That day had no cut-off' })
  async covers(@Query({ schema: fxDayQuery }) { day }: FxDayQuery): Promise<CoverListView> {
    return valueOf(await readCovers(this.dataSource.manager, day));
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw problemOf(outcome.rejection);
}
