import type { PartnerResult } from '#domain/rejection';

export const SUCCESS: PartnerResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};
export const IN_PROCESS: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'The payment is in process.',
};

/** `JPY 1200` back to the wire's form. */
export function wireAmountOf(text: string): { currency: string; value: string } {
  const [currency = '', value = ''] = text.split(' ');
  return { currency, value };
}
