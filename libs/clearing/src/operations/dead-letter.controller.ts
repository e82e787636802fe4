import {
  deadLetterPage,
  deadLetterQuery,
  deadLetterView,
  replayRequest,
  type DeadLetterQuery,
  type DeadLetterView,
  type ReplayRequest,
} from '#contracts/operator/dead-letters';
import { approval, type ApprovalView } from '#contracts/operator/operators';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import { Approvals, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
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
import {
  collectDeadLetters,
  deadLetterViewOf,
  findDeadLetter,
  listDeadLetters,
  type DeadLetter,
} from './dead-letters.js';
import { DEAD_LETTER_REPLAY } from './replay-dead-letters.js';

/** What could not be done: found, read, and tried again once its cause is gone. */
@ApiTags('operations')
@Controller('api/dead-letters')
export class DeadLetterController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Approvals) private readonly approvals: Approvals,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What could not be done, and why; newest first' })
  @ApiOkResponse({ standardSchema: deadLetterPage })
  async list(
    @Query({ schema: deadLetterQuery }) query: DeadLetterQuery,
  ): Promise<Page<DeadLetterView>> {
    const { manager } = this.dataSource;
    await collectDeadLetters(manager);
    const { kind, state, limit } = query;
    const after = keyOfCursor(query.cursor);
    const found = await listDeadLetters(manager, { kind, state, after, limit: limit + 1 });
    const page = pageOf(found, limit, ({ no }) => no);
    return { items: page.items.map(deadLetterViewOf), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ standardSchema: deadLetterView })
  @ApiNotFoundResponse({ description: 'Nothing has failed under this id' })
  async show(@Param('id') id: string): Promise<DeadLetterView> {
    await collectDeadLetters(this.dataSource.manager);
    return deadLetterViewOf(await this.find(id));
  }

  @Post(':id/replay')
  @NeedsScope('queues:write')
  @ApiOperation({ summary: 'Propose to try it again; done when another person approves' })
  @ApiCreatedResponse({ standardSchema: approval })
  @ApiNotFoundResponse({ description: 'Nothing has failed under this id' })
  async replay(
    @TheOperator() caller: OperatorCaller,
    @Param('id') id: string,
    @Body({ schema: replayRequest }) { reason }: ReplayRequest,
  ): Promise<ApprovalView> {
    const { firstFailedAt } = await this.find(id);
    const outcome = await this.approvals.propose(caller, {
      action: DEAD_LETTER_REPLAY,
      payload: { id, firstFailedAt },
      reason,
    });
    if (!outcome.ok) throw problemOf(outcome.rejection);
    return outcome.value;
  }

  private async find(id: string): Promise<DeadLetter> {
    const letter = await findDeadLetter(this.dataSource.manager, id);
    if (letter !== undefined) return letter;
    const detail = `Nothing has failed as ${id.slice(0, 80)}; see /api/dead-letters.`;
    throw problemOf({ code: 'NOT_FOUND', detail });
  }
}
