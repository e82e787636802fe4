import {
  queueScaling,
  queuesView,
  stageChoice,
  stageOrder,
  stageVerb,
  type QueueScaling,
  type QueuesView,
  type StageOrder,
} from '#contracts/operator/queues';
import { QUEUE_STAGES } from '#domain/queues/queue-stages';
import { AuditLog, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { changeStages } from './queue-control.js';
import { readQueues, readScaling } from './queue-views.js';

/** The way from the outbox into the books: watched, paused, drained and resumed. */
@ApiTags('operations')
@Controller('api/queues')
export class QueueController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How much waits, who works on it, and how fast' })
  @ApiOkResponse({ standardSchema: queuesView })
  show(): Promise<QueuesView> {
    return readQueues(this.dataSource.manager);
  }

  @Get('scaling')
  @ApiOperation({ summary: 'How many worker processes the load asks for' })
  @ApiOkResponse({ standardSchema: queueScaling })
  scaling(): Promise<QueueScaling> {
    return readScaling(this.dataSource.manager);
  }

  @Post(':stage/:verb')
  @HttpCode(200)
  @NeedsScope('queues:write')
  @ApiParam({ name: 'stage', enum: stageChoice.options })
  @ApiParam({ name: 'verb', enum: stageVerb.options })
  @ApiOperation({ summary: 'Pause, drain or resume a stage, in every process' })
  @ApiOkResponse({ standardSchema: queuesView })
  @ApiNotFoundResponse({ description: 'There is no such stage, or no such order' })
  async order(
    @TheOperator() caller: OperatorCaller,
    @Param('stage') stageWord: string,
    @Param('verb') verbWord: string,
    @Body({ schema: stageOrder }) { reason }: StageOrder,
  ): Promise<QueuesView> {
    const stage = stageChoice.safeParse(stageWord);
    const verb = stageVerb.safeParse(verbWord);
    if (!stage.success || !verb.success) {
      const detail = `There is ${stageChoice.options.join(', ')} to ${stageVerb.options.join(', ')}.`;
      throw problemOf({ code: 'NOT_FOUND', detail });
    }
    const stages = stage.data === 'all' ? QUEUE_STAGES : [stage.data];
    return this.dataSource.transaction(async (tx) => {
      const order = { stages, verb: verb.data, by: caller.person, reason };
      const before = await changeStages(tx, order);
      await this.audit.record(tx, {
        caller,
        scope: 'queues:write',
        action: `queues.${verb.data}`,
        subject: stage.data,
        before: { ...before },
        after: { order: verb.data },
        reason,
      });
      return readQueues(tx);
    });
  }
}
