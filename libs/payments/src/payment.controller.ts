import {
  paymentExplanation,
  paymentPage,
  paymentQuery,
  paymentView as paymentSchema,
  type PaymentExplanation,
  type PaymentPageView,
  type PaymentQuery,
  type PaymentView,
} from '#contracts/operator/payments';
import { keyOfCursor } from '#contracts/operator/paging';
import { problemOf } from '#platform/problems';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { ExplainPayment } from './explain-payment.js';
import { PaymentRepository } from './payment-repository.js';
import { paymentView } from './payment-views.js';

/** Payments for operators: find one, see all of it. */
@ApiTags('payments')
@Controller('api/payments')
export class PaymentController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly explanations: ExplainPayment,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Payments, newest first' })
  @ApiOkResponse({ standardSchema: paymentPage })
  async list(@Query({ schema: paymentQuery }) query: PaymentQuery): Promise<PaymentPageView> {
    const page = await this.payments.list(this.dataSource.manager, {
      ...query,
      cursor: keyOfCursor(query.cursor),
    });
    return {
      items: page.items.map(paymentView),
      nextCursor:
        page.nextCursor === null
          ? null
          : Buffer.from(page.nextCursor, 'utf8').toString('base64url'),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One payment' })
  @ApiOkResponse({ standardSchema: paymentSchema })
  @ApiNotFoundResponse({ description: 'No payment has this id' })
  async show(@Param('id') id: string): Promise<PaymentView> {
    const payment = await this.payments.find(this.dataSource.manager, id);
    if (payment === undefined) throw noPayment(id);
    return paymentView(payment);
  }

  @Get(':id/explanation')
  @ApiOperation({ summary: 'Everything about one payment: why, how much, when, and where booked' })
  @ApiOkResponse({ standardSchema: paymentExplanation })
  @ApiNotFoundResponse({ description: 'No payment has this id' })
  async explain(@Param('id') id: string): Promise<PaymentExplanation> {
    const explanation = await this.explanations.explain(this.dataSource.manager, id);
    if (explanation === undefined) throw noPayment(id);
    return explanation;
  }
}

function noPayment(id: string): Error {
  return problemOf({
    code: 'NOT_FOUND',
    detail: `There is no payment ${id.slice(0, 80)}; ids look like pay_01ks….`,
  });
}
