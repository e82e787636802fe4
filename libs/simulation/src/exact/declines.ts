import type { Payment } from '#domain/payments/payment';
import type { SimulatedOutcome } from '../outcomes.js';

/** What simulated wallets say when they refuse. */
export const POOR = {
  code: 'USER_BALANCE_NOT_ENOUGH',
  detail: 'Too little money.',
  by: 'wallet',
} as const;
export const RISKY = {
  code: 'RISK_REJECT',
  detail: 'Refused by risk control.',
  by: 'wallet',
} as const;

/** What the hub's refusal means, where the amount is within the corridor's limits. */
export function declinedAs(payment: Payment): SimulatedOutcome {
  switch (payment.decline?.code ?? '') {
    case 'PAYMENT_AMOUNT_EXCEED_LIMIT':
    case 'USER_AMOUNT_EXCEED_LIMIT':
      return 'abovePayerLimit';
    case 'PROCESS_FAIL':
      return 'capExceeded';
    default:
      return 'noRoute';
  }
}
