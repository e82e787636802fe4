import {
  auditPage,
  auditQuery,
  callerView as callerSchema,
  issuedOperatorKey,
  operatorKey,
  operatorKeyPage,
  operatorKeyRequest,
  type AuditEntryView,
  type AuditQuery,
  type CallerView,
  type IssuedOperatorKey,
  type OperatorKeyRequest,
  type OperatorKeyView,
} from '#contracts/operator/operators';
import { pageQuerySchema, type Page, type PageQuery } from '#contracts/operator/paging';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { problemOf } from '../problems.js';
import { AuditLog } from './audit-log.js';
import { callerView, TheCaller, TheOperator, type Caller, type OperatorCaller } from './caller.js';
import { AnyKey, NeedsScope } from './guards.js';
import { OperatorKeys } from './operator-keys.js';

/** Keys of persons and participants, and what was done with them. */
@ApiTags('operators')
@Controller('api')
export class OperatorsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(OperatorKeys) private readonly keys: OperatorKeys,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Post('operators')
  @NeedsScope('operators:write')
  @ApiOperation({ summary: 'Issue a key; the answer shows its secret, once' })
  @ApiCreatedResponse({ standardSchema: issuedOperatorKey })
  async issue(
    @TheOperator() caller: OperatorCaller,
    @Body({ schema: operatorKeyRequest }) terms: OperatorKeyRequest,
  ): Promise<IssuedOperatorKey> {
    const outcome = await this.dataSource.transaction((tx) => this.keys.issue(tx, caller, terms));
    if (!outcome.ok) throw problemOf(outcome.rejection);
    return outcome.value;
  }

  @Get('operators')
  @NeedsScope('operators:write')
  @ApiOperation({ summary: 'Keys, newest first, without their secrets' })
  @ApiOkResponse({ standardSchema: operatorKeyPage })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<OperatorKeyView>> {
    return this.keys.listPage(this.dataSource.manager, query);
  }

  @Get('operators/me')
  @AnyKey()
  @ApiOperation({ summary: 'Who the caller is and what the key may do' })
  @ApiOkResponse({ standardSchema: callerSchema })
  me(@TheCaller() caller: Caller): CallerView {
    return callerView(caller);
  }

  @Post('operators/:id/revoke')
  @NeedsScope('operators:write')
  @ApiOperation({ summary: 'End a key for good, by id or name' })
  @ApiCreatedResponse({ standardSchema: operatorKey })
  @ApiNotFoundResponse({ description: 'No key in force has this id or name' })
  async revoke(
    @TheOperator() caller: OperatorCaller,
    @Param('id') id: string,
  ): Promise<OperatorKeyView> {
    const outcome = await this.dataSource.transaction((tx) => this.keys.revoke(tx, caller, id));
    if (!outcome.ok) throw problemOf(outcome.rejection);
    return outcome.value;
  }

  @Get('audit')
  @NeedsScope('read')
  @ApiOperation({ summary: 'Who did what, when and why, and who was refused; newest first' })
  @ApiOkResponse({ standardSchema: auditPage })
  log(@Query({ schema: auditQuery }) query: AuditQuery): Promise<Page<AuditEntryView>> {
    return this.audit.listPage(this.dataSource.manager, query);
  }
}
