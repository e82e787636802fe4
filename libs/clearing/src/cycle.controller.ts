import {
  cycleDetailView,
  cycleMemberPage,
  cyclePage,
  cycleQuery,
  type CycleDetailView,
  type CycleMemberView,
  type CycleQuery,
  type CycleView,
} from '#contracts/operator/cycles';
import {
  keyOfCursor,
  pageOf,
  pageQuerySchema,
  type Page,
  type PageQuery,
} from '#contracts/operator/paging';
import { findCycle, listCycles, type RecordedCycle } from '#ledger';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { listMembers } from './cycle-members.js';
import { cycleViewOf, explainCycle, memberViewOf } from './cycle-views.js';

/** Clearing cycles for operators: how far each has come, and who is in it. */
@ApiTags('cycles')
@Controller('api/cycles')
export class CycleController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  @ApiOperation({ summary: 'Cycles that have begun, newest first' })
  @ApiOkResponse({ standardSchema: cyclePage })
  async list(@Query({ schema: cycleQuery }) query: CycleQuery): Promise<Page<CycleView>> {
    const { kind, state, limit } = query;
    const cycles = await listCycles(this.dataSource.manager, {
      kind,
      state,
      after: keyOfCursor(query.cursor),
      limit: limit + 1,
    });
    return pageOf(cycles.map(cycleViewOf), limit, (cycle) => cycle.id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One cycle, and what it waits for before it is final' })
  @ApiOkResponse({ standardSchema: cycleDetailView })
  @ApiNotFoundResponse({ description: 'No cycle has this id' })
  async show(@Param('id') id: string): Promise<CycleDetailView> {
    return explainCycle(this.dataSource.manager, await this.find(id));
  }

  @Get(':id/members')
  @ApiOperation({ summary: 'Payments and refunds of a closed cycle, by their number in it' })
  @ApiOkResponse({ standardSchema: cycleMemberPage })
  @ApiNotFoundResponse({ description: 'No cycle has this id' })
  async members(
    @Param('id') id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<CycleMemberView>> {
    const cycle = await this.find(id);
    const after = Number(keyOfCursor(query.cursor) ?? 0);
    if (!Number.isSafeInteger(after) || after < 0 || after > 2_147_483_647) {
      throw problemOf({
        code: 'PARAM_ILLEGAL',
        detail: 'cursor must be the nextCursor of an earlier page, unchanged.',
        field: 'cursor',
      });
    }
    const members = await listMembers(this.dataSource.manager, cycle.id, after, query.limit + 1);
    return pageOf(members.map(memberViewOf), query.limit, (member) => String(member.no));
  }

  private async find(id: string): Promise<RecordedCycle> {
    const cycle = await findCycle(this.dataSource.manager, id);
    if (cycle !== undefined) return cycle;
    throw problemOf({
      code: 'NOT_FOUND',
      detail: `There is no cycle ${id.slice(0, 80)}; ids look like cyc_20261121.`,
    });
  }
}
