import { addMoney, formatMoney, money, type Money } from '../money.js';
import type { CorridorAgreement, Wallet } from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';

/** A wallet's exposure, minor units of its currency. */
export interface Exposure {
  readonly reserved: bigint;
  readonly outstanding: bigint;
  readonly cap: bigint;
  readonly prefund: bigint;
}

export interface LimitContext {
  readonly wallet: Wallet;
  readonly corridor: CorridorAgreement;
  readonly exposure: Exposure;
  /** What the payer has already used today, minor units of the wallet's currency. */
  readonly usedToday: bigint;
}

/**
 * Every limit a payment must respect before the wallet may commit: the corridor's bounds, the
 * wallet's limits per payment and per day, and the net debit cap. The reservation is what the
 * wallet would owe the hub, fees included; the day's limit counts what the payer spends.
 */
export function checkLimits(
  context: LimitContext,
  paymentAmount: Money,
  payToAmount: Money,
  reservation: Money,
): Outcome<null> {
  const { wallet, corridor } = context;
  const named = (): string => `${corridor.id}@${String(corridor.version)}`;
  if (paymentAmount.minor < corridor.minPayment.minor) {
    return rejected(
      'AMOUNT_BELOW_MINIMUM',
      `${formatMoney(paymentAmount)} is below the smallest payment of ${named()}, ${formatMoney(corridor.minPayment)}.`,
      'paymentAmount.value',
    );
  }
  if (paymentAmount.minor > corridor.maxPayment.minor) {
    return rejected(
      'PAYMENT_AMOUNT_EXCEED_LIMIT',
      `${formatMoney(paymentAmount)} is above the largest payment of ${named()}, ${formatMoney(corridor.maxPayment)}.`,
      'paymentAmount.value',
    );
  }
  if (payToAmount.minor > wallet.perPaymentLimit.minor) {
    return rejected(
      'PAYMENT_AMOUNT_EXCEED_LIMIT',
      `${formatMoney(payToAmount)} is above ${wallet.name}'s limit of ${formatMoney(wallet.perPaymentLimit)} a payment (${wallet.id}@${String(wallet.version)}).`,
      'paymentAmount.value',
    );
  }
  if (context.usedToday + payToAmount.minor > wallet.perDayLimit.minor) {
    const usedAfter = addMoney(money(wallet.currency, context.usedToday), payToAmount);
    return rejected(
      'USER_AMOUNT_EXCEED_LIMIT',
      `The payer would reach ${formatMoney(usedAfter)} today, above ${wallet.name}'s limit of ${formatMoney(wallet.perDayLimit)} a day (${wallet.id}@${String(wallet.version)}).`,
      'paymentAmount.value',
    );
  }
  return checkCap(context, reservation);
}

function checkCap({ wallet, exposure }: LimitContext, reservation: Money): Outcome<null> {
  const after = exposure.reserved + exposure.outstanding - exposure.prefund + reservation.minor;
  if (after <= exposure.cap) return accepted(null);
  const show = (minor: bigint): string => formatMoney(money(wallet.currency, minor));
  return rejected(
    'NET_DEBIT_CAP_EXCEEDED',
    `${wallet.name}'s exposure would be ${show(after)}, above its net debit cap of ${show(exposure.cap)}; it falls when settlement is confirmed or prefunding is added.`,
    'paymentAmount.value',
  );
}
