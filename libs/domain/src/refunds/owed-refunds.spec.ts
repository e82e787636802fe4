/**
 * Goal: a refund that a dispute has ended in is refused neither by the year nor by a full cap, and
 * holds no more than the cap has room for. Method: the same refund with and without being owed.
 */
import { CASE_NOW_MS, casePayment } from '#testkit/payment-cases';
import { decideRefund } from './decide-refund.js';
import type { Refund } from './refund.js';

const YEAR_AND_MORE_MS = 400 * 86_400_000;

function refund(owed: boolean, room: bigint, afterMs: number): Refund {
  return decideRefund(
    {
      payment: casePayment('succeeded'),
      before: [],
      cap: { acquirerName: 'Kamogawa', limit: 1_000n + room, used: 1_000n, owes: 1_000n },
      takeoverMs: 9_000,
    },
    {
      id: 'ref_1',
      acquirerRequestId: 'dsp_1-1',
      amount: { currency: 'JPY', minor: 500n },
      reason: null,
      traceId: '0'.repeat(32),
      owed,
    },
    CASE_NOW_MS + afterMs,
  ).refund;
}

it('is made after the year', () => {
  expect(refund(false, 10_000n, YEAR_AND_MORE_MS).decline?.code).toBe('REFUND_WINDOW_EXCEED');
  expect(refund(true, 10_000n, YEAR_AND_MORE_MS).state).toBe('processing');
});

it.each([0n, 7n])('is made past the cap, holding the %s that is left of it', (room) => {
  expect(refund(false, room, 1_000).state).toBe('declined');
  expect(refund(true, room, 1_000)).toMatchObject({ state: 'processing', heldMinor: room });
});
