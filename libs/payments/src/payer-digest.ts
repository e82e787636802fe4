import { hash } from 'node:crypto';

/**
 * Request keys are kept for ever, a payer's id is not: keys hold digests of it. Each is salted
 * with its own request, so that no two keys can be told to be of one payer, while a repeat of the
 * same request is still recognised, even after the payer was erased.
 */
export function payerDigest(walletId: string, requestId: string, customerId: string): string {
  return hash('sha256', `${walletId}|${requestId}|${customerId}`, 'hex');
}

/** The key of a scan that brought no request id of its own: code and payer make it itself. */
export function scanRequestId(walletId: string, customerId: string, codeValue: string): string {
  return `code ${hash('sha256', `${walletId}|${customerId}|${codeValue}`, 'hex')}`;
}
