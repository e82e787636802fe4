import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { invariantsReport, type InvariantsReport } from '#contracts/operator/verification';
import { NeedsScope } from '#platform/operators/index';
import { verifyInvariants } from './checks.js';

/** The books' own audit over HTTP, for people and tools without access to the database. */
@ApiTags('operations')
@Controller('api/invariants')
export class InvariantsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @NeedsScope('ledger:read')
  @ApiOperation({ summary: 'Check every invariant of the books now, over one snapshot' })
  @ApiOkResponse({ standardSchema: invariantsReport })
  check(): Promise<InvariantsReport> {
    return verifyInvariants(this.dataSource);
  }
}
