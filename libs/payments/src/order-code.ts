import type { PaymentId } from '#domain/ids';
import type { Payment } from '#domain/payments/payment';

/**
 * The hub's own order codes look like every private order code of the network: an HTTPS URL on a
 * fixed domain whose path begins with twelve digits 281xxx04xxxx (docs/sources.md A3). The domain
 * is reserved for examples, so that a phone's browser that opens one finds nobody.
 */
export const HUB_ORDER_CODE_PREFIX = '281000040000';
const ORIGIN = 'https://qr.wayfare.example';

export function orderCodeOf(payment: Pick<Payment, 'id'>): string {
  return `${ORIGIN}/${HUB_ORDER_CODE_PREFIX}/${payment.id}`;
}

/** The payment an order code of this hub stands for, or undefined. */
export function paymentIdOfOrderCode(codeValue: string): PaymentId | undefined {
  const match = /^https:\/\/qr\.wayfare\.example\/281000040000\/(pay_[0-9a-z]{26})$/i.exec(
    codeValue,
  );
  return match?.[1]?.toLowerCase() as PaymentId | undefined;
}
