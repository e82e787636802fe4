import { formatMoney, money, type Money } from '../money.js';
import { pricePayment } from '../pricing/price-payment.js';
import type { LockedQuotes } from '../rates/payment-quotes.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import type { Route } from '../routing/decide-route.js';
import { checkLimits, type Exposure } from './check-limits.js';
import type { PayerTerms, PaymentFees, ReservationChange } from './payment.js';

/** Everything that must be known, and locked, before a payer may be reserved. */
export interface ReserveContext {
  readonly route: Outcome<Route>;
  readonly quotes: Outcome<LockedQuotes>;
  readonly exposure: Exposure | undefined;
  readonly usedToday: bigint;
  /** Clearing day of `now`, ISO date at UTC+8. */
  readonly usageDay: string;
}

export interface Reservation {
  readonly payer: PayerTerms;
  readonly change: ReservationChange;
}

/**
 * Prices the payment for this payer and reserves it against every limit, or says which one
 * refuses. The wallet may commit only after this is stored: exposure is taken before the debit,
 * never after (docs/decisions/0015-reserve-before-commit.md).
 */
export function reservePayer(
  context: ReserveContext,
  paymentAmount: Money,
  customerId: string,
  nowMs: number,
): Outcome<Reservation> {
  if (!context.route.ok) return context.route;
  const { wallet, acquirer, merchant, corridor, reasons } = context.route.value;
  if (!context.quotes.ok) return context.quotes;
  const { payerQuote, settlementQuote, usd } = context.quotes.value;
  if (payerQuote.expiresAtMs <= nowMs || settlementQuote.expiresAtMs <= nowMs) {
    const late = payerQuote.expiresAtMs <= nowMs ? payerQuote : settlementQuote;
    return rejected('QUOTE_EXPIRED', `Quote ${late.id} has expired; scan again for a new price.`);
  }
  if (context.exposure === undefined) {
    return rejected(
      'INVALID_CONTRACT',
      `${wallet.name} has no exposure account in ${wallet.currency}; open one with its terms.`,
    );
  }
  const fees: PaymentFees = {
    interchangeBps: corridor.interchangeBps,
    schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
    schemeFeeWalletBps: corridor.schemeFeeWalletBps,
    mdrBps: merchant?.mdrBps ?? 0,
    usd,
  };
  const price = pricePayment({ paymentAmount, payerQuote, settlementQuote, ...fees });
  const held = money(wallet.currency, price.walletOwes.minor > 0n ? price.walletOwes.minor : 0n);
  const limits = checkLimits(
    { wallet, corridor, exposure: context.exposure, usedToday: context.usedToday },
    paymentAmount,
    price.payToAmount,
    held,
  );
  if (!limits.ok) return limits;
  const tell = (): readonly string[] => [
    ...reasons,
    `Reserved ${formatMoney(held)} of ${wallet.name}'s net debit cap before ${acquirer.name} or the wallet could commit.`,
  ];
  return accepted({
    payer: new ReservedTerms(
      {
        walletId: wallet.id,
        walletVersion: wallet.version,
        customerId,
        corridorId: corridor.id,
        corridorVersion: corridor.version,
        clearing: corridor.clearing,
        payerQuote,
        settlementQuote,
        fees,
        price,
        usageDay: context.usageDay,
      },
      tell,
    ),
    change: {
      walletId: wallet.id,
      customerId,
      currency: wallet.currency,
      usageDay: context.usageDay,
      reserved: held.minor,
      outstanding: 0n,
      used: price.payToAmount.minor,
    },
  });
}

/** What a payer's terms hold of the wallet's exposure, minor units of the wallet's currency. */
export function heldMinor(payer: PayerTerms): bigint {
  return payer.price.walletOwes.minor > 0n ? payer.price.walletOwes.minor : 0n;
}

/** A class, because the sentences are stored once by a live hub and never asked for by another. */
class ReservedTerms implements PayerTerms {
  readonly walletId: PayerTerms['walletId'];
  readonly walletVersion: number;
  readonly customerId: string;
  readonly corridorId: string;
  readonly corridorVersion: number;
  readonly clearing: PayerTerms['clearing'];
  readonly payerQuote: PayerTerms['payerQuote'];
  readonly settlementQuote: PayerTerms['settlementQuote'];
  readonly fees: PaymentFees;
  readonly price: PayerTerms['price'];
  readonly usageDay: string;
  readonly #tell: () => readonly string[];

  constructor(terms: Omit<PayerTerms, 'reasons'>, tell: () => readonly string[]) {
    this.walletId = terms.walletId;
    this.walletVersion = terms.walletVersion;
    this.customerId = terms.customerId;
    this.corridorId = terms.corridorId;
    this.corridorVersion = terms.corridorVersion;
    this.clearing = terms.clearing;
    this.payerQuote = terms.payerQuote;
    this.settlementQuote = terms.settlementQuote;
    this.fees = terms.fees;
    this.price = terms.price;
    this.usageDay = terms.usageDay;
    this.#tell = tell;
  }

  get reasons(): readonly string[] {
    return this.#tell();
  }
}
