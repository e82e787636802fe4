import {
  erasureRequest,
  erasureView,
  type ErasureRequest,
  type ErasureView,
} from '#contracts/operator/privacy';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { AuditLog, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { erasePayer } from './erase-payer.js';
import { KnownPayerTraces } from './payer-traces.js';

/** A payer's right to be forgotten. */
@ApiTags('privacy')
@Controller('api/privacy')
export class PrivacyController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(KnownPayerTraces) private readonly traces: KnownPayerTraces,
  ) {}

  @Post('erasures')
  @NeedsScope('payments:write')
  @ApiOperation({ summary: 'Forget a payer; books, chain and request keys stay whole' })
  @ApiCreatedResponse({ standardSchema: erasureView })
  @ApiNotFoundResponse({ description: 'The wallet has no such payer here' })
  @ApiPreconditionFailedResponse({
    description: 'A payment, refund or dispute of the payer is under way',
  })
  async erase(
    @TheOperator() caller: OperatorCaller,
    @Body({ schema: erasureRequest }) request: ErasureRequest,
  ): Promise<ErasureView> {
    const { wallet, customer, reason } = request;
    const outcome = await erasePayer(
      this.dataSource,
      { walletId: wallet, customerId: customer, reason },
      {
        ids: this.ids,
        audit: this.audit,
        caller,
        nowMs: this.clock.nowMs(),
        traces: this.traces.all(),
      },
    );
    if (!outcome.ok) throw problemOf(outcome.rejection);
    const { pseudonym, payments, codes } = outcome.value;
    return { pseudonym, wallet, payments, codes };
  }
}
