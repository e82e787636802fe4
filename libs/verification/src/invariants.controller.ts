import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { invariantsReport, type InvariantsReport } from '#contracts/operator/verification';
import { NeedsOperatorKey, OperatorKeyGuard } from '#platform/connections/index';
import { verifyInvariants } from './checks.js';

/** The books' own audit over HTTP, for people and tools without access to the database. */
@ApiTags('operations')
@Controller('api/invariants')
export class InvariantsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @UseGuards(OperatorKeyGuard)
  @NeedsOperatorKey()
  @ApiOperation({ summary: 'Check every invariant of the books now, over one snapshot' })
  @ApiOkResponse({ standardSchema: invariantsReport })
  @ApiForbiddenResponse({ description: 'The operator key is missing or wrong' })
  check(): Promise<InvariantsReport> {
    return verifyInvariants(this.dataSource);
  }
}
