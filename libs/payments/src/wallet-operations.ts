import { randomInt } from 'node:crypto';
import type { PaymentId } from '#domain/ids';
import type { Payment } from '#domain/payments/payment';
import { rejected, type Outcome } from '#domain/rejection';
import { NetworkDirectory } from '#corridors';
import {
  getPaymentCodeRequest,
  inquiryCodeRulesRequest,
  inquiryForeignExchangeQuoteRequest,
  readWire,
  userInitiatedPayRequest,
  walletNotifyRequest,
} from '#contracts/partner-wire/index';
import { CLOCK, type Clock } from '#platform/clock';
import type { WireAnswer, WireCall, WireOperationHandler } from '#platform/wire/wire-call';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AdvancePayments } from './advance-payments.js';
import { codeRules } from './code-rules.js';
import { InitiatePayments } from './initiate-payments.js';
import { paymentIdOfOrderCode } from './order-code.js';
import { PartnerCalls } from './partner-calls.js';
import { isoOf } from './payment-row.js';
import { PaymentRepository } from './payment-repository.js';
import { QuoteDesk } from './quote-desk.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import { insertUserCodes } from './user-codes.js';
import { amountText, replyWith, sameAmount, SUCCESS, wireQuoteOf } from './wire-answers.js';

const UIN_DIGITS = 16;
/** Business type of a user-presented code (docs/sources.md A3). */
const BUSINESS_TYPE = '02';

/** What a wallet may call at the hub: codes to show, codes it scanned, results, rules, rates. */
@Injectable()
export class WalletOperations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly advances: AdvancePayments,
    private readonly initiations: InitiatePayments,
    private readonly calls: PartnerCalls,
    private readonly payments: PaymentRepository,
    private readonly network: NetworkDirectory,
    private readonly quotes: QuoteDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  handlers(): Map<string, WireOperationHandler> {
    const roles = ['mpp'] as const;
    return new Map([
      ['codes/getPaymentCode', { roles, handle: (call) => this.issueCodes(call) }],
      ['payments/inquiryCodeRules', { roles, handle: (call) => this.tellRules(call) }],
      ['payments/userInitiatedPay', { roles, handle: (call) => this.initiate(call) }],
      ['payments/notifyPayment', { roles, handle: (call) => this.notify(call) }],
      ['payments/inquiryForeignExchangeQuote', { roles, handle: (call) => this.tellRate(call) }],
    ]);
  }

  private async issueCodes(call: WireCall): Promise<WireAnswer> {
    const read = readWire(getPaymentCodeRequest, call.body);
    if (!read.ok) return read;
    const wallet = this.network.current().wallets.get(call.participantId);
    if (wallet === undefined) return unknownWallet(call.participantId);
    if (wallet.status !== 'active') {
      return rejected('INVALID_CONTRACT', `${wallet.name} is suspended; no codes are issued.`);
    }
    const issuedAtMs = this.clock.nowMs();
    const expiresAtMs = issuedAtMs + this.settings.userCodeTtlMs;
    const codes = Array.from({ length: read.value.codeQuantity }, () => ({
      code: `${wallet.codeIssuer}${BUSINESS_TYPE}${randomDigits(UIN_DIGITS)}`,
      walletId: wallet.id,
      customerId: read.value.customerId,
      issuedAtMs,
      expiresAtMs,
      usedBy: null,
    }));
    await insertUserCodes(this.dataSource.manager, codes);
    const expireTime = isoOf(expiresAtMs);
    return replyWith(SUCCESS, {
      paymentCodes: codes.map(({ code }) => ({ codeValue: code, expireTime })),
    });
  }

  private async tellRules(call: WireCall): Promise<WireAnswer> {
    const read = readWire(inquiryCodeRulesRequest, call.body);
    if (!read.ok) return read;
    await Promise.resolve();
    return replyWith(SUCCESS, codeRules(this.network.current()));
  }

  private async initiate(call: WireCall): Promise<WireAnswer> {
    const read = readWire(userInitiatedPayRequest, call.body);
    if (!read.ok) return read;
    if (!this.network.current().wallets.has(call.participantId)) {
      return unknownWallet(call.participantId);
    }
    const hubOrder = paymentIdOfOrderCode(read.value.codeValue);
    return hubOrder === undefined
      ? this.initiations.initiate(call, read.value)
      : this.takeOrder(call, hubOrder, read.value.customerId);
  }

  /** An order of this hub: the payer is reserved on the payment that already exists. */
  private async takeOrder(
    call: WireCall,
    paymentId: PaymentId,
    customerId: string,
  ): Promise<WireAnswer> {
    const decision = await this.advances.advance(paymentId, {
      kind: 'identifyPayer',
      walletId: call.participantId,
      customerId,
    });
    if (decision === undefined) {
      return rejected('INVALID_CODE', 'No order of this hub has this code.', 'codeValue');
    }
    if (decision.rejection !== null) return { ok: false, rejection: decision.rejection };
    return this.initiations.initiatedAnswer(decision.payment);
  }

  private async notify(call: WireCall): Promise<WireAnswer> {
    const read = readWire(walletNotifyRequest, call.body);
    if (!read.ok) return read;
    const { paymentRequestId, paymentResult, paymentAmount, payToAmount } = read.value;
    const payment = await this.payments.find(this.dataSource.manager, paymentRequestId);
    if (payment?.payer?.walletId !== call.participantId) return unknownPayment();
    const owed = payment.payer.price.payToAmount;
    if (!sameAmount(paymentAmount, payment.paymentAmount)) {
      return otherAmount('paymentAmount.value', amountText(payment.paymentAmount));
    }
    if (!sameAmount(payToAmount, owed)) return otherAmount('payToAmount.value', amountText(owed));
    const decision = await this.advances.advance(
      payment.id,
      paymentResult.resultStatus === 'S'
        ? { kind: 'walletPaid', walletPaymentId: read.value.paymentId ?? null }
        : {
            kind: 'walletRefused',
            decline: {
              code: paymentResult.resultCode,
              detail: paymentResult.resultMessage,
              by: 'wallet',
            },
          },
    );
    if (decision === undefined) return unknownPayment();
    this.calls.follow(decision);
    return paymentResult.resultStatus === 'S' ? tooLate(decision.payment) : { result: SUCCESS };
  }

  private async tellRate(call: WireCall): Promise<WireAnswer> {
    const read = readWire(inquiryForeignExchangeQuoteRequest, call.body);
    if (!read.ok) return read;
    await Promise.resolve();
    const wallet = this.network.current().wallets.get(call.participantId);
    if (wallet === undefined) return unknownWallet(call.participantId);
    const payment = read.value.paymentCurrency;
    const quoted = this.quotes.reference(
      payment,
      read.value.payToCurrency ?? wallet.currency,
      this.network.current().corridors.get(wallet.homeMarket),
      this.clock.nowMs(),
    );
    return quoted.ok ? replyWith(SUCCESS, { paymentQuote: wireQuoteOf(quoted.value) }) : quoted;
  }
}

function randomDigits(count: number): string {
  let digits = '';
  while (digits.length < count) digits += randomInt(0, 100_000_000).toString().padStart(8, '0');
  return digits.slice(0, count);
}

function unknownWallet(id: string): Outcome<never> {
  return rejected('INVALID_CLIENT', `${id} is not a wallet of this network.`);
}

function unknownPayment(): Outcome<never> {
  return rejected(
    'ORDER_NOT_EXIST',
    'No payment of yours has this paymentRequestId; it is the one userInitiatedPay answered.',
    'paymentRequestId',
  );
}

function otherAmount(field: string, known: string): Outcome<never> {
  return rejected(
    'PARAM_ILLEGAL',
    `${field} differs from the payment's ${known}; notify what was agreed.`,
    field,
  );
}

/** A success that came after the order was closed: the wallet must give the money back. */
function tooLate(payment: Payment): WireAnswer {
  if (payment.state === 'succeeded' || payment.state === 'pushing') return { result: SUCCESS };
  return rejected(
    'ORDER_IS_CLOSED',
    `Payment ${payment.id} is ${payment.state}; return the payer's money.`,
    'paymentRequestId',
  );
}
