import {
  approval,
  approvalActions,
  approvalDecision,
  approvalPage,
  approvalQuery,
  approvalRequest,
  type ApprovalActions,
  type ApprovalDecision,
  type ApprovalQuery,
  type ApprovalRequest,
  type ApprovalView,
} from '#contracts/operator/operators';
import type { Page } from '#contracts/operator/paging';
import type { Outcome } from '#domain/rejection';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { problemOf } from '../problems.js';
import { Approvals } from './approvals.js';
import { TheOperator, type OperatorCaller } from './caller.js';
import { NeedsOperator, NeedsScope } from './guards.js';

/** Acts that need two persons: one proposes, another approves, and then they are done. */
@ApiTags('operators')
@Controller('api/approvals')
export class ApprovalsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Approvals) private readonly approvals: Approvals,
  ) {}

  @Get()
  @NeedsScope('read')
  @ApiOperation({ summary: 'Proposals, newest first' })
  @ApiOkResponse({ standardSchema: approvalPage })
  list(@Query({ schema: approvalQuery }) query: ApprovalQuery): Promise<Page<ApprovalView>> {
    return this.approvals.listPage(this.dataSource.manager, query);
  }

  @Get('actions')
  @NeedsScope('read')
  @ApiOperation({ summary: 'What can be proposed, and the scope it takes' })
  @ApiOkResponse({ standardSchema: approvalActions })
  actions(): ApprovalActions {
    return { actions: this.approvals.listActions() };
  }

  @Get(':id')
  @NeedsScope('read')
  @ApiOperation({ summary: 'One proposal' })
  @ApiOkResponse({ standardSchema: approval })
  @ApiNotFoundResponse({ description: 'No proposal has this id' })
  async show(@Param('id') id: string): Promise<ApprovalView> {
    const found = await this.approvals.find(this.dataSource.manager, id);
    if (found === undefined) {
      throw problemOf({ code: 'NOT_FOUND', detail: `There is no proposal ${id.slice(0, 80)}.` });
    }
    return found;
  }

  @Post()
  @NeedsOperator()
  @ApiOperation({ summary: 'Propose an act; the key needs the scope of its action' })
  @ApiCreatedResponse({ standardSchema: approval })
  async propose(
    @TheOperator() caller: OperatorCaller,
    @Body({ schema: approvalRequest }) request: ApprovalRequest,
  ): Promise<ApprovalView> {
    return valueOf(await this.approvals.propose(caller, request));
  }

  @Post(':id/approve')
  @HttpCode(200)
  @NeedsScope('approvals:write')
  @ApiOperation({ summary: 'Approve what another person proposed, and so do it' })
  @ApiOkResponse({ standardSchema: approval })
  @ApiNotFoundResponse({ description: 'No proposal has this id' })
  @ApiPreconditionFailedResponse({ description: 'Decided already, expired, or overtaken' })
  async approve(
    @TheOperator() caller: OperatorCaller,
    @Param('id') id: string,
    @Body({ schema: approvalDecision }) { reason }: ApprovalDecision,
  ): Promise<ApprovalView> {
    return valueOf(await this.approvals.approve(caller, id, reason));
  }

  @Post(':id/reject')
  @HttpCode(200)
  @NeedsScope('approvals:write')
  @ApiOperation({ summary: 'End a proposal without doing it' })
  @ApiOkResponse({ standardSchema: approval })
  @ApiNotFoundResponse({ description: 'No proposal has this id' })
  @ApiPreconditionFailedResponse({ description: 'Decided already, or expired' })
  async reject(
    @TheOperator() caller: OperatorCaller,
    @Param('id') id: string,
    @Body({ schema: approvalDecision }) { reason }: ApprovalDecision,
  ): Promise<ApprovalView> {
    return valueOf(await this.approvals.reject(caller, id, reason));
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw problemOf(outcome.rejection);
  return outcome.value;
}
